//! A real server in a process of its own, an agent and a person.

use anyhow::{Context as _, Result};
use crdt_schema::{
    ids::MemberId,
    item::Item,
    ownership::{PendingTask, Policy, Reason, Trigger, Verdict},
};
use penhold_agent::{Client, Config, Cursor, HandOff, Peer, Scope, To};
use penhold_tests::binary::{Grant, Server};
use serde_json::{Value, json};
use yrs::{Map as _, ReadTxn as _, types::ToJson as _};

pub(crate) const WORKSPACE: &str = "launch";

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) agent: Config,
    pub(crate) agent_token: String,
    pub(crate) person: Config,
    pub(crate) person_token: String,
}

impl World {
    /// A workspace of the person Mara, with a complete briefing, and the agent Planner.
    pub(crate) async fn start() -> Result<Self> {
        let server = Server::start().await?;
        let person_token = server.token(Grant::person("Mara", "admin")).await?;
        let agent_token = server.token(Grant::agent("Planner")).await?;
        let url = format!("http://{}", server.address());
        let person = Config::new(&url, WORKSPACE, &person_token)?;
        let agent = Config::new(&url, WORKSPACE, &agent_token)?;
        let body = json!({ "id": WORKSPACE, "title": "Night tram", "content": {
            "briefing": {
                "intent": "A page for the council.",
                "next_step": "Decide for one variant.",
                "actions": [{ "text": "Asked the operator", "outcome": "done" }],
                "constraints": ["One page."],
                "questions": [{ "id": "q1", "text": "One variant, or both?" }],
            },
            "tasks": [{ "id": "t1", "title": "Ask the operator" }],
        } });
        let made = reqwest::Client::new()
            .post(format!("{url}/api/v1/workspaces"))
            .bearer_auth(&person_token)
            .json(&body)
            .send()
            .await?;
        made.error_for_status()?;
        Ok(Self {
            server,
            agent,
            agent_token,
            person,
            person_token,
        })
    }

    pub(crate) fn agent(&self) -> Client {
        Client::new(&self.agent)
    }

    pub(crate) fn person(&self) -> Client {
        Client::new(&self.person)
    }

    /// The person hands the item that she holds to the agent.
    pub(crate) async fn hand_to_agent(&self, item: Item) -> Result<()> {
        let me = self.agent().me().await?.id;
        hand_to(&self.person(), item, To::Member(me)).await
    }

    /// Sets a rule of the workspace, in milliseconds.
    pub(crate) async fn set_policy(&self, change: impl FnOnce(&mut Policy)) -> Result<()> {
        let url = format!(
            "http://{}/api/v1/workspaces/{WORKSPACE}/policy",
            self.server.address()
        );
        let mut policy = Policy::default();
        change(&mut policy);
        let set = reqwest::Client::new()
            .put(url)
            .bearer_auth(&self.person_token)
            .json(&policy)
            .send()
            .await?;
        set.error_for_status()?;
        Ok(())
    }

    /// Record, document and control state agree, and every record is sound; the server is down
    /// then.
    pub(crate) async fn check(mut self) -> Result<()> {
        let verified = self.get("record/verify").await?;
        anyhow::ensure!(verified["ok"] == true, "{verified}");
        self.control_agrees().await?;
        self.server.kill().await?;
        self.server.run(&["verify"]).await?;
        Ok(())
    }

    /// What peers see of ownership is what the server answers.
    async fn control_agrees(&self) -> Result<()> {
        let peer = Peer::connect(self.person.clone());
        peer.synced().await?;
        let owners = peer
            .read(|txn| {
                let control = txn.get_map("control")?;
                let owners = control.get(txn, "owners")?;
                serde_json::to_value(owners.to_json(txn)).ok()
            })
            .await?
            .context("control has owners")?;
        peer.close().await;
        for (item, shown) in owners.as_object().context("owners are a map")? {
            let holding = self.person().item(&item.parse()?).await?;
            let owner = holding.owner.member().map(MemberId::as_str);
            anyhow::ensure!(
                shown["member"].as_str() == owner,
                "{item}: {shown} {holding:?}"
            );
            let epoch = shown["epoch"].as_f64().map(|epoch| epoch as u64);
            anyhow::ensure!(epoch == Some(holding.epoch), "{item}: {shown} {holding:?}");
        }
        Ok(())
    }

    /// How often something is in the record.
    pub(crate) async fn recorded(&self, kind: &str) -> Result<usize> {
        let page = self.get(&format!("record?type={kind}&limit=500")).await?;
        let records = page["items"].as_array().context("a page of records")?;
        let events = records
            .iter()
            .filter_map(|record| record["events"].as_array());
        Ok(events
            .flatten()
            .filter(|event| event["type"] == kind)
            .count())
    }

    async fn get(&self, path: &str) -> Result<Value> {
        Ok(self.asked(path).await?.json().await?)
    }

    /// What the server answers the person below the workspace.
    pub(crate) async fn asked(&self, path: &str) -> Result<reqwest::Response> {
        let url = format!(
            "http://{}/api/v1/workspaces/{WORKSPACE}/{path}",
            self.server.address()
        );
        let asked = reqwest::Client::new()
            .get(url)
            .bearer_auth(&self.person_token);
        Ok(asked.send().await?.error_for_status()?)
    }
}

pub(crate) async fn hand_to(client: &Client, item: Item, to: To) -> Result<()> {
    let epoch = client.item(&item).await?.epoch;
    let reason = Reason {
        trigger: Trigger::Other,
        note: "Please go on.".to_owned(),
        confidence: None,
    };
    client
        .hand_off(&HandOff::cold(item, epoch, to, reason))
        .await
        .context("hand off")?;
    Ok(())
}

/// Claims what the agent leaves to the people, as soon as it is there.
pub(crate) async fn claim_when_there(client: &Client, item: &Item) -> Result<()> {
    let mut cursor = Cursor::default();
    loop {
        let changes = client.await_change(&cursor, Scope::Records).await?;
        cursor = changes.cursor;
        for pending in changes.pending {
            if let PendingTask::Claim {
                item: waiting,
                epoch,
                ..
            } = pending.task
                && waiting == *item
            {
                client.claim(item, epoch).await?;
                return Ok(());
            }
        }
    }
}

/// Answers the next thing that is asked.
pub(crate) async fn approve_when_asked(client: &Client, note: &str) -> Result<()> {
    let mut cursor = Cursor::default();
    loop {
        let changes = client.await_change(&cursor, Scope::Records).await?;
        cursor = changes.cursor;
        for pending in changes.pending {
            if let PendingTask::Answer { approval } = pending.task {
                let shown = client.approval(&approval).await?;
                client.answer(&shown, Verdict::Approve, note).await?;
                return Ok(());
            }
        }
    }
}

/// Says no to the next thing that is offered.
pub(crate) async fn decline_when_offered(client: Client, why: &str) -> Result<()> {
    let mut cursor = Cursor::default();
    loop {
        let changes = client.await_change(&cursor, Scope::Records).await?;
        cursor = changes.cursor;
        for pending in changes.pending {
            if let PendingTask::Receive { handoff, .. } = pending.task {
                client.decline(&handoff, why).await?;
                return Ok(());
            }
        }
    }
}

pub(crate) async fn member(client: &Client) -> Result<MemberId> {
    Ok(client.me().await?.id)
}
