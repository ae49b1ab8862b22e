//! Who is not let in, and who is sent away.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crdt_schema::member::{Kind, Role};
use penhold_server::auth::{NewToken, Scope};
use penhold_tests::{
    client::Client,
    harness::{House, fresh_client_id},
};
use reqwest::Method;
use sync_protocol::close;

use super::{Bystander, append, house};

#[tokio::test]
async fn syn13_an_unknown_workspace_is_4404_and_404() {
    let house = house().await;
    let token = house.token("Ada", Role::Editor);
    for name in ["nowhere", "no%20id", "..%2Fplan"] {
        let (code, reason) = house.connect(name, &token).await.until_closed().await;
        assert_eq!(code, close::NOT_FOUND, "{reason}");
        assert!(reason.contains("there is no workspace"), "{reason}");
    }
    refused(&house, Method::GET, "/workspaces/nowhere", &token, 404).await;
    refused(&house, Method::PATCH, "/workspaces/nowhere", &token, 404).await;
    assert_eq!(
        house
            .connect_plain("nowhere", &token)
            .await
            .until_closed()
            .await
            .0,
        4404
    );
}

#[tokio::test]
async fn aut1_a_token_that_is_missing_foreign_or_expired_is_4401_and_401() {
    let house = house().await;
    let other = House::open().await;
    let expired = house.issue("Ada", Role::Editor, Some(now_ms() - 1)).token;
    let mut tampered = house.token("Ada", Role::Editor);
    let at = tampered.len() / 2;
    let letter = if &tampered[at..=at] == "A" { "B" } else { "A" };
    tampered.replace_range(at..=at, letter);
    for token in [
        "",
        "nonsense",
        &other.token("Ada", Role::Admin),
        &expired,
        &tampered,
    ] {
        let (code, reason) = house.connect("plan", token).await.until_closed().await;
        assert_eq!(code, close::UNAUTHENTICATED, "{token:?}: {reason}");
        assert!(!reason.is_empty());
        refused(&house, Method::GET, "/workspaces/plan", token, 401).await;
        refused(&house, Method::GET, "/workspaces", token, 401).await;
    }
}

#[tokio::test]
async fn aut4_a_revoked_token_is_refused_and_its_open_sockets_are_cut() {
    let house = house().await;
    let issued = house.issue("Ada", Role::Editor, None);
    let mut ada = house.join("plan", &issued.token).await;
    let bystander = Bystander::sit_down(&house).await;
    house.authority.revoke(&issued.id).unwrap();
    let (code, reason) = ada.until_closed().await;
    assert_eq!(code, close::UNAUTHENTICATED, "{reason}");
    let (code, reason) = house
        .connect("plan", &issued.token)
        .await
        .until_closed()
        .await;
    assert_eq!(code, close::UNAUTHENTICATED);
    assert!(reason.contains("revoked"), "{reason}");
    refused(&house, Method::GET, "/workspaces/plan", &issued.token, 401).await;
    bystander.noticed_nothing(&house).await;
}

#[tokio::test]
async fn aut1_an_open_socket_is_cut_when_its_token_expires() {
    let house = house().await;
    let issued = house.issue("Ada", Role::Editor, Some(now_ms() + 700));
    let mut ada = house.join("plan", &issued.token).await;
    assert_eq!(ada.until_closed().await.0, close::UNAUTHENTICATED);
}

#[tokio::test]
async fn aut11_a_token_for_other_workspaces_is_4403_and_403() {
    let house = house().await;
    let issued = house.authority.issue(NewToken {
        name: "Ada".to_owned(),
        kind: Kind::Agent,
        role: Role::Admin,
        workspaces: Scope::Only(["other".parse().unwrap()].into()),
        expires_ms: None,
    });
    let token = issued.unwrap().token;
    let (code, reason) = house.connect("plan", &token).await.until_closed().await;
    assert_eq!(code, close::FORBIDDEN, "{reason}");
    refused(&house, Method::GET, "/workspaces/plan", &token, 403).await;
    refused(&house, Method::DELETE, "/workspaces/plan", &token, 403).await;
}

#[tokio::test]
async fn aut10_commands_beyond_the_role_are_403() {
    let house = house().await;
    let (viewer, editor) = (
        house.token("Vic", Role::Viewer),
        house.token("Eve", Role::Editor),
    );
    for (method, path, token) in [
        (Method::POST, "/workspaces", &viewer),
        (Method::PATCH, "/workspaces/plan", &viewer),
        (Method::DELETE, "/workspaces/plan", &viewer),
        (Method::DELETE, "/workspaces/plan", &editor),
    ] {
        refused(&house, method, path, token, 403).await;
    }
    let reader = house.token("Reader", Role::Viewer);
    assert_eq!(house.notes("plan", &reader).await, "start");
}

