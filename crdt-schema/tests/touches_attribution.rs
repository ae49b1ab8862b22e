//! Who wrote what. Each member writes a letter of its own, so the text itself is the answer.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

mod schema_support;

use crdt_schema::{
    attribution::{self, Age, Authors, Clocks, OnBehalf, People},
    ids::MemberId,
    member::Kind,
    path::DocPath,
    schema::{NewStep, Place, Workspace},
    touches::Touches,
};
use proptest::{prelude::*, sample::Index};
use rand::{SeedableRng, rngs::StdRng};
use schema_support::{join, made, sync};
use serde_json::json;
use yrs::{Doc, Map, MapRef, Transact, WriteTxn};

const LETTERS: [char; 3] = ['a', 'b', 'é'];
const PEERS: u64 = 3;

fn member(id: &str) -> MemberId {
    id.parse().unwrap()
}

fn letter_of(by: Option<&MemberId>) -> char {
    match by.map(MemberId::as_str) {
        Some("ana") => 'a',
        Some("ben") => 'b',
        Some("planner") => 'é',
        Some(other) => panic!("{other} did not take part"),
        None => '?',
    }
}

fn name_of(letter: char) -> MemberId {
    member(match letter {
        'a' => "ana",
        'b' => "ben",
        _ => "planner",
    })
}

/// A workspace where the members write under the client ids 10, 11 and 12.
fn workspace() -> Doc {
    let doc = made(json!({ "title": "T" }));
    let mut txn = doc.transact_mut();
    let control = txn.get_or_insert_map("control");
    let authors: MapRef = control.get_or_init(&mut txn, "authors");
    for (at, letter) in LETTERS.iter().enumerate() {
        let client = 10 + at as u64;
        authors.insert(&mut txn, client.to_string(), name_of(*letter).as_str());
    }
    drop(txn);
    doc
}

#[derive(Debug, Clone)]
enum Deed {
    Write(usize, Index, usize),
    Erase(usize, Index, Index),
    ForMember(usize, Index, usize),
    Sync(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    let peer = || 0..PEERS as usize;
    prop_oneof![
        4 => (peer(), any::<Index>(), 1_usize..6).prop_map(|(who, at, n)| Deed::Write(who, at, n)),
        2 => (peer(), any::<Index>(), any::<Index>()).prop_map(|(who, a, b)| Deed::Erase(who, a, b)),
        2 => (peer(), any::<Index>(), 1_usize..6).prop_map(|(who, at, n)| Deed::ForMember(who, at, n)),
        2 => peer().prop_map(Deed::Sync),
    ]
}

struct Play {
    server: Doc,
    peers: Vec<Doc>,
    on_behalf: OnBehalf,
}

impl Play {
    fn new() -> Self {
        let server = workspace();
        let peers = (0..PEERS).map(|n| join(&server, 10 + n)).collect();
        Self {
            server,
            peers,
            on_behalf: OnBehalf::default(),
        }
    }

    fn act(&mut self, deed: &Deed, upper: bool) {
        let letters = |who: usize, n: usize| {
            let text: String = std::iter::repeat_n(LETTERS[who], n).collect();
            if upper { text.to_uppercase() } else { text }
        };
        match deed {
            Deed::Write(who, at, n) => write(&self.peers[*who], at, &letters(*who, *n)),
            Deed::Erase(who, a, b) => erase(&self.peers[*who], a, b),
            Deed::ForMember(who, at, n) => {
                let client = self.server.client_id().get();
                let clock = || Clocks::of(&self.server.transact()).get(client);
                let before = clock();
                write(&self.server, at, &letters(*who, *n));
                let by = name_of(LETTERS[*who]);
                self.on_behalf.note(client, before..clock(), &by);
            }
            Deed::Sync(who) => {
                sync(&self.peers[*who], &self.server);
                sync(&self.server, &self.peers[*who]);
            }
        }
    }

