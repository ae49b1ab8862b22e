//! Two agents and one person around one plan, each with a token of their own: the pen goes from
//! Scout to Writer to Mara and back, she decides and approves, and Writer books exactly once.
//!
//! Everything is scripted and in this process, the server too; no model and no network is needed:
//! `cargo run -p penhold-tests --example two_agents_one_person`

use std::io::{self, Write as _};

use anyhow::{Context as _, Result, ensure};
use crdt_schema::{
    ids::ElementId,
    item::Item,
    member::{Kind, Role},
    ownership::{Action, NewApproval, Pending, PendingTask, QueueName, Reason, Trigger, Verdict},
    schema::{NewStep, Place, Workspace},
};
use penhold_agent::{Client, Config, HandOff, Need, Needs, Peer, Since, TakenDecision, To, Wanted};
use penhold_server::auth::{NewToken, Scope};
use penhold_tests::harness::House;
use serde_json::json;

const WORKSPACE: &str = "party";

#[tokio::main]
async fn main() -> Result<()> {
    let house = House::open().await;
    let told = round(&house).await?;
    writeln!(io::stdout(), "{}", told.join("\n"))?;
    house.stop().await;
    Ok(())
}

/// Plays the round; what happened, line by line.
pub(crate) async fn round(house: &House) -> Result<Vec<String>> {
    let mara = person(house).await?;
    let (scout, writer) = (agent(house, "Scout")?, agent(house, "Writer")?);
    let mut told = Vec::new();

    told.push(scout_drafts(&mara, &scout, &writer).await?);
    let (left, handoff) = writer_takes_over(&writer).await?;
    told.push(left);
    told.push(mara_decides(&mara, &writer).await?);
    let (caught_up, decision) = writer_is_back(&writer, handoff).await?;
    told.push(caught_up);
    told.push(format!("Writer acts on: {}", decision.decision.title));
    told.push(writer_asks_and_books(&writer, &mara, &decision).await?);
    Ok(told)
}

/// Scout gets the plan from Mara, writes a step, and offers the plan to Writer.
async fn scout_drafts(mara: &Config, scout: &Config, writer: &Config) -> Result<String> {
    let (mara, client) = (Client::new(mara), Client::new(scout));
    let plan = mara.item(&Item::Plan).await?;
    let to_scout = To::Member(client.me().await?.id);
    let start = reason(
        Trigger::ExplicitRequest,
        "Find us a place for forty people.",
    );
    let handoff = HandOff::cold(Item::Plan, plan.epoch, to_scout, start);
    mara.hand_off(&handoff).await?;

    let peer = Peer::connect(scout.clone());
    peer.synced().await?;
    peer.edit(|txn| {
        let step = NewStep {
            title: "Choose the hall".to_owned(),
            body: "- Harbour Hall: has a ramp, 400\n- Mill: no ramp, 250\n".to_owned(),
            ..NewStep::default()
        };
        let steps = Workspace.plan().steps();
        steps.add(txn, &mut rand::rng(), Place::Last, step)
    })
    .await??;
    peer.flush().await?;
    peer.close().await;

    let plan = client.item(&Item::Plan).await?;
    let to_writer = To::Member(Client::new(writer).me().await?.id);
    let done = reason(
        Trigger::Complexity,
        "Two halls found; somebody has to weigh them.",
    );
    let offer = HandOff::warm(Item::Plan, plan.epoch, to_writer, done);
    client.hand_off(&offer).await?;
    Ok("Scout wrote a step and offered the plan to Writer".to_owned())
}

/// Writer reads the offer back and accepts; it cannot decide, so it leaves the plan to people.
async fn writer_takes_over(writer: &Config) -> Result<(String, ElementId)> {
    let client = Client::new(writer);
    let mut needs = Needs::new(client.clone(), Wanted::Handoff, None).await?;
    let Need::Pending(Pending {
        task: PendingTask::Receive { handoff, .. },
        ..
    }) = needs.next().await?
    else {
        anyhow::bail!("an offer was to come");
    };
    let summary = "Weigh two halls: one with a ramp for 400, one without for 250.";
    client.brief(&handoff, summary).await?;
    client.accept(&handoff).await?;

    let plan = client.item(&Item::Plan).await?;
    let stuck = reason(Trigger::Stakes, "Is the ramp worth 150?");
    let to_people = To::Queue(QueueName::people());
    let handoff = HandOff::cold(Item::Plan, plan.epoch, to_people, stuck);
    let left = client.hand_off(&handoff).await?;
    let line = "Writer accepted, and left the question of money to people";
    Ok((line.to_owned(), left.id))
}

