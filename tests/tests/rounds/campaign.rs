//! Commands and edits of several members, and a server that is killed at any moment of them.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    env,
    time::Duration,
};

use anyhow::{Context as _, Result, ensure};
use crdt_schema::{
    document,
    ids::ElementId,
    item::Item,
    ownership::{Event, Record, State, project_all},
};
use futures_util::future::join_all;
use penhold_agent::{Client, ClientError, Config, Peer, To};
use penhold_tests::binary::Server;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use yrs::{
    ReadTxn as _, StateVector, Text as _, Transact as _, Update, WriteTxn as _, types::ToJson as _,
    updates::decoder::Decode as _,
};

use crate::world::{WORKSPACE, World, hand_to, member};

/// Kills, if the environment does not ask for more.
const ROUNDS: usize = 4;
/// A round that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(100);
/// What of `control` is the ledger's.
const LEDGER: [&str; 7] = [
    "owners",
    "handoffs",
    "approvals",
    "decisions",
    "queues",
    "policy",
    "members",
];

/// What the server has said yes to.
#[derive(Default)]
struct Acknowledged {
    /// Titles of decisions.
    decided: RefCell<Vec<String>>,
    /// What came of decisions.
    consumed: RefCell<BTreeMap<ElementId, String>>,
    /// Epochs of the task's own owner.
    passed: RefCell<Vec<u64>>,
    /// Words in the notes.
    written: RefCell<Vec<String>>,
}