    fn gather(&self) {
        for peer in &self.peers {
            sync(peer, &self.server);
        }
        for peer in &self.peers {
            sync(&self.server, peer);
        }
    }
}

fn write(doc: &Doc, at: &Index, text: &str) {
    let notes = Workspace.notes();
    let mut txn = doc.transact_mut();
    let at = at.index(notes.len(&txn) as usize + 1);
    notes.insert(&mut txn, at as u32, text).unwrap();
}

fn erase(doc: &Doc, a: &Index, b: &Index) {
    let notes = Workspace.notes();
    let mut txn = doc.transact_mut();
    let length = notes.len(&txn) as usize;
    let (a, b) = (a.index(length + 1), b.index(length + 1));
    let range = a.min(b) as u32..a.max(b) as u32;
    notes.delete(&mut txn, range).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn dig1_every_character_is_its_writers_and_as_old_as_it_is(
        before in prop::collection::vec(deed(), 0..25),
        after in prop::collection::vec(deed(), 0..25),
        last in (any::<Index>(), any::<Index>()),
    ) {
        let mut play = Play::new();
        for deed in &before {
            play.act(deed, false);
        }
        play.gather();
        let clocks = Clocks::of(&play.server.transact());
        for deed in &after {
            play.act(deed, true);
        }
        play.gather();
        erase(&play.server, &last.0, &last.1);

        let text = Workspace.notes().read(&play.server.transact());
        let mut txn = play.server.transact_mut();
        let authors = Authors::read(&txn, &play.on_behalf);
        let path: DocPath = "notes".parse().unwrap();
        let runs = attribution::runs(&mut txn, &path, &authors, &clocks);
        let mut told = String::new();
        for run in &runs {
            prop_assert_eq!(run.range.start as usize, told.chars().count());
            for _ in run.range.clone() {
                let letter = letter_of(run.by.as_ref());
                match run.age {
                    Age::Before => told.push(letter),
                    Age::Since => told.extend(letter.to_uppercase()),
                }
            }
        }
        prop_assert_eq!(told, text);
        for pair in runs.windows(2) {
            prop_assert!((&pair[0].by, pair[0].age) != (&pair[1].by, pair[1].age));
        }
    }
}

#[test]
fn dig1_words_deleted_in_the_same_transaction_are_not_told() {
    let mut play = Play::new();
    play.act(&Deed::Write(0, at_start(), 5), false);
    play.gather();
    let mut txn = play.server.transact_mut();
    Workspace.notes().delete(&mut txn, 1..3).unwrap();
    let authors = Authors::read(&txn, &OnBehalf::default());
    let path: DocPath = "notes".parse().unwrap();
    let runs = attribution::runs(&mut txn, &path, &authors, &Clocks::default());
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0].range, 0..3);
}

fn at_start() -> Index {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    any::<Index>()
        .new_tree(&mut TestRunner::deterministic())
        .unwrap()
        .current()
}

#[test]
fn dig1_elements_have_makers_and_values_last_writers() {
    let play = Play::new();
    let ben = &play.peers[1];
    let mut rng = StdRng::seed_from_u64(3);
    let id = {
        let mut txn = ben.transact_mut();
        let steps = Workspace.plan().steps();
        steps
            .add(&mut txn, &mut rng, Place::Last, NewStep::default())
            .unwrap()
    };
    play.gather();
    let txn = play.server.transact();
    let authors = Authors::read(&txn, &OnBehalf::default());
    let step: DocPath = format!("plan/steps/{id}").parse().unwrap();
    assert_eq!(
        attribution::maker(&txn, &step, &authors),
        Some(member("ben"))
    );
    let frame: DocPath = "plan/steps".parse().unwrap();
    assert_eq!(attribution::maker(&txn, &frame, &authors), None);

    let status: DocPath = format!("plan/steps/{id}/status").parse().unwrap();
    let mut touches = Touches::default();
    touches.note(&status, &member("ben"), 3, 30);
    touches.note(&status, &member("ana"), 5, 50);
    let last = attribution::last_writer(&touches, &status, 2).unwrap();
    assert_eq!((last.member.as_str(), last.seq, last.at_ms), ("ana", 5, 50));
    assert!(attribution::last_writer(&touches, &status, 5).is_none());
}

#[test]
fn dig1_people_are_told_from_agents() {
    let doc = workspace();
    {
        let mut txn = doc.transact_mut();
        let control = txn.get_or_insert_map("control");
        let members: MapRef = control.get_or_init(&mut txn, "members");
        for (id, kind) in [("ana", "human"), ("planner", "agent")] {
            let card: MapRef = members.get_or_init(&mut txn, id);
            card.insert(&mut txn, "name", id.to_uppercase());
            card.insert(&mut txn, "kind", kind);
        }
    }
    let people = People::read(&doc.transact());
    let ana = people.who(&member("ana"));
    assert_eq!((ana.name.as_str(), ana.kind), ("ANA", Some(Kind::Human)));
    assert_eq!(people.who(&member("planner")).label(), "PLANNER (agent)");
    assert_eq!(people.who(&member("stranger")).label(), "stranger");
}

proptest! {
    #[test]
    fn dig1_what_the_server_wrote_for_members_reads_back(
        notes in prop::collection::vec((1_u64..3, 0_u32..50, 0_u32..5, 0_usize..3), 0..30),
        junk in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut on_behalf = OnBehalf::default();
        for (client, start, length, who) in notes {
            on_behalf.note(client, start..start + length, &name_of(LETTERS[who]));
        }
        prop_assert_eq!(OnBehalf::decode(&on_behalf.encode()).unwrap(), on_behalf);
        drop(OnBehalf::decode(&junk));
    }
}
