//! A real server in this process, on a free port, over a store that can be made to fail.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use crdt_schema::{
    content::InitialContent,
    member::{Kind, Role},
};
use penhold_server::{
    auth::{Authority, Issued, NewToken, Scope},
    config::Config,
    room::{NewWorkspace, RoomConfig, Rooms},
    serve,
    store::{Store, memory::MemoryStore},
};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle, time::timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    client::{Client, PATIENCE},
    faulty_store::FaultyStore,
};

/// A running server. It ends when this is dropped; [`House::stop`] waits for that.
pub struct House {
    /// Host and port.
    pub address: String,
    /// Makes and ends tokens.
    pub authority: Authority,
    /// The server's store, with its switches.
    pub store: FaultyStore,
    shutdown: DropGuard,
    task: JoinHandle<anyhow::Result<()>>,
    _data: TempDir,
}

impl House {
    /// A server on an empty store in memory, with the default configuration.
    pub async fn open() -> Self {
        Self::over(Arc::new(MemoryStore::new()), |_| {}).await
    }

    /// A server on `store`, with the default configuration as `configure` changes it.
    pub async fn over(store: Arc<dyn Store>, configure: impl FnOnce(&mut Config)) -> Self {
        let data = TempDir::with_prefix("penhold-test-").expect("a directory");
        let authority = Authority::open(data.path()).expect("a fresh authority");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it has one").to_string();
        let store = FaultyStore::new(store);
        let shutdown = CancellationToken::new();
        let mut config = Config::default();
        configure(&mut config);
        let task = tokio::spawn(serve(
            config,
            listener,
            Arc::new(store.clone()),
            authority.clone(),
            shutdown.clone(),
            || Ok(()),
        ));
        Self {
            address,
            authority,
            store,
            shutdown: shutdown.drop_guard(),
            task,
            _data: data,
        }
    }

    /// Asks the API, as whoever holds `token`; status and JSON body.
    pub async fn ask(
        &self,
        method: reqwest::Method,
        path: &str,
        token: &str,
        body: Option<serde_json::Value>,
    ) -> (u16, serde_json::Value) {
        let url = format!("http://{}/api/v1{path}", self.address);
        let mut request = reqwest::Client::new()
            .request(method, url)
            .bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = timeout(PATIENCE, request.send())
            .await
            .expect("in time")
            .expect("an answer");
        let status = answer.status().as_u16();
        let body = answer.text().await.expect("a body");
        (status, serde_json::from_str(&body).unwrap_or_default())
    }

    /// The notes of a workspace, as the API tells them.
    pub async fn notes(&self, workspace: &str, token: &str) -> String {
        let path = format!("/workspaces/{workspace}");
        let (status, body) = self.ask(reqwest::Method::GET, &path, token, None).await;
        assert_eq!(status, 200, "{body}");
        body["notes"].as_str().expect("notes").to_owned()
    }

    /// A token for the person called `name`, for every workspace.
    #[must_use]
    pub fn token(&self, name: &str, role: Role) -> String {
        self.issue(name, role, None).token
    }

    /// The same, with its id, and an end in milliseconds since the Unix epoch.
    #[must_use]
    pub fn issue(&self, name: &str, role: Role, expires_ms: Option<u64>) -> Issued {
        let issued = self.authority.issue(NewToken {
            name: name.to_owned(),
            kind: Kind::Human,
            role,
            workspaces: Scope::All,
            expires_ms,
        });
        issued.expect("a token")
    }

    /// Makes a workspace with these notes.
    pub async fn create(&self, workspace: &str, notes: &str) {
        create(
            &Rooms::new(Arc::new(self.store.clone()), RoomConfig::default()),
            workspace,
            notes,
        )
        .await;
    }

    /// The address of a workspace's socket for whoever holds `token`.
    #[must_use]
    pub fn url(&self, workspace: &str, token: &str) -> String {
        format!("ws://{}/sync/{workspace}?token={token}", self.address)
    }

    /// The same, for a client that knows Penhold's extension.
    #[must_use]
    pub fn extended_url(&self, workspace: &str, token: &str) -> String {
        format!("{}&penhold=1", self.url(workspace, token))
    }

    /// A client that knows the extension, connected and silent.
    pub async fn connect(&self, workspace: &str, token: &str) -> Client {
        Client::connect(&self.extended_url(workspace, token), fresh_client_id()).await
    }

    /// A client that knows nothing of Penhold, connected and silent.
    pub async fn connect_plain(&self, workspace: &str, token: &str) -> Client {
        Client::connect(&self.url(workspace, token), fresh_client_id()).await
    }

    /// A client that knows the extension, in step with the workspace.
    pub async fn join(&self, workspace: &str, token: &str) -> Client {
        let mut client = self.connect(workspace, token).await;
        client.sync().await;
        client.until_saved().await;
        client
    }

    /// Shuts the server down, as a signal does, and waits until it has drained.
    pub async fn stop(self) {
        drop(self.shutdown);
        let ended = timeout(PATIENCE, self.task).await.expect("it drains");
        ended.expect("it does not panic").expect("it ends well");
    }
}

/// A client id that nobody in this process has used.
pub fn fresh_client_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1_000_000);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Makes a workspace with these notes.
pub async fn create(rooms: &Rooms, workspace: &str, notes: &str) {
    let content = serde_json::json!({ "notes": notes });
    let new = NewWorkspace {
        id: Some(workspace.parse().expect("an id")),
        title: workspace.to_owned(),
        content: Some(InitialContent::from_json(content).expect("content")),
        by: member("owner", Role::Admin),
    };
    rooms.create(new).await.expect("a new workspace");
}

/// A person.
#[must_use]
pub fn member(name: &str, role: Role) -> crdt_schema::member::Member {
    crdt_schema::member::Member {
        id: name.parse().expect("an id"),
        name: name.to_owned(),
        kind: Kind::Human,
        role,
    }
}