/// Killed at any moment, the server comes back with every command that it acknowledged, once; the
/// record, the document and its `control` root agree; no decision is acted on twice.
#[tokio::test]
async fn dur1_own12_own13_dec3_killed_at_any_moment_record_document_and_control_agree() {
    let rounds = env::var("CRASH_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let mut world = World::start().await.unwrap();
    let set = world.set_policy(|policy| policy.decision_lease_ms = 500);
    set.await.unwrap();
    world.hand_to_agent(Item::Plan).await.unwrap();
    let acknowledged = Acknowledged::default();
    let mut rng = StdRng::seed_from_u64(7);
    for round in 0..rounds {
        let (agent, person) = (world.agent(), world.person());
        let (agent_peer, person_peer) = (world.agent.clone(), world.person.clone());
        let server = &mut world.server;
        let moment = Duration::from_millis(rng.random_range(30..500));
        tokio::select! {
            failed = acknowledged.decide(&person, round) => panic!("{:?}", failed.err()),
            failed = acknowledged.act(&agent) => panic!("{:?}", failed.err()),
            failed = acknowledged.pass(&person) => panic!("{:?}", failed.err()),
            failed = acknowledged.write(agent_peer, format!("a{round}")) => panic!("{:?}", failed.err()),
            failed = acknowledged.write(person_peer, format!("p{round}")) => panic!("{:?}", failed.err()),
            killed = async { sleep(moment).await; server.kill().await } => killed.unwrap(),
        }
        let said = world.server.run(&["verify"]).await.unwrap();
        assert_eq!(said, "every record is sound", "round {round}");
        world.server.restart().await.unwrap();
        let held = timeout(PATIENCE, acknowledged.hold(&world)).await.unwrap();
        held.with_context(|| format!("round {round}, killed after {moment:?}"))
            .unwrap();
    }
    let told = acknowledged.decided.borrow().len() + acknowledged.written.borrow().len();
    assert!(told > rounds, "hardly anything was acknowledged: {told}");
    world.check().await.unwrap();
}

/// What goes on until the server is killed; each ends with an error only.
impl Acknowledged {
    async fn decide(&self, person: &Client, round: usize) -> Result<(), ClientError> {
        for n in 0_u32.. {
            let title = format!("Decision {round}.{n}");
            person
                .decide(&Item::Plan, None, &title, "So it is.")
                .await?;
            self.decided.borrow_mut().push(title);
        }
        Ok(())
    }

    async fn act(&self, agent: &Client) -> Result<(), ClientError> {
        loop {
            let taken = agent.next_decision().await?;
            let id = taken.decision.id;
            let outcome = format!("did {}", taken.lease);
            match agent.consume(&id, &taken.lease, &outcome).await {
                Ok(consumed) => {
                    let outcome = consumed.outcome.unwrap_or_default();
                    self.consumed.borrow_mut().insert(id, outcome);
                }
                // Slow machine: the lease was over before.
                Err(error) if error.is("fenced") => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Gives the task away and takes it again.
    async fn pass(&self, person: &Client) -> Result<(), ClientError> {
        let item = Item::Task("t1".parse().expect("letters and digits are an id"));
        loop {
            let held = person.item(&item).await?;
            let is_mine = held.inherited.is_some() || held.owner.member().is_some();
            let held = if is_mine {
                person.release(&item, held.epoch).await?
            } else {
                person.claim(&item, held.epoch).await?
            };
            self.passed.borrow_mut().push(held.epoch);
        }
    }

    async fn write(&self, config: Config, by: String) -> Result<()> {
        let peer = Peer::connect(config);
        peer.synced().await?;
        for n in 0_u32.. {
            let mark = format!("{by}.{n};");
            let words = mark.clone();
            peer.edit(move |txn| txn.get_or_insert_text("notes").push(txn, &words))
                .await?;
            peer.flush().await?;
            self.written.borrow_mut().push(mark);
        }
        Ok(())
    }
}

impl Acknowledged {
    /// Whether the server has all of it, and agrees with itself.
    async fn hold(&self, world: &World) -> Result<()> {
        let records = world.records().await?;
        let events = || records.iter().flat_map(|record| &record.events);
        let posted: Vec<&String> = events()
            .filter_map(|event| match event {
                Event::DecisionPosted { title, .. } => Some(title),
                _ => None,
            })
            .collect();
        let distinct: BTreeSet<_> = posted.iter().collect();
        ensure!(distinct.len() == posted.len(), "posted twice: {posted:?}");
        for title in self.decided.borrow().iter() {
            ensure!(posted.contains(&title), "{title} is lost");
        }
        let mut consumed = BTreeMap::new();
        for event in events() {
            if let Event::DecisionConsumed { id, outcome } = event {
                ensure!(
                    consumed.insert(id, outcome).is_none(),
                    "{id} was consumed twice"
                );
            }
        }
        for (id, outcome) in self.consumed.borrow().iter() {
            ensure!(
                consumed.get(id) == Some(&outcome),
                "what came of {id} is lost"
            );
        }
        let epochs = events().filter_map(|event| match event {
            Event::OwnerChanged {
                item: Item::Task(_),
                epoch,
                ..
            } => Some(*epoch),
            _ => None,
        });
        let epochs: Vec<u64> = epochs.collect();
        ensure!(
            epochs.windows(2).all(|two| two[0] + 1 == two[1]),
            "{epochs:?}"
        );
        for epoch in self.passed.borrow().iter() {
            ensure!(epochs.contains(epoch), "epoch {epoch} is lost");
        }
        let document = world.server.document(WORKSPACE).await?;
        let notes = document["notes"].as_str().context("the notes are a text")?;
        for mark in self.written.borrow().iter() {
            ensure!(
                notes.matches(mark.as_str()).count() == 1,
                "{mark} is lost or doubled"
            );
        }
        world.agrees().await
    }
}

impl World {
    /// The whole record, as it is exported.
    async fn records(&self) -> Result<Vec<Record>> {
        let lines = self.asked("record?format=jsonl").await?.text().await?;
        let records = lines
            .lines()
            .map(|line| Ok(Record::from_json(line.as_bytes())?));
        records.collect()
    }

    /// The record and what a peer reads of `control`, of one moment: both are read again if time,
    /// such as the end of a lease, added to the record meanwhile.
    async fn moment(&self) -> Result<(Vec<Record>, Option<Value>)> {
        loop {
            let records = self.records().await?;
            let peer = Peer::connect(self.person.clone());
            peer.synced().await?;
            let read = |txn: &yrs::Transaction<'_>| control(txn);
            let shown = peer.read(read).await?;
            peer.close().await;
            let verified: Value = self.asked("record/verify").await?.json().await?;
            ensure!(verified["ok"] == true, "{verified}");
            if verified["records"] == records.len() {
                return Ok((records, shown));
            }
        }
    }

    /// The records fold, and what the `control` root says is their fold.
    async fn agrees(&self) -> Result<()> {
        let (records, shown) = self.moment().await?;
        let shown = shown.context("there is a control root")?;
        let lineage = shown["lineage"].as_str().context("it has a lineage")?;
        let mut state = State::new(lineage, &member(&self.person()).await?);
        for record in &records {
            state.apply(record)?;
        }
        let folded = folded(&state)?;
        for table in LEDGER {
            let entries = |control: &Value| {
                let table = control.get(table).cloned().unwrap_or_default();
                if table == json!({}) {
                    Value::Null
                } else {
                    table
                }
            };
            let (shown, folded) = (entries(&shown), entries(&folded));
            ensure!(shown == folded, "{table}: {shown} is not {folded}");
        }
        Ok(())
    }
}

fn control(txn: &impl yrs::ReadTxn) -> Option<Value> {
    let control = txn.get_map("control")?;
    serde_json::to_value(control.to_json(txn)).ok()
}

/// What `control` says of a state, as a peer reads it.
fn folded(state: &State) -> Result<Value> {
    let doc = document::new_doc(1);
    let mut txn = doc.transact_mut();
    project_all(state, &mut txn);
    let update = txn.encode_state_as_update_v1(&StateVector::default());
    let received = document::new_doc(2);
    let mut received = received.transact_mut();
    received.apply_update(Update::decode_v1(&update)?)?;
    control(&received).context("it was projected")
}

/// Fifty people claim one item while the server is killed and starts again: each of them is
/// answered, and one of them has it.
#[tokio::test]
async fn own3_own11_of_fifty_claimers_one_wins_though_the_server_is_killed_in_the_middle() {
    let mut world = World::start().await.unwrap();
    let claimers = claimers(&world.server, &world.person_token).await.unwrap();
    let mut rng = StdRng::seed_from_u64(11);
    for round in 0..3 {
        let people = To::Queue("people".parse().unwrap());
        let host = world.person();
        hand_to(&host, Item::Plan, people).await.unwrap();
        let epoch = host.item(&Item::Plan).await.unwrap().epoch;
        let claims = claimers
            .iter()
            .map(|client| client.claim(&Item::Plan, epoch));
        let moment = Duration::from_millis(rng.random_range(1..60));
        let server = &mut world.server;
        let kill = async {
            sleep(moment).await;
            server.kill().await.unwrap();
            server.restart().await.unwrap();
        };
        let both = async { tokio::join!(join_all(claims), kill) };
        let (claims, ()) = timeout(PATIENCE, both).await.unwrap();
        let won: Vec<_> = claims
            .iter()
            .filter_map(|claim| claim.as_ref().ok())
            .collect();
        assert_eq!(won.len(), 1, "round {round}, killed after {moment:?}");
        let winner = &won[0].owner_name;
        for lost in claims.iter().filter_map(|claim| claim.as_ref().err()) {
            let problem = lost.problem().unwrap_or_else(|| panic!("{lost}"));
            assert_eq!((problem.status, &*problem.code), (409, "stale"));
            assert_eq!(problem.owner_name.as_ref(), Some(winner));
        }
        let held = host.item(&Item::Plan).await.unwrap();
        assert_eq!((&held.owner_name, held.epoch), (winner, epoch + 1));
        let index = claims.iter().position(Result::is_ok).unwrap();
        let back = To::Member(member(&host).await.unwrap());
        hand_to(&claimers[index], Item::Plan, back).await.unwrap();
    }
    world.agrees().await.unwrap();
    world.check().await.unwrap();
}

async fn claimers(server: &Server, admin: &str) -> Result<Vec<Client>> {
    let url = format!("http://{}", server.address());
    let mut claimers = Vec::new();
    for n in 0..50 {
        let made: Value = reqwest::Client::new()
            .post(format!("{url}/api/v1/tokens"))
            .bearer_auth(admin)
            .json(&json!({ "name": format!("Person {n}"), "kind": "human", "role": "editor" }))
            .send()
            .await?
            .error_for_status()?
            .json()
            .await?;
        let token = made["token"].as_str().context("it holds the token")?;
        claimers.push(Client::new(&Config::new(&url, WORKSPACE, token)?));
    }
    Ok(claimers)
}