#[tokio::test]
async fn gate8_a_forbidden_write_is_denied_with_its_path_and_changes_nothing() {
    let house = house().await;
    let bystander = Bystander::sit_down(&house).await;
    for (name, role, edit, path) in FORBIDDEN {
        let token = house.token(name, role);
        let mut client = house.join("plan", &token).await;
        client.edit(edit).await;
        client
            .until("denied", |client| client.heard.denied.is_some())
            .await;
        let (denied, reason) = client.heard.denied.clone().unwrap();
        assert!(denied.starts_with(path), "{denied}: {reason}");
        assert!(!reason.is_empty());

        let mut plain = house.connect_plain("plan", &token).await;
        plain.sync().await;
        plain.edit(edit).await;
        let (code, reason) = plain.until_closed().await;
        assert_eq!(code, close::FORBIDDEN, "{reason}");
        assert!(reason.contains(path), "{reason}");
    }
    bystander.noticed_nothing(&house).await;
}

#[tokio::test]
async fn gate9_what_a_denied_client_writes_next_is_ignored() {
    let house = house().await;
    let token = house.token("Eve", Role::Editor);
    let mut eve = house.join("plan", &token).await;
    eve.edit(into_control).await;
    eve.edit(append(" after")).await;
    eve.until("denied", |eve| eve.heard.denied.is_some()).await;
    eve.settle().await;
    assert_eq!(house.notes("plan", &token).await, "start");
    // It rejoins under a fresh client id.
    let mut eve = house.join("plan", &token).await;
    eve.edit(append(" after")).await;
    eve.until_saved().await;
    assert_eq!(house.notes("plan", &token).await, "start after");
}

#[tokio::test]
async fn syn10_another_lineage_is_4409() {
    let house = house().await;
    let token = house.token("Ada", Role::Editor);
    let bystander = Bystander::sit_down(&house).await;
    let lineage = "0123456789abcdef0123456789abcdef";
    let url = format!("{}&lineage={lineage}", house.url("plan", &token));
    let mut early = Client::connect(&url, fresh_client_id()).await;
    assert_eq!(early.until_closed().await.0, close::LINEAGE);
    let mut late = house.connect("plan", &token).await;
    late.send(sync_protocol::ext::Frame::Lineage(lineage).encode())
        .await;
    assert_eq!(late.until_closed().await.0, close::LINEAGE);
    let own = bystander.client.heard.hello.clone().unwrap().0;
    let url = format!("{}&lineage={own}", house.extended_url("plan", &token));
    let mut ada = Client::connect(&url, fresh_client_id()).await;
    ada.sync().await;
    ada.until_saved().await;
    bystander.noticed_nothing(&house).await;
}

type Edit = fn(&mut yrs::TransactionMut<'_>);

/// Who, in which role, does what, and where it is forbidden.
const FORBIDDEN: [(&str, Role, Edit, &str); 5] = [
    ("Vic", Role::Viewer, into_notes, "notes"),
    ("Vic", Role::Viewer, into_free_root, "x-mine"),
    ("Rob", Role::Reviewer, into_notes, "notes"),
    ("Eve", Role::Editor, into_control, "control"),
    ("Adi", Role::Admin, into_control, "control"),
];

fn into_notes(txn: &mut yrs::TransactionMut<'_>) {
    append(" intruder")(txn);
}

fn into_control(txn: &mut yrs::TransactionMut<'_>) {
    insert(txn, "control");
}

fn into_free_root(txn: &mut yrs::TransactionMut<'_>) {
    insert(txn, "x-mine");
}

fn insert(txn: &mut yrs::TransactionMut<'_>, root: &str) {
    use yrs::{Map as _, WriteTxn as _};
    txn.get_or_insert_map(root).insert(txn, "owner", "intruder");
}

/// The API answers with a problem of this status.
async fn refused(house: &House, method: Method, path: &str, token: &str, wanted: u16) {
    let body = match method {
        Method::POST => Some(serde_json::json!({ "title": "New" })),
        Method::PATCH => Some(serde_json::json!({ "title": "Renamed" })),
        _ => None,
    };
    let (status, problem) = house.ask(method, path, token, body).await;
    assert_eq!(
        (status, &problem["status"]),
        (wanted, &wanted.into()),
        "{path}: {problem}"
    );
    assert!(
        problem["detail"]
            .as_str()
            .is_some_and(|detail| !detail.is_empty()),
        "{problem}"
    );
}

fn now_ms() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    u64::try_from(since.as_millis()).unwrap()
}
