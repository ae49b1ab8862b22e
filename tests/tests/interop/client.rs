//! The clients under test, all driven alike.

use std::{path::PathBuf, process::Stdio};

use penhold_tests::driven::{Driven, Voice};
use serde_json::{Map, Value, json};
use tokio::{
    process::{Child, Command},
    sync::watch,
};

use super::{
    script::Edit,
    sdk::Sdk,
    seen::{Seen, until},
};

/// Where a client connects, and as whom.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// Host and port.
    pub(crate) address: String,
    pub(crate) workspace: String,
    pub(crate) token: String,
}

/// A client and what it sees.
pub(crate) struct Client {
    pub(crate) name: &'static str,
    pub(crate) seen: watch::Receiver<Seen>,
    told: usize,
    hands: Hands,
}

enum Hands {
    Process { _child: Child, voice: Voice },
    Sdk(Sdk),
}

impl Client {
    /// The y-websocket provider, in Node.
    pub(crate) fn y_websocket(target: &Target) -> Self {
        Self::process("y-websocket", node("y_websocket_client.mjs"), target)
    }

    /// The Hocuspocus provider, in Node.
    pub(crate) fn hocuspocus(target: &Target) -> Self {
        Self::process("Hocuspocus", node("hocuspocus_client.mjs"), target)
    }

    /// pycrdt, in Python.
    pub(crate) fn pycrdt(target: &Target) -> Self {
        let mut command = Command::new(here().join(".venv/bin/python"));
        command.arg(here().join("interop/pycrdt_client.py"));
        Self::process("pycrdt", command, target)
    }

    /// Penhold's own peer, in this process.
    pub(crate) fn sdk(target: &Target) -> Self {
        let (sdk, seen) = Sdk::connect(target);
        Self {
            name: "SDK",
            seen,
            told: 0,
            hands: Hands::Sdk(sdk),
        }
    }

    fn process(name: &'static str, mut command: Command, target: &Target) -> Self {
        command
            .args([&target.address, &target.workspace, &target.token])
            .stderr(Stdio::inherit());
        let (child, voice, mut ears) = Driven::start(command).unwrap().into_parts();
        let (tell, seen) = watch::channel(Seen::default());
        tokio::spawn(async move {
            let mut all = Map::new();
            while let Some(Value::Object(news)) = ears.hear().await.unwrap() {
                all.extend(news);
                let now = serde_json::from_value(Value::Object(all.clone())).unwrap();
                tell.send_replace(now);
            }
        });
        let _child = child;
        Self {
            name,
            seen,
            told: 0,
            hands: Hands::Process { _child, voice },
        }
    }

    /// Has it make an edit; it does so by and by.
    pub(crate) async fn edit(&mut self, edit: &Edit) {
        self.told += 1;
        match &mut self.hands {
            Hands::Process { voice, .. } => voice.say(edit).await.unwrap(),
            Hands::Sdk(sdk) => sdk.edit(edit.clone()).await,
        }
    }

    /// Has it say about itself what it wants others to believe.
    pub(crate) async fn claim(&mut self, user: Value) {
        self.told += 1;
        match &mut self.hands {
            Hands::Process { voice, .. } => voice.say(&json!({ "presence": user })).await.unwrap(),
            Hands::Sdk(_) => unreachable!("the server alone says who an SDK peer is"),
        }
    }

    /// Waits until it has made the edits that it was told to make.
    pub(crate) async fn obeyed(&mut self) -> Seen {
        let told = self.told;
        self.until("it has made its edits", |seen| seen.obeyed == told)
            .await
    }

    pub(crate) async fn synced(&mut self) -> Seen {
        self.until("it is synchronised", |seen| seen.synced).await
    }

    pub(crate) async fn until(&mut self, what: &str, holds: impl FnMut(&Seen) -> bool) -> Seen {
        until(&mut self.seen, &format!("{}: {what}", self.name), holds).await
    }
}

fn node(script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(here().join("interop").join(script));
    command
}

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
