//! The real binary, killed and stopped under load: every acknowledged edit is there afterwards.
//!
//! `CRASH_ROUNDS=300` kills more often.

#![allow(missing_docs, reason = "a test's title says what it holds")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::HashSet, env};

use penhold_tests::{
    binary::{Grant, Server, Signal},
    client::Client,
};
use rand::Rng as _;
use serde_json::json;
use sync_protocol::close;
use tokio::{sync::watch, task::JoinSet};
use yrs::{Text as _, WriteTxn as _};

const ROUNDS: usize = 30;
const WRITERS: u64 = 3;
/// Edits that a writer makes before it waits for an acknowledgement.
const IN_FLIGHT_MAX: u64 = 16;
/// Acknowledgements before the end comes, at most.
const ACKS_MAX: u64 = 250;

/// What one writer knows when its connection has ended.
struct Written {
    acknowledged: Vec<String>,
    close_code: u16,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dur1_killed_at_any_moment_under_load_it_has_every_acknowledged_edit() {
    let rounds = env::var("CRASH_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let mut server = Server::start().await.unwrap();
    let token = server.token(Grant::agent("Writer")).await.unwrap();
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        let workspace = format!("round-{round}");
        let (acks, writing) = begin(&server, &workspace, &token).await;
        let enough = rand::rng().random_range(1..=ACKS_MAX);
        until(&acks, enough).await;
        server.kill().await.unwrap();
        let marks = end(writing)
            .await
            .into_iter()
            .flat_map(|written| written.acknowledged);
        acknowledged.push((workspace, marks.collect::<Vec<_>>()));

        let said = server.run(&["verify"]).await.unwrap();
        assert_eq!(
            said, "every record is sound",
            "round {round}, killed after {enough} acks"
        );
        server.restart().await.unwrap();
        let (workspace, marks) = acknowledged.last().unwrap();
        assert!(
            marks.len() as u64 >= enough / 2,
            "hardly anything was acknowledged"
        );
        assert_holds(&server, workspace, marks).await;
    }
    for (workspace, marks) in &acknowledged {
        assert_holds(&server, workspace, marks).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dur14_stopped_under_load_it_saves_says_goodbye_and_ends_well() {
    let mut server = Server::start().await.unwrap();
    let token = server.token(Grant::agent("Writer")).await.unwrap();
    let (acks, writing) = begin(&server, "plan", &token).await;
    until(&acks, ACKS_MAX).await;
    server.signal(Signal::Terminate).await.unwrap();
    let written = end(writing).await;
    assert_eq!(server.ended().await.unwrap(), Some(0));
    for Written { close_code, .. } in &written {
        assert_eq!(*close_code, close::RESTART);
    }
    assert_eq!(
        server.run(&["verify"]).await.unwrap(),
        "every record is sound"
    );
    server.restart().await.unwrap();
    let marks: Vec<String> = written
        .into_iter()
        .flat_map(|written| written.acknowledged)
        .collect();
    assert_holds(&server, "plan", &marks).await;
}

/// Makes a workspace and sets the writers to work; counts what is acknowledged to them.
async fn begin(
    server: &Server,
    workspace: &str,
    token: &str,
) -> (watch::Receiver<u64>, JoinSet<Written>) {
    server
        .create(workspace, &json!({ "notes": "" }))
        .await
        .unwrap();
    let (count, acks) = watch::channel(0);
    let mut writing = JoinSet::new();
    for writer in 0..WRITERS {
        let url = format!(
            "ws://{}/sync/{workspace}?token={token}&penhold=1",
            server.address()
        );
        writing.spawn(write(url, writer, count.clone()));
    }
    (acks, writing)
}

async fn until(acks: &watch::Receiver<u64>, enough: u64) {
    let mut acks = acks.clone();
    acks.wait_for(|acks| *acks >= enough)
        .await
        .expect("writers go on until the server ends");
}

async fn end(writing: JoinSet<Written>) -> Vec<Written> {
    writing.join_all().await
}

/// Writes as fast as it is acknowledged, until the connection ends.
async fn write(url: String, writer: u64, count: watch::Sender<u64>) -> Written {
    let mut client = Client::connect(&url, 1_000 + writer).await;
    client.sync().await;
    // For each edit, how many frames were sent with it.
    let mut marks: Vec<(u64, String)> = Vec::new();
    while client.heard.closed.is_none() {
        if client.sent < client.heard.acked + IN_FLIGHT_MAX {
            let mark = format!("{writer}.{}", marks.len());
            client
                .edit(|txn| {
                    let notes = txn.get_or_insert_text("notes");
                    notes.push(txn, &format!("{mark};"));
                })
                .await;
            marks.push((client.sent, mark));
        } else {
            let before = client.heard.acked;
            client.hear().await;
            count.send_modify(|acks| *acks += client.heard.acked - before);
        }
    }
    let acknowledged = marks
        .into_iter()
        .filter(|(frames, _)| *frames <= client.heard.acked);
    Written {
        acknowledged: acknowledged.map(|(_, mark)| mark).collect(),
        close_code: client.heard.closed.map_or(0, |(code, _)| code),
    }
}

async fn assert_holds(server: &Server, workspace: &str, marks: &[String]) {
    let document = server.document(workspace).await.unwrap();
    let notes: HashSet<&str> = document["notes"].as_str().unwrap().split(';').collect();
    for mark in marks {
        assert!(
            notes.contains(&**mark),
            "{workspace}: edit {mark} was acknowledged and is lost"
        );
    }
}
