//! Random histories of several members with time jumps, edits, repetitions and retries, held
//! against what must always be so.

use std::collections::{BTreeMap, BTreeSet};

use crdt_schema::{
    document,
    ids::{ElementId, MemberId},
    item::Item,
    member::{Kind, Member},
    ownership::{Command, Event, Owner, Pen, Record, State, Verdict, project_all, verify_chain},
    schema::Workspace,
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::Value;
use yrs::Transact;

use super::{
    model::step::{Step, author, command, step},
    support::*,
};

#[path = "model_step.rs"]
mod step;

const ITEMS: [&str; 6] = [
    "workspace",
    "plan",
    "notes",
    "step:s1",
    "step:s2",
    "task:t1",
];

fn members() -> Vec<Member> {
    vec![
        mara(),
        ravi(),
        rita(),
        vera(),
        planner(),
        agent("coder"),
        agent("scout"),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    #[test]
    fn own_hand_dec_apr_hold_in_every_history(steps in history()) {
        let mut world = World::made_by(&mara());
        let mut watch = Watch::default();
        watch.look(&world);
        steps.iter().for_each(|step| act(&mut world, &mut watch, step));
        own12_the_records_alone_say_what_the_live_state_says(&world);
        own13_control_says_what_the_state_says(&world);
        own14_everything_ends(&mut world);
        watch.look(&world);
    }
}

/// What follows from random histories counts only if everything happens in them.
#[test]
fn random_histories_come_to_every_kind_of_event() {
    let mut runner = TestRunner::deterministic();
    let mut found = BTreeSet::new();
    for _ in 0..150 {
        let mut world = World::made_by(&mara());
        let steps = history().new_tree(&mut runner).unwrap().current();
        let mut watch = Watch::default();
        steps
            .iter()
            .for_each(|step| act(&mut world, &mut watch, step));
        let events = world.records.iter().flat_map(|record| &record.events);
        found.extend(events.map(|event| {
            let json = serde_json::to_value(event).unwrap();
            json["type"].as_str().unwrap().to_owned()
        }));
    }
    // All but `noted`, which the server says and nothing follows from.
    assert_eq!(found.len(), 30, "{found:?}");
}

fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..160)
}

fn act(world: &mut World, watch: &mut Watch, step: &Step) {
    match step {
        Step::Pass(ms) => world.pass(*ms),
        Step::See(who) => world.see(who.get(&members())),
        Step::Edit(which, text) => world.set_body(["s1", "s2"][which.index(2)], text),
        Step::Command(ask) => {
            let by = &author(world, ask);
            if let Some(command) = command(world, by, ask) {
                let key = ask.key.map(|key| key.to_string());
                attempt(world, by, key.as_deref(), &command);
            }
        }
    }
    watch.look(world);
}

/// OWN11: a repetition is answered alike and changes nothing; a refusal changes nothing.
fn attempt(world: &mut World, by: &Member, key: Option<&str>, command: &Command) {
    let before = (world.state.clone(), world.records.len());
    match world.attempt(by, key, command) {
        Err(_) => assert_eq!((world.state.clone(), world.records.len()), before),
        Ok(first) if key.is_some() => {
            let after = (world.state.clone(), world.records.len());
            let again = world.attempt(by, key, command);
            // Answered from before, or by the state of things, which is not remembered.
            if after.1 > before.1 {
                assert_eq!(again, Ok(first));
                assert_eq!((world.state.clone(), world.records.len()), after);
            }
        }
        Ok(_) => {}
    }
}

/// What the records have said so far, kept apart from the state that is tested.
#[derive(Default)]
struct Watch {
    read: usize,
    kinds: BTreeMap<MemberId, Kind>,
    epochs: BTreeMap<Item, u64>,
    /// Who held each item last, and after how many passes from agent to agent.
    chains: BTreeMap<Item, (Option<MemberId>, u32)>,
    /// Leases of decisions that are being acted on.
    acting: BTreeMap<ElementId, ElementId>,
    ended: BTreeSet<ElementId>,
    /// What people approved: the action and the text that it was about.
    approved: BTreeMap<ElementId, (Value, String)>,
    asked: BTreeMap<ElementId, (Value, bool)>,
    runs: BTreeMap<ElementId, u32>,
}