/// Mara claims the plan, decides, edits, and hands back to Writer.
async fn mara_decides(mara: &Config, writer: &Config) -> Result<String> {
    let client = Client::new(mara);
    let plan = client.item(&Item::Plan).await?;
    let plan = client.claim(&Item::Plan, plan.epoch).await?;
    let note = "Two of us use a wheelchair.";
    client
        .decide(&Item::Plan, None, "Take the hall with the ramp", note)
        .await?;

    let peer = Peer::connect(mara.clone());
    peer.synced().await?;
    peer.edit(|txn| Workspace.plan().goal().push(txn, " Everybody gets in."))
        .await??;
    peer.flush().await?;
    peer.close().await;

    let to_writer = To::Member(Client::new(writer).me().await?.id);
    let back = reason(Trigger::Other, "Decided; please book.");
    let handoff = HandOff::cold(Item::Plan, plan.epoch, to_writer, back);
    client.hand_off(&handoff).await?;
    Ok("Mara claimed the plan, decided, edited, and handed it back".to_owned())
}

/// Writer has the plan again: it reads what changed, acknowledges it, and takes the decision.
async fn writer_is_back(writer: &Config, since: ElementId) -> Result<(String, TakenDecision)> {
    let client = Client::new(writer);
    let plan = client.item(&Item::Plan).await?;
    let gate = plan.gate.context("there is something to catch up on")?;
    let digest = client
        .digest_markdown(&Since::Handoff(since), 2_000)
        .await?;
    ensure!(digest.contains("Everybody gets in."), "{digest}");
    client
        .resume(&Item::Plan, plan.epoch, &gate.decisions, gate.cursor)
        .await?;
    let taken = client.next_decision().await?;
    let line = format!("Writer caught up with {} decision(s)", gate.decisions.len());
    Ok((line, taken))
}

/// Writer asks for leave to spend the money; Mara says yes; it books, once.
async fn writer_asks_and_books(
    writer: &Config,
    mara: &Config,
    decision: &TakenDecision,
) -> Result<String> {
    let (client, mara) = (Client::new(writer), Client::new(mara));
    let asked = client.keyed("book-the-hall").ask(&booking()).await?;

    let answering = async {
        let shown = mara.approval(&asked.id).await?;
        mara.answer(&shown, Verdict::Approve, "Yes, before somebody else does.")
            .await
    };
    let (answered, given) = tokio::join!(client.await_answer(&asked.id), answering);
    given?;
    ensure!(answered?.id == asked.id);

    let approved = client.take_approval(&asked.id).await?;
    let mut booked = 0;
    booked += 1; // Here the money would be spent.
    let result = format!("Booked: {}", approved.approval.action.arguments["hall"]);
    client
        .consume_approval(&asked.id, &approved.grant, &result)
        .await?;
    let again = client.take_approval(&asked.id).await;
    ensure!(
        again.is_err_and(|error| error.is("ended")),
        "leave is for once"
    );
    let (id, lease) = (&decision.decision.id, &decision.lease);
    client.consume(id, lease, &result).await?;
    Ok(format!("Mara approved, and Writer booked {booked} time(s)"))
}

fn booking() -> NewApproval {
    NewApproval {
        title: "Book the Harbour Hall".to_owned(),
        action: Action {
            kind: "book".to_owned(),
            arguments: json!({ "hall": "Harbour Hall", "deposit": 400 }),
        },
        why: "You decided for the hall with the ramp.".to_owned(),
        if_approved: "The deposit is paid today.".to_owned(),
        if_declined: "I look for another hall.".to_owned(),
        reversible: false,
        risk: 0.6,
        scope: vec![Workspace.plan().goal().path().clone()],
        named: Vec::new(),
        expires_in_ms: None,
    }
}

fn reason(trigger: Trigger, note: &str) -> Reason {
    Reason {
        trigger,
        note: note.to_owned(),
        confidence: None,
    }
}

/// Mara, with a workspace whose briefing is complete.
async fn person(house: &House) -> Result<Config> {
    let token = house.token("Mara", Role::Editor);
    let content = json!({
        "goal": "A party for forty.",
        "briefing": {
            "intent": "Celebrate ten years, all of us.",
            "next_step": "Find a hall.",
            "actions": [{ "text": "Asked everybody for a day", "outcome": "done" }],
            "constraints": ["No more than 500 in all."],
        },
    });
    let body = json!({ "id": WORKSPACE, "title": "Ten years", "content": content });
    let (status, answer) = house
        .ask(reqwest::Method::POST, "/workspaces", &token, Some(body))
        .await;
    ensure!(status == 201, "{answer}");
    config(house, &token)
}

fn agent(house: &House, name: &str) -> Result<Config> {
    let issued = house.authority.issue(NewToken {
        name: name.to_owned(),
        kind: Kind::Agent,
        role: Role::Editor,
        workspaces: Scope::All,
        expires_ms: None,
    })?;
    config(house, &issued.token)
}

fn config(house: &House, token: &str) -> Result<Config> {
    let url = format!("http://{}", house.address);
    Ok(Config::new(&url, WORKSPACE, token)?)
}
