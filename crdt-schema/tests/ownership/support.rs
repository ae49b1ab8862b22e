//! A workspace as a room runs it: look up, decide, record, apply, project.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{cell::RefCell, collections::BTreeMap};

use crdt_schema::{
    content::{self, InitialContent},
    document,
    ids::{ElementId, MemberId},
    item::Item,
    member::{Kind, Member, Role},
    ownership::{
        Action, Command, Context, Decision, Event, Mode, NewApproval, Outcome, Owner, Pen,
        QueueName, Reason, Receiver, Record, Refusal, State, Surroundings, Trigger, facts, project,
        project_all,
    },
    schema::Workspace,
};
use rand::{SeedableRng, rngs::StdRng};
use serde_json::json;
use yrs::{Doc, Transact};

pub(crate) const LINEAGE: &str = "a-lineage";
pub(crate) const MINUTE_MS: u64 = 60_000;
pub(crate) const DAY_MS: u64 = 24 * 60 * MINUTE_MS;

/// A workspace with its document, as a room has it.
pub(crate) struct World {
    pub(crate) doc: Doc,
    pub(crate) state: State,
    pub(crate) records: Vec<Record>,
    pub(crate) now_ms: u64,
    /// The position in the log: grows with every edit and record.
    pub(crate) cursor: u64,
    pub(crate) seen: RefCell<BTreeMap<MemberId, u64>>,
    pub(crate) rng: StdRng,
}

pub(crate) fn member(id: &str, kind: Kind, role: Role) -> Member {
    let name = format!("{}{}", id[..1].to_uppercase(), &id[1..]);
    Member {
        id: id.parse().unwrap(),
        name,
        kind,
        role,
    }
}

pub(crate) fn mara() -> Member {
    member("mara", Kind::Human, Role::Admin)
}

pub(crate) fn ravi() -> Member {
    member("ravi", Kind::Human, Role::Editor)
}

pub(crate) fn rita() -> Member {
    member("rita", Kind::Human, Role::Reviewer)
}

pub(crate) fn vera() -> Member {
    member("vera", Kind::Human, Role::Viewer)
}

pub(crate) fn agent(id: &str) -> Member {
    member(id, Kind::Agent, Role::Editor)
}

pub(crate) fn planner() -> Member {
    agent("planner")
}

pub(crate) fn id(text: &str) -> ElementId {
    text.parse().unwrap()
}

pub(crate) fn item(text: &str) -> Item {
    text.parse().unwrap()
}

pub(crate) fn queue(text: &str) -> QueueName {
    text.parse().unwrap()
}

pub(crate) fn owned_by(member: &Member) -> Owner {
    Owner::Member(member.id.clone())
}

pub(crate) fn content() -> serde_json::Value {
    json!({
        "plan": {"goal": "Win the grant", "steps": [
            {"id": "s1", "title": "Budget", "body": "Ask finance", "tier": "strategic"},
            {"id": "s2", "title": "Draft", "body": "Write it"},
        ]},
        "briefing": {
            "intent": "Hand in by Friday",
            "next_step": "Ask finance for the numbers",
            "actions": [{"text": "Read the call", "outcome": "done"}],
            "constraints": [{"text": "At most ten pages"}],
            "sources": [{"title": "The call", "uri": "https://example.org/call", "kind": "page"}],
        },
        "tasks": [{"id": "t1", "title": "Numbers"}, {"id": "t2", "title": "Letter"}],
    })
}

impl World {
    /// A workspace with a plan, a complete briefing and tasks, made by `by`.
    pub(crate) fn made_by(by: &Member) -> Self {
        Self::with(by, content())
    }

    pub(crate) fn with(by: &Member, content: serde_json::Value) -> Self {
        let doc = document::new_doc(1);
        let mut rng = StdRng::seed_from_u64(11);
        let initial = InitialContent::from_json(content).expect("content is sound");
        let state = State::new(LINEAGE, &by.id);
        let mut txn = doc.transact_mut();
        content::write(initial, &mut txn, &mut rng).expect("content is sound");
        project_all(&state, &mut txn);
        drop(txn);
        let mut world = Self {
            doc,
            state,
            records: Vec::new(),
            now_ms: 1_000_000,
            cursor: 0,
            seen: RefCell::default(),
            rng,
        };
        let opening = world.state.opening(by, world.now_ms);
        world.take(None, None, opening);
        world
    }