impl Watch {
    fn look(&mut self, world: &World) {
        for record in &world.records[self.read..] {
            for event in &record.events {
                self.event(world, record, event);
            }
        }
        self.read = world.records.len();
        for of in ITEMS {
            let holding = world.state.holding(&item(of));
            let own = self.epochs.get(&item(of)).copied().unwrap_or(0);
            assert_eq!(holding.epoch, own, "OWN2: {of}");
            for by in members() {
                own10_agents_write_directly_only_where_they_may(world, &by, of);
            }
        }
        assert_eq!(world.due(), [], "what was due has happened");
        assert!(world.next_due().is_none_or(|due| due > world.now_ms));
    }

    fn event(&mut self, world: &World, record: &Record, event: &Event) {
        match event {
            Event::MemberKnown { member } => {
                self.kinds.insert(member.id.clone(), member.kind);
            }
            Event::OwnerChanged {
                item,
                owner,
                epoch,
                depth,
                ..
            } => {
                let last = self.epochs.entry(item.clone()).or_default();
                *last += 1;
                assert_eq!(epoch, last, "OWN2, OWN3: each epoch has one owner");
                let chain = self.chain_after(item, owner);
                assert_eq!(*depth, chain.1, "OWN8: only people begin anew");
                self.chains.insert(item.clone(), chain);
                assert!(*depth <= world.state.policy().depth_max, "OWN8");
            }
            Event::DecisionPosted { .. } | Event::Judged { .. } => self.by_a_person(record),
            Event::DecisionTaken { id, lease, .. } => {
                assert!(!self.ended.contains(id), "DEC3: {id} ended");
                let before = self.acting.insert(id.clone(), lease.clone());
                assert_eq!(before, None, "DEC2: one acts at a time");
            }
            Event::DecisionReturned { id } => {
                assert!(self.acting.remove(id).is_some() && record.by.is_none());
            }
            Event::DecisionConsumed { id, .. } | Event::DecisionFailed { id, .. } => {
                assert!(self.acting.remove(id).is_some(), "DEC2: taken first");
                assert!(self.ended.insert(id.clone()), "DEC3: {id} consumed twice");
            }
            Event::DecisionEnded { id, .. } => {
                self.acting.remove(id);
                assert!(self.ended.insert(id.clone()), "DEC5");
            }
            _ => self.approval(world, record, event),
        }
    }

    fn chain_after(&self, item: &Item, owner: &Owner) -> (Option<MemberId>, u32) {
        let mut at = item.clone();
        let (last, passes) = loop {
            match (self.chains.get(&at), at.parent()) {
                (Some(chain), _) => break chain.clone(),
                // Open from the beginning.
                (None, _) if at == Item::Notes => break (None, 0),
                (None, Some(parent)) => at = parent,
                (None, None) => break (Some(mara().id), 0),
            }
        };
        let Some(now) = owner.member() else {
            return (last, passes);
        };
        let was_agent = last
            .as_ref()
            .is_some_and(|id| self.kinds[id] == Kind::Agent);
        let passes = match self.kinds[now] {
            Kind::Human => 0,
            Kind::Agent if was_agent && last.as_ref() != Some(now) => passes + 1,
            Kind::Agent => passes,
        };
        (Some(now.clone()), passes)
    }

