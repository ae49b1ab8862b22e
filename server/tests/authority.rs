//! AUT rules of the authority, without a server.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeSet, fs, os::unix::fs::PermissionsExt as _, path::Path};

use axum::http::{HeaderMap, HeaderValue, header};
use crdt_schema::member::{Kind, Role};
use penhold_server::{
    auth::{
        Access, Authority, Denied, NewToken, Scope,
        headers::{COOKIE, Intent},
        origin::Origins,
        rate::{RateLimits, Rates},
    },
    clock::now_ms,
};
use proptest::prelude::*;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const HOUR_MS: u64 = 3_600_000;

fn open(dir: &TempDir) -> Authority {
    Authority::open(dir.path()).unwrap()
}

fn grant(name: &str) -> NewToken {
    NewToken {
        name: name.to_owned(),
        kind: Kind::Agent,
        role: Role::Editor,
        workspaces: Scope::All,
        expires_ms: None,
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn headers(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
    let pairs = pairs
        .iter()
        .map(|(name, value)| (name.clone(), value.parse().unwrap()));
    pairs.collect::<HeaderMap<HeaderValue>>()
}

#[test]
fn aut1_a_token_opens_what_it_was_issued_for_until_it_ends() {
    let dir = TempDir::new().unwrap();
    let authority = open(&dir);
    let only = BTreeSet::from(["alpha".parse().unwrap()]);
    let end = now_ms() + HOUR_MS;
    let new = NewToken {
        workspaces: Scope::Only(only),
        expires_ms: Some(end),
        ..grant("Planner")
    };
    let issued = authority.issue(new).unwrap();

    let access = authority.verify(&issued.token, end - 1).unwrap();
    assert_eq!(access.member, issued.member);
    assert_eq!(
        (access.member.kind, access.member.role),
        (Kind::Agent, Role::Editor)
    );
    assert!(access.may_open(&"alpha".parse().unwrap()));
    assert!(!access.may_open(&"beta".parse().unwrap()));
    assert_eq!(authority.verify(&issued.token, end), Err(Denied::Expired));
    assert!(!authority.still_valid(&access, end));
}

#[test]
fn aut1_tokens_of_another_data_directory_are_unknown() {
    let (here, there) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let foreign = open(&there).issue(grant("Planner")).unwrap();
    assert_eq!(
        open(&here).verify(&foreign.token, now_ms()),
        Err(Denied::Unknown)
    );
}

#[test]
fn aut1_an_unsigned_token_is_unknown() {
    let dir = TempDir::new().unwrap();
    let token = open(&dir).issue(grant("Planner")).unwrap().token;
    let claims = token.split('.').nth(1).unwrap();
    // {"typ":"JWT","alg":"none"}
    let unsigned = format!("eyJ0eXAiOiJKV1QiLCJhbGciOiJub25lIn0.{claims}.");
    assert_eq!(open(&dir).verify(&unsigned, now_ms()), Err(Denied::Unknown));
}

proptest! {
    #[test]
    fn aut1_a_changed_token_is_never_accepted(at in any::<prop::sample::Index>(), byte in 33_u8..127) {
        let dir = TempDir::new().unwrap();
        let authority = open(&dir);
        let issued = authority.issue(grant("Planner")).unwrap();
        let mut bytes = issued.token.clone().into_bytes();
        let at = at.index(bytes.len() - 1);
        prop_assume!(bytes[at] != byte);
        bytes[at] = byte;
        let changed = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(authority.verify(&changed, now_ms()), Err(Denied::Unknown));
    }

    #[test]
    fn aut1_no_text_makes_the_check_panic(text in ".*") {
        let dir = TempDir::new().unwrap();
        prop_assert!(open(&dir).verify_socket(&text, now_ms()).is_err());
    }
}

#[test]
fn aut2_keys_and_registry_are_readable_by_the_owner_alone() {
    let dir = TempDir::new().unwrap();
    open(&dir).issue(grant("Planner")).unwrap();
    let folder = dir.path().join("auth");
    assert_eq!(mode(&folder), 0o700);
    for entry in fs::read_dir(&folder).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }
}

#[test]
fn aut2_what_others_could_read_is_closed_when_opened() {
    let dir = TempDir::new().unwrap();
    open(&dir);
    let key = dir.path().join("auth/signing.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    open(&dir);
    assert_eq!(mode(&key), 0o600);
}

#[test]
fn aut2_a_cut_short_key_is_refused_and_not_replaced() {
    let dir = TempDir::new().unwrap();
    open(&dir);
    let key = dir.path().join("auth/signing.key");
    fs::write(&key, b"short").unwrap();
    let error = Authority::open(dir.path()).unwrap_err();
    assert!(
        error.to_string().contains("signing.key is damaged"),
        "{error}"
    );
    assert_eq!(fs::read(&key).unwrap(), b"short");
}

#[test]
fn aut2_makers_that_start_at_once_agree_on_one_key() {
    let dir = TempDir::new().unwrap();
    let makers: Vec<_> = (0..8)
        .map(|_| {
            let path = dir.path().to_owned();
            std::thread::spawn(move || Authority::open(&path).unwrap())
        })
        .collect();
    let authorities: Vec<_> = makers
        .into_iter()
        .map(|maker| maker.join().unwrap())
        .collect();
    let token = authorities[0].issue(grant("Planner")).unwrap().token;
    assert!(
        authorities
            .iter()
            .all(|authority| authority.verify(&token, now_ms()).is_ok())
    );
}

#[test]
fn aut3_the_same_name_and_kind_is_the_same_member() {
    let dir = TempDir::new().unwrap();
    let authority = open(&dir);
    let id = |new| authority.issue(new).unwrap().member.id.as_str().to_owned();
    assert_eq!(id(grant("Mara Lind")), "mara-lind");
    assert_eq!(
        id(NewToken {
            role: Role::Viewer,
            ..grant("Mara Lind")
        }),
        "mara-lind"
    );
    assert_eq!(
        id(NewToken {
            kind: Kind::Human,
            ..grant("Mara Lind")
        }),
        "mara-lind-2"
    );
    assert_eq!(id(grant("mara lind")), "mara-lind-3");
    assert_eq!(id(grant("麻良")), "member");
}

#[test]
fn aut3_names_that_cannot_be_shown_are_refused() {
    let dir = TempDir::new().unwrap();
    for name in ["", "  ", "a\nb", &"x".repeat(81)] {
        assert!(open(&dir).issue(grant(name)).is_err(), "{name:?}");
    }
}

#[test]
fn aut4_a_revoked_token_is_refused_at_once_and_after_a_restart() {
    let dir = TempDir::new().unwrap();
    let authority = open(&dir);
    let changes = authority.changes();
    let issued = authority.issue(grant("Planner")).unwrap();
    let access = authority.verify(&issued.token, now_ms()).unwrap();
    authority.revoke(&issued.id).unwrap();
    assert!(changes.has_changed().unwrap());
    assert!(!authority.still_valid(&access, now_ms()));
    assert_eq!(
        authority.verify(&issued.token, now_ms()),
        Err(Denied::Revoked)
    );
    assert_eq!(
        open(&dir).verify(&issued.token, now_ms()),
        Err(Denied::Revoked)
    );
}

#[test]
fn aut4_revoking_what_was_never_issued_says_so() {
    let dir = TempDir::new().unwrap();
    let error = open(&dir).revoke("0123456789abcdef").unwrap_err();
    assert!(error.to_string().contains("no token"), "{error}");
}

#[tokio::test]
async fn aut4_a_revocation_by_another_process_is_noticed() {
    let dir = TempDir::new().unwrap();
    let server = open(&dir);
    let stop = CancellationToken::new();
    let following = tokio::spawn({
        let (server, stop) = (server.clone(), stop.clone());
        async move { server.follow_registry(stop).await }
    });
    let mut changes = server.changes();

    let other = open(&dir);
    let issued = other.issue(grant("Planner")).unwrap();
    let access = server.verify(&issued.token, now_ms()).unwrap();
    other.revoke(&issued.id).unwrap();
    changes.changed().await.unwrap();
    assert!(!server.still_valid(&access, now_ms()));
    assert_eq!(server.tokens().len(), 1);

    stop.cancel();
    following.await.unwrap();
}

#[test]
fn aut4_a_line_that_a_crash_cut_short_does_not_hide_later_revocations() {
    let dir = TempDir::new().unwrap();
    let authority = open(&dir);
    let issued = authority.issue(grant("Planner")).unwrap();
    let registry = dir.path().join("auth/registry.jsonl");
    let mut text = fs::read(&registry).unwrap();
    text.extend_from_slice(b"{\"event\":\"revo");
    fs::write(&registry, text).unwrap();
    open(&dir).revoke(&issued.id).unwrap();
    assert_eq!(
        open(&dir).verify(&issued.token, now_ms()),
        Err(Denied::Revoked)
    );
}

#[test]
fn aut4_a_damaged_line_is_named_and_refused() {
    let dir = TempDir::new().unwrap();
    open(&dir).issue(grant("Planner")).unwrap();
    let registry = dir.path().join("auth/registry.jsonl");
    let text = fs::read_to_string(&registry)
        .unwrap()
        .replace("issued", "isxued");
    fs::write(&registry, text).unwrap();
    let error = Authority::open(dir.path()).unwrap_err();
    assert!(error.to_string().contains("byte 0"), "{error}");
}

#[test]
fn aut5_a_sign_in_link_works_once() {
    let dir = TempDir::new().unwrap();
    let server = open(&dir);
    let link = open(&dir).sign_in_link(grant("Mara"), HOUR_MS).unwrap();
    let session = server.exchange(&link.code, now_ms()).unwrap();
    let access = server.verify(&session.token, now_ms()).unwrap();
    assert_eq!(access.member.name, "Mara");
    assert!(access.expires_ms.is_some(), "a session ends");
    assert!(server.exchange(&link.code, now_ms()).is_err());
    assert!(
        open(&dir).exchange(&link.code, now_ms()).is_err(),
        "not after a restart either"
    );
}

#[test]
fn aut5_a_sign_in_link_ends() {
    let dir = TempDir::new().unwrap();
    let link = open(&dir).sign_in_link(grant("Mara"), HOUR_MS).unwrap();
    assert!(open(&dir).exchange(&link.code, link.expires_ms).is_err());
}

#[test]
fn aut6_a_ticket_opens_one_socket_within_a_minute() {
    let dir = TempDir::new().unwrap();
    let authority = open(&dir);
    let issued = authority.issue(grant("Planner")).unwrap();
    let access: Access = authority.verify(&issued.token, 0).unwrap();

    let ticket = authority.ticket(&access, 0).unwrap();
    assert_eq!(
        authority.verify(&ticket.text, 1),
        Err(Denied::Unknown),
        "not for requests"
    );
    assert_eq!(authority.verify_socket(&ticket.text, 1), Ok(access.clone()));
    assert_eq!(authority.verify_socket(&ticket.text, 1), Err(Denied::Used));

    let late = authority.ticket(&access, 0).unwrap();
    assert_eq!(
        authority.verify_socket(&late.text, 60_000),
        Err(Denied::Used)
    );

    let cut = authority.ticket(&access, 0).unwrap();
    authority.revoke(&issued.id).unwrap();
    assert_eq!(authority.verify_socket(&cut.text, 1), Err(Denied::Revoked));
}

#[test]
fn aut7_a_cookie_counts_only_from_an_allowed_origin() {
    let dir = TempDir::new().unwrap();
    let authority = open(&dir);
    let token = authority.issue(grant("Mara")).unwrap().token;
    let origins = Origins::parse(&["https://app.example".to_owned()]).unwrap();
    let cookie = format!("theme=dark; {COOKIE}={token}");
    let check = |origin: Option<&str>, intent| {
        let mut given = headers(&[(header::HOST, "penhold:8787"), (header::COOKIE, &cookie)]);
        if let Some(origin) = origin {
            given.insert(header::ORIGIN, origin.parse().unwrap());
        }
        authority
            .verify_headers(&given, intent, &origins, now_ms())
            .map(|_| ())
    };
    for own in [
        "http://penhold:8787",
        "https://penhold:8787",
        "https://app.example",
    ] {
        assert_eq!(check(Some(own), Intent::Command), Ok(()));
        assert_eq!(check(Some(own), Intent::Read), Ok(()));
    }
    for foreign in [
        "http://evil.example",
        "null",
        "http://penhold",
        "http://penhold:8787.evil",
    ] {
        assert_eq!(check(Some(foreign), Intent::Command), Err(Denied::Origin));
        assert_eq!(check(Some(foreign), Intent::Read), Err(Denied::Origin));
    }
    assert_eq!(check(None, Intent::Read), Ok(()));
    assert_eq!(check(None, Intent::Command), Err(Denied::Origin));
}

#[test]
fn aut7_a_socket_needs_a_token_without_origin_or_an_allowed_origin() {
    let dir = TempDir::new().unwrap();
    let authority = open(&dir);
    let token = authority.issue(grant("Mara")).unwrap().token;
    let origins = Origins::default();
    let check = |pairs: &[_], token| {
        authority
            .verify_upgrade(&headers(pairs), token, &origins, now_ms())
            .map(|_| ())
    };
    let foreign = [
        (header::HOST, "penhold"),
        (header::ORIGIN, "http://evil.example"),
    ];
    let cookie = format!("{COOKIE}={token}");
    assert_eq!(check(&[], Some(&token)), Ok(()));
    assert_eq!(check(&foreign, Some(&token)), Err(Denied::Origin));
    assert_eq!(
        check(&[(header::COOKIE, &cookie)], None),
        Err(Denied::Origin)
    );
    assert_eq!(check(&[], None), Err(Denied::Missing));
    let bearer = format!("bearer {token}");
    assert_eq!(check(&[(header::AUTHORIZATION, &bearer)], Some("")), Ok(()));
}

#[test]
fn aut7_a_misspelt_origin_is_refused_when_configured() {
    for text in ["app.example", "https://app.example/path", "*", "file:///x"] {
        assert!(Origins::parse(&[text.to_owned()]).is_err(), "{text}");
    }
}

#[test]
fn aut8_limits_count_each_member_and_each_network_apart() {
    let rate = serde_json::json!({"per_second": 1, "burst": 2});
    let rates: Rates = serde_json::from_value(serde_json::json!({
        "requests_per_member": rate, "requests_per_address": rate,
    }))
    .unwrap();
    let limits = RateLimits::new(&rates);
    let (mara, ravi) = ("mara".parse().unwrap(), "ravi".parse().unwrap());
    assert!(limits.member(&mara).is_ok());
    assert!(limits.member(&mara).is_ok());
    let exceeded = limits.member(&mara).unwrap_err();
    assert_eq!(exceeded.name, "requests_per_member");
    assert!(
        exceeded.to_string().contains("1 a second, 2 at once"),
        "{exceeded}"
    );
    assert!(exceeded.retry_after.as_millis() <= 1_000);
    assert!(limits.member(&ravi).is_ok());

    let of = |text: &str| limits.address(text.parse().unwrap()).is_ok();
    assert!(of("2001:db8::1") && of("2001:db8::2"));
    assert!(!of("2001:db8::3"), "one /64 network");
    assert!(of("2001:db8:0:1::1") && of("192.0.2.1"));
}

#[test]
fn aut9_no_debug_text_and_no_file_holds_a_secret() {
    let dir = TempDir::new().unwrap();
    let authority = open(&dir);
    let issued = authority.issue(grant("Planner")).unwrap();
    let access = authority.verify(&issued.token, now_ms()).unwrap();
    let ticket = authority.ticket(&access, now_ms()).unwrap();
    let link = authority.sign_in_link(grant("Mara"), HOUR_MS).unwrap();
    let shown = format!("{authority:?} {issued:?} {access:?} {ticket:?} {link:?}");
    let written = fs::read_to_string(dir.path().join("auth/registry.jsonl")).unwrap();
    let signature = issued.token.rsplit('.').next().unwrap();
    for secret in [signature, &ticket.text, &link.code] {
        assert!(!shown.contains(secret) && !written.contains(secret));
    }
}
