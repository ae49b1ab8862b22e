//! Several peers edit one document through the views, then agree.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

mod schema_support;

use crdt_schema::{
    content::InitialContent,
    gate::{self, Gate, Limits, OpenPens, Writer},
    markdown,
    member::{Kind, Role},
};
use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use schema_support::{apply, assert_conforms, edit, join, made, read, state, sync};
use serde_json::json;
use yrs::{ReadTxn, Transact};

#[derive(Debug, Clone)]
enum Event {
    Edit(usize, schema_support::Edit),
    Sync(usize, usize),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (0_usize..3, edit()).prop_map(|(peer, edit)| Event::Edit(peer, edit)),
        1 => (0_usize..3, 0_usize..3).prop_map(|(from, to)| Event::Sync(from, to)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn sch3_peers_that_synchronised_read_the_same(events in prop::collection::vec(event(), 1..60), seed in any::<u64>()) {
        let mut rng = StdRng::seed_from_u64(seed);
        let server = made(json!({"title": "Start", "steps": ["a", "b"], "tasks": ["t"]}));
        let peers = [join(&server, 2), join(&server, 3), join(&server, 4)];
        for event in &events {
            match event {
                Event::Edit(peer, edit) => apply(&peers[*peer], &mut rng, edit),
                Event::Sync(from, to) if from != to => sync(&peers[*from], &peers[*to]),
                Event::Sync(..) => {}
            }
        }
        for from in &peers {
            sync(from, &server);
        }
        for to in &peers {
            sync(&server, to);
            prop_assert_eq!(read(to), read(&server));
            assert_conforms(to);
        }
        let rendered = markdown::render(&read(&server));
        prop_assert_eq!(&rendered, &markdown::render(&read(&peers[2])));
        prop_assert!(!serde_json::to_string(&read(&server)).unwrap().contains('\r'));
    }

    #[test]
    fn sch1_the_gate_admits_what_views_write(edits in prop::collection::vec(edit(), 1..30), seed in any::<u64>()) {
        let mut rng = StdRng::seed_from_u64(seed);
        let server = made(json!({"steps": ["a"], "tasks": ["t"]}));
        let peer = join(&server, 2);
        let mut gate = Gate::rebuild(&state(&server), []).unwrap();
        let writer = Writer { member: "ana".parse().unwrap(), role: Role::Editor, kind: Kind::Agent };
        for edit in &edits {
            let known = peer.transact().state_vector();
            apply(&peer, &mut rng, edit);
            let update = peer.transact().encode_state_as_update_v1(&known);
            let limits = Limits::default();
            let walk = gate::walk(&update, &limits).unwrap();
            let admitted = gate.admit(&walk, &writer, &OpenPens);
            prop_assert!(admitted.is_ok(), "{edit:?}: {}", admitted.unwrap_err());
        }
    }

    #[test]
    fn sch7_what_is_exported_starts_an_equal_workspace(edits in prop::collection::vec(edit(), 0..40), seed in any::<u64>()) {
        let mut rng = StdRng::seed_from_u64(seed);
        let doc = made(json!({}));
        for edit in &edits {
            apply(&doc, &mut rng, edit);
        }
        let exported = serde_json::to_value(read(&doc)).unwrap();
        prop_assert!(InitialContent::from_json(exported.clone()).is_ok());
        let copy = made(exported);
        assert_conforms(&copy);
        prop_assert_eq!(read(&copy), read(&doc));
    }

    #[test]
    fn sch7_any_markdown_starts_a_workspace(text in "([#*-] |#{1,4} |\n|Plan|Goal|Tasks|Briefing|Notes|Facts|Sources|\\[x\\]|> |`{1,3}| · |done|step:a|  |\\PC){0,60}") {
        let doc = made(json!(text));
        assert_conforms(&doc);
        let rendered = markdown::render(&read(&doc));
        let again = made(json!(rendered));
        assert_conforms(&again);
    }
}