    fn approval(&mut self, world: &World, record: &Record, event: &Event) {
        let about = |action: Value| (action, body(world));
        match event {
            Event::ApprovalAsked { id, ask, .. } => {
                let action = serde_json::to_value(&ask.action).unwrap();
                self.asked.insert(id.clone(), (action, ask.reversible));
            }
            Event::ApprovalAnswered {
                id,
                verdict,
                action,
                ..
            } => {
                self.by_a_person(record);
                let action = match action {
                    Some(edited) => serde_json::to_value(edited).unwrap(),
                    None => self.asked[id].0.clone(),
                };
                match verdict {
                    Verdict::Approve | Verdict::Edit => {
                        self.approved.insert(id.clone(), about(action));
                    }
                    Verdict::Decline => {
                        self.ended.insert(id.clone());
                    }
                    Verdict::Reply => {}
                }
            }
            Event::ApprovalTaken { id, .. } => {
                assert!(!self.ended.contains(id), "APR3: {id} ended");
                let action = world.state.approval(id).unwrap().action.clone();
                let now = about(serde_json::to_value(action).unwrap());
                assert_eq!(
                    Some(&now),
                    self.approved.get(id),
                    "APR1, APR5: other content"
                );
                let runs = self.runs.entry(id.clone()).or_default();
                *runs += 1;
                assert!(
                    *runs == 1 || self.asked[id].1,
                    "APR3: irreversible, run again"
                );
            }
            Event::ApprovalConsumed { id, .. } | Event::ApprovalFailed { id, .. } => {
                assert!(self.runs.contains_key(id), "APR3: taken first");
                assert!(self.ended.insert(id.clone()), "APR3: {id} ended twice");
            }
            Event::ApprovalVoided { id, .. }
            | Event::ApprovalWithdrawn { id }
            | Event::ApprovalExpired { id } => {
                assert!(self.ended.insert(id.clone()), "APR6: {id} ended twice");
            }
            _ => {}
        }
    }

    /// DEC1, APR2: agents and time decide nothing.
    fn by_a_person(&self, record: &Record) {
        let by = record.by.as_ref().expect("time decides nothing");
        assert_eq!(self.kinds[by], Kind::Human, "agents decide nothing");
    }
}

fn own10_agents_write_directly_only_where_they_may(world: &World, by: &Member, of: &str) {
    let holding = world.state.holding(&item(of));
    if by.kind == Kind::Agent && world.pen(by, of) == Pen::Direct {
        let is_own = holding.owner == owned_by(by) && holding.gate.is_none();
        assert!(
            is_own || holding.owner == Owner::Nobody,
            "OWN10: {} at {of}",
            by.name
        );
    }
}

fn own12_the_records_alone_say_what_the_live_state_says(world: &World) {
    let stored: Vec<Vec<u8>> = world.records.iter().map(Record::to_json).collect();
    let read: Vec<Record> = stored
        .iter()
        .map(|bytes| Record::from_json(bytes).unwrap())
        .collect();
    assert_eq!(read, world.records);
    let mut state = State::new(LINEAGE, &mara().id);
    read.iter().for_each(|record| state.apply(record).unwrap());
    assert_eq!(state, world.state);
    assert_eq!(verify_chain(LINEAGE, &read), Ok(world.state.head()));
}

fn own13_control_says_what_the_state_says(world: &World) {
    let fresh = document::new_doc(9);
    project_all(&world.state, &mut fresh.transact_mut());
    let (live, expected) = (control(&world.doc), control(&fresh));
    for table in [
        "owners",
        "handoffs",
        "approvals",
        "decisions",
        "queues",
        "policy",
        "members",
    ] {
        let entries = |control: &Value| control.get(table).cloned().unwrap_or(Value::Null);
        let is_empty = |value: &Value| value.as_object().is_none_or(serde_json::Map::is_empty);
        let (live, expected) = (entries(&live), entries(&expected));
        assert!(
            live == expected || is_empty(&live) && is_empty(&expected),
            "{table}: {live}"
        );
    }
}

fn own14_everything_ends(world: &mut World) {
    for _ in 0..4 {
        world.pass(200 * DAY_MS);
    }
    let state = &world.state;
    assert!(state.handoffs().all(|handoff| !handoff.status.is_open()));
    assert!(state.decisions().all(|decision| !decision.status.is_open()));
    assert!(state.approvals().all(|approval| !approval.status.is_open()));
    assert!(
        state
            .holdings()
            .all(|holding| holding.lease_until_ms.is_none())
    );
    assert_eq!(world.next_due(), None);
}

/// The text that approvals are about.
fn body(world: &World) -> String {
    let step = Workspace.plan().steps().get(&id("s1"));
    step.body().read(&world.doc.transact())
}