    /// A workspace of Mara's in which `agent` holds the plan.
    pub(crate) fn with_plan_at(agent: &Member) -> Self {
        let mut world = Self::made_by(&mara());
        world.hand(&mara(), "plan", agent).unwrap();
        world
    }

    pub(crate) fn run(&mut self, by: &Member, command: Command) -> Result<Outcome, Refusal> {
        self.attempt(by, None, &command)
    }

    pub(crate) fn keyed(
        &mut self,
        by: &Member,
        key: &str,
        command: Command,
    ) -> Result<Outcome, Refusal> {
        self.attempt(by, Some(key), &command)
    }

    pub(crate) fn attempt(
        &mut self,
        by: &Member,
        key: Option<&str>,
        command: &Command,
    ) -> Result<Outcome, Refusal> {
        let has_artifact = |hash: &str| hash == "kept";
        let around = Surroundings {
            cursor: self.cursor,
            has_artifact: &has_artifact,
        };
        let facts = facts(command, &self.state, &self.doc.transact(), &around);
        let seen = &self.seen;
        let activity = |id: &MemberId| seen.borrow().get(id).copied();
        let cx = Context {
            by,
            now_ms: self.now_ms,
            key,
            facts: &facts,
            activity: &activity,
        };
        match self.state.decide(&cx, command, &mut self.rng)? {
            Decision::Again(outcome) => Ok(outcome),
            Decision::New(events) => Ok(self.take(Some(&by.id), key, events)),
        }
    }

    fn take(&mut self, by: Option<&MemberId>, key: Option<&str>, events: Vec<Event>) -> Outcome {
        assert!(!events.is_empty(), "a record says something");
        let record = self.state.record(self.now_ms, by, key, events);
        self.state.apply(&record).expect("it follows");
        project(&self.state, &record.events, &mut self.doc.transact_mut());
        let outcome = Outcome::of(&record);
        self.records.push(record);
        self.cursor += 1;
        outcome
    }

    /// Lets time pass; what becomes due happens at the end of it.
    pub(crate) fn pass(&mut self, ms: u64) {
        self.now_ms += ms;
        let events = self.due();
        if !events.is_empty() {
            self.take(None, None, events);
        }
    }

    pub(crate) fn due(&self) -> Vec<Event> {
        let seen = self.seen.borrow();
        self.state
            .due(self.now_ms, &|id: &MemberId| seen.get(id).copied())
    }

    pub(crate) fn next_due(&self) -> Option<u64> {
        let seen = self.seen.borrow();
        self.state.next_due(&|id: &MemberId| seen.get(id).copied())
    }

    /// The member gives a sign of life.
    pub(crate) fn see(&mut self, member: &Member) {
        self.seen
            .borrow_mut()
            .insert(member.id.clone(), self.now_ms);
    }

