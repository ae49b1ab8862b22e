//! A server that cannot start says why in one line and changes nothing; a damaged store is named
//! and never taken for an empty one.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use crdt_schema::member::Role;
use penhold_server::store::{Store as _, memory::MemoryStore};
use penhold_tests::{
    binary::Server,
    damaged_store::{DamagedStore, Readable},
    harness::House,
};
use reqwest::Method;
use sync_protocol::close;

use super::append;

/// Runs `penhold serve` with arguments that it cannot start with; the line that it says.
async fn cannot_start(server: &Server, arguments: &[&str]) -> String {
    let output = server.command(arguments).unwrap().output().await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_ne!(output.status.code(), Some(0), "{arguments:?}: {said}");
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "",
        "{arguments:?}"
    );
    assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
    assert!(said.starts_with("penhold: "), "{said}");
    said
}

#[tokio::test]
async fn dur11_a_server_that_cannot_start_says_why_in_one_line_and_changes_nothing() {
    let server = Server::start().await.unwrap();
    let free = tempfile::tempdir().unwrap();
    let in_the_way = free.path().join("file");
    fs::write(&in_the_way, "not a directory").unwrap();
    let config = free.path().join("penhold.toml");
    fs::write(&config, "lissten = \"127.0.0.1:0\"\n").unwrap();
    let before = files(free.path());

    let data = free.path().join("data");
    let data = ["--data", data.to_str().unwrap()];
    let blocked = in_the_way.join("data");
    let anywhere = ["serve", "--listen", "127.0.0.1:0"];
    let address = server.address().to_owned();
    for (arguments, words) in [
        (
            vec!["serve", "--listen", &address, data[0], data[1]],
            "cannot listen on",
        ),
        (
            [&anywhere[..], &["--data", blocked.to_str().unwrap()]].concat(),
            "file",
        ),
        (
            [&anywhere[..], &data, &["--no-such-flag"]].concat(),
            "--no-such-flag",
        ),
        (
            vec!["serve", "--listen", "nowhere", data[0], data[1]],
            "nowhere",
        ),
        (
            vec!["serve", "--listen", "0.0.0.0:0", data[0], data[1]],
            "--behind-proxy",
        ),
        (
            [
                &anywhere[..],
                &data,
                &["--config", config.to_str().unwrap()],
            ]
            .concat(),
            "lissten",
        ),
        (
            [&anywhere[..], &data, &["--config", "/no/such/file.toml"]].concat(),
            "there is no file",
        ),
        ([&anywhere[..], &data, &["--log", "a=b=c"]].concat(), "log"),
        (vec!["sing"], "sing"),
        (
            vec!["verify", "--data", "/no/such/directory"],
            "there is no data directory",
        ),
    ] {
        let said = cannot_start(&server, &arguments).await;
        assert!(said.contains(words), "{arguments:?}: {said}");
        assert_eq!(
            files(free.path()),
            before,
            "{arguments:?} changed something"
        );
    }
    // The data directory of a running server, under another port.
    let said = cannot_start(&server, &anywhere).await;
    assert!(
        said.contains("in use") || said.contains("another"),
        "{said}"
    );
    server.document("welcome").await.ok();
}

#[tokio::test]
async fn dur11_an_unusable_environment_variable_is_named() {
    let server = Server::start().await.unwrap();
    let mut command = server
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .unwrap();
    let output = command
        .env("PENHOLD_LIMITS__SOCKETS_MAX", "many")
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_ne!(output.status.code(), Some(0));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.to_lowercase().contains("sockets_max"), "{said}");
}

#[tokio::test]
async fn dur5_a_damaged_workspace_opens_read_only_at_its_last_good_state() {
    let house = damaged(Readable::Entries(2)).await;
    let token = house.token("Ada", Role::Editor);
    let mut ada = house.connect("plan", &token).await;
    ada.sync().await;
    ada.until("told", |ada| ada.heard.read_only.is_some()).await;
    let why = ada.heard.read_only.clone().unwrap();
    assert!(why.contains("log of plan"), "{why}");
    assert_eq!(ada.notes(), "start one", "the last good state");
    ada.edit(append(" more")).await;
    ada.until("denied", |ada| ada.heard.denied.is_some()).await;
    assert_eq!(house.notes("plan", &token).await, "start one");
    goes_on(&house, &token).await;
}

#[tokio::test]
async fn dur5_a_workspace_without_a_good_state_is_not_opened() {
    let house = damaged(Readable::Nothing).await;
    let token = house.token("Ada", Role::Editor);
    let mut ada = house.connect("plan", &token).await;
    assert_eq!(ada.until_closed().await.0, close::TRY_LATER);
    assert_eq!(ada.heard.answers, 0, "nothing was shown");
    let (status, problem) = house
        .ask(Method::GET, "/workspaces/plan", &token, None)
        .await;
    assert_eq!(status, 503, "{problem}");
    goes_on(&house, &token).await;
}

/// A server whose workspace `plan` is damaged, and `other` is not; each was edited twice.
async fn damaged(readable: Readable) -> House {
    let store = Arc::new(MemoryStore::new());
    let house = House::over(store.clone(), |_| {}).await;
    for workspace in ["plan", "other"] {
        house.create(workspace, "start").await;
        let mut writer = house
            .join(workspace, &house.token("Writer", Role::Editor))
            .await;
        for text in [" one", " two"] {
            writer.edit(append(text)).await;
            writer.until_saved().await;
        }
        let stored = store.load(&workspace.parse().unwrap()).await.unwrap();
        assert_eq!(stored.tail.len(), 3, "the start and two edits");
    }
    // It ends without a snapshot, and leaves the logs as they are.
    house.store.fill_disk();
    house.stop().await;
    let workspace = "plan".parse().unwrap();
    House::over(
        Arc::new(DamagedStore {
            inner: store,
            workspace,
            readable,
        }),
        |_| {},
    )
    .await
}

async fn goes_on(house: &House, token: &str) {
    let mut ben = house.join("other", token).await;
    ben.edit(append(" goes on")).await;
    ben.until_saved().await;
    assert_eq!(house.notes("other", token).await, "start one two goes on");
}

fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            let content = fs::read(entry.path()).unwrap_or_default();
            (entry.file_name().into_string().unwrap(), content)
        })
        .collect()
}