    pub(crate) fn edit(&mut self, edit: impl FnOnce(&mut yrs::TransactionMut<'_>)) {
        edit(&mut self.doc.transact_mut());
        self.cursor += 1;
    }

    pub(crate) fn set_body(&mut self, step: &str, text: &str) {
        let step = Workspace.plan().steps().get(&id(step));
        self.edit(|txn| step.body().set(txn, text).unwrap());
    }

    pub(crate) fn epoch(&self, of: &str) -> u64 {
        self.state.holding(&item(of)).epoch
    }

    pub(crate) fn owner(&self, of: &str) -> Owner {
        self.state.holding(&item(of)).owner
    }

    pub(crate) fn pen(&self, member: &Member, at: &str) -> Pen {
        self.state
            .pen(&member.id, member.kind, member.role, &item(at))
    }

    /// The events of the last record, without introductions.
    pub(crate) fn last(&self) -> Vec<&Event> {
        let events = self.records.last().expect("there is one").events.iter();
        events
            .filter(|event| !matches!(event, Event::MemberKnown { .. } | Event::Keyed { .. }))
            .collect()
    }

    /// A cold handoff at the item's epoch.
    pub(crate) fn hand(&mut self, by: &Member, of: &str, to: &Member) -> Result<Outcome, Refusal> {
        let command = self.hand_off(of, Receiver::Member(to.clone()), Mode::Cold);
        self.run(by, command)
    }

    /// A warm handoff at the item's epoch.
    pub(crate) fn offer(&mut self, by: &Member, of: &str, to: &Member) -> ElementId {
        let command = self.hand_off(of, Receiver::Member(to.clone()), Mode::Warm);
        self.run(by, command).unwrap().id.unwrap()
    }

    pub(crate) fn hand_to_queue(&mut self, by: &Member, of: &str, name: &str) {
        let command = self.hand_off(of, Receiver::Queue(queue(name)), Mode::Cold);
        self.run(by, command).unwrap();
    }

    pub(crate) fn hand_off(&self, of: &str, to: Receiver, mode: Mode) -> Command {
        Command::HandOff {
            item: item(of),
            to,
            mode,
            reason: reason(),
            epoch: self.epoch(of),
            emergency: false,
        }
    }

    pub(crate) fn claim(&mut self, by: &Member, of: &str) -> Result<Outcome, Refusal> {
        let (item, epoch) = (item(of), self.epoch(of));
        self.run(by, Command::Claim { item, epoch })
    }

    pub(crate) fn release(&mut self, by: &Member, of: &str) -> Result<Outcome, Refusal> {
        let (item, epoch) = (item(of), self.epoch(of));
        self.run(by, Command::Release { item, epoch })
    }

    pub(crate) fn take_over(&mut self, by: &Member, of: &str) -> Result<Outcome, Refusal> {
        let command = Command::TakeOver {
            item: item(of),
            epoch: self.epoch(of),
            note: "mine now".into(),
        };
        self.run(by, command)
    }

    pub(crate) fn decide(&mut self, by: &Member, of: &str) -> Result<ElementId, Refusal> {
        let command = Command::PostDecision {
            item: item(of),
            question: None,
            title: "Use plan B".into(),
            note: "It is cheaper".into(),
        };
        Ok(self.run(by, command)?.id.unwrap())
    }

    /// Takes a decision; answers its lease.
    pub(crate) fn take_decision(
        &mut self,
        by: &Member,
        decision: &ElementId,
    ) -> Result<ElementId, Refusal> {
        let id = decision.clone();
        let taken = self.run(by, Command::TakeDecision { id })?;
        Ok(taken.lease.unwrap())
    }

    pub(crate) fn ask(&mut self, by: &Member, ask: NewApproval) -> ElementId {
        self.run(by, Command::AskApproval(ask)).unwrap().id.unwrap()
    }

    pub(crate) fn approve(&mut self, by: &Member, id: &ElementId) -> Result<Outcome, Refusal> {
        let command = Command::AnswerApproval {
            id: id.clone(),
            verdict: crdt_schema::ownership::Verdict::Approve,
            note: "Go ahead".into(),
            action: None,
            seen: None,
        };
        self.run(by, command)
    }

    pub(crate) fn take_approval(
        &mut self,
        by: &Member,
        id: &ElementId,
    ) -> Result<Outcome, Refusal> {
        self.run(by, Command::TakeApproval { id: id.clone() })
    }
}

pub(crate) fn reason() -> Reason {
    Reason {
        trigger: Trigger::Confidence,
        note: "The budget needs a call".into(),
        confidence: Some(0.4),
    }
}

/// An approval to send a mail about the body of the step `s1`.
pub(crate) fn mail() -> NewApproval {
    NewApproval {
        title: "Mail the funder".into(),
        action: Action {
            kind: "mail".into(),
            arguments: json!({"to": "funder@example.org", "copies": 2}),
        },
        why: "They asked for it".into(),
        if_approved: "The mail is sent".into(),
        if_declined: "Nothing is sent".into(),
        reversible: false,
        risk: 0.6,
        scope: vec!["plan/steps/s1/body".parse().unwrap()],
        named: Vec::new(),
        expires_in_ms: None,
    }
}

/// The open things in the document's `control` root, as JSON.
pub(crate) fn control(doc: &Doc) -> serde_json::Value {
    use yrs::{ReadTxn, types::ToJson};
    let txn = doc.transact();
    let control = txn.get_map("control").expect("roots are declared");
    serde_json::to_value(control.to_json(&txn)).unwrap()
}
