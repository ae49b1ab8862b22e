//! The `penhold` command from outside: its lines, its errors, its signals.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, ChildStdout, Command, Output, Stdio},
    thread::{self, JoinHandle},
};

use penhold_agent::{Config, Link, Peer};
use reqwest::StatusCode;
use serde_json::Value;
use sync_protocol::close;
use tempfile::TempDir;

/// A running server; killed when dropped.
struct Server {
    process: Child,
    lines: BufReader<ChildStdout>,
    /// Reads the log all the while: a server whose log nobody reads stops at a full pipe.
    log: Option<JoinHandle<String>>,
    url: String,
    link: String,
}

fn penhold(dir: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_penhold"));
    command.current_dir(dir.path()).args(arguments).env_clear();
    command
}

fn run(dir: &TempDir, arguments: &[&str]) -> Output {
    penhold(dir, arguments).output().unwrap()
}

/// The answer of a command that must work.
fn answer(dir: &TempDir, arguments: &[&str]) -> String {
    let output = run(dir, arguments);
    let problem = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{arguments:?}: {problem}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}

/// The one line of complaint of a command that must not work.
fn complaint(dir: &TempDir, arguments: &[&str]) -> String {
    let output = run(dir, arguments);
    assert!(!output.status.success(), "{arguments:?} worked");
    assert!(output.stdout.is_empty(), "nothing on standard output");
    let text = String::from_utf8(output.stderr).unwrap();
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("penhold: "))
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    lines[0].to_owned()
}

impl Server {
    fn start(dir: &TempDir, arguments: &[&str]) -> Self {
        let mut process = penhold(dir, &["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = process.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        let mut lines = BufReader::new(process.stdout.take().unwrap());
        let mut next = |prefix: &str| {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            line.trim_end()
                .strip_prefix(prefix)
                .expect(&line)
                .to_owned()
        };
        let url = next("penhold listening on ");
        let link = next("sign in once, within an hour: ");
        Self {
            process,
            lines,
            log: Some(log),
            url,
            link,
        }
    }

    fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Ends the server and gives its exit code and what it logged.
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        self.signal(signal);
        let code = self.process.wait().unwrap().code();
        let mut rest = String::new();
        self.lines.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "standard output holds answers alone");
        (code, self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.process.try_wait().unwrap().is_none() {
            self.process.kill().unwrap();
            self.process.wait().unwrap();
        }
    }
}

async fn get(url: &str, token: &str) -> (StatusCode, Value) {
    let response = reqwest::Client::new()
        .get(url)
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    (response.status(), response.json().await.unwrap())
}

const GRANT: [&str; 8] = [
    "token", "create", "--name", "Planner", "--kind", "agent", "--role", "editor",
];

#[tokio::test]
async fn aut1_a_token_made_while_the_server_runs_works_at_once() {
    let dir = TempDir::new().unwrap();
    let server = Server::start(&dir, &[]);
    let token = answer(&dir, &GRANT);
    assert!(!token.contains(char::is_whitespace), "the token alone");
    let (status, me) = get(&format!("{}/api/v1/me", server.url), &token).await;
    assert_eq!(status, 200);
    assert_eq!(me["member"]["name"], "Planner");
    let listed = answer(&dir, &["token", "list"]);
    assert!(
        listed.contains("\tvalid\teditor\tagent\tplanner\tPlanner") && !listed.contains(&token)
    );
}

#[tokio::test]
async fn aut4_revoking_cuts_a_live_socket() {
    let dir = TempDir::new().unwrap();
    let server = Server::start(&dir, &[]);
    let token = answer(&dir, &GRANT);
    let peer = Peer::connect(Config::new(&server.url, "welcome", &token).unwrap());
    peer.synced().await.unwrap();
    let id = answer(&dir, &["token", "list"])
        .split('\t')
        .next()
        .unwrap()
        .to_owned();
    answer(&dir, &["token", "revoke", &id]);
    let mut status = peer.status();
    let ended = status
        .wait_for(|status| matches!(status.link, Link::Stopped(_)))
        .await
        .unwrap();
    let Link::Stopped(stopped) = &ended.link else {
        unreachable!()
    };
    assert_eq!(stopped.code, close::UNAUTHENTICATED);
}

#[tokio::test]
async fn aut5_the_printed_link_signs_in_once() {
    let dir = TempDir::new().unwrap();
    let server = Server::start(&dir, &[]);
    let sign_in = |link: String| {
        let (base, code) = link.split_once("/sign-in?code=").unwrap();
        let body = serde_json::json!({ "code": code });
        let url = format!("{base}/api/v1/sign-in");
        async move {
            reqwest::Client::new()
                .post(url)
                .json(&body)
                .send()
                .await
                .unwrap()
                .status()
        }
    };
    assert!(server.link.starts_with(&server.url));
    assert_eq!(sign_in(server.link.clone()).await, 204);
    assert_eq!(sign_in(server.link.clone()).await, 401);
    let link = [
        "token",
        "link",
        "--name",
        "Mara",
        "--role",
        "reviewer",
        "--url",
        &server.url,
    ];
    assert_eq!(sign_in(answer(&dir, &link)).await, 204);
}

#[tokio::test]
async fn aut9_no_token_ticket_or_code_is_logged_even_at_the_loudest() {
    let dir = TempDir::new().unwrap();
    let server = Server::start(&dir, &["--log", "trace"]);
    let token = answer(&dir, &GRANT);
    let ask = |path: &str| format!("{}{path}", server.url);
    let client = reqwest::Client::new();
    let ticket = client
        .post(ask("/api/v1/tickets"))
        .bearer_auth(&token)
        .send()
        .await
        .unwrap();
    let ticket: Value = ticket.json().await.unwrap();
    let ticket = ticket["ticket"].as_str().unwrap().to_owned();
    client.get(&server.link).send().await.unwrap();
    client
        .get(ask(&format!("/sync/welcome?token={ticket}")))
        .send()
        .await
        .unwrap();
    client
        .get(ask(&format!("/sync/welcome?token={token}")))
        .send()
        .await
        .unwrap();
    let peer = Peer::connect(Config::new(&server.url, "welcome", &token).unwrap());
    peer.synced().await.unwrap();
    peer.close().await;
    let code = server.link.split_once("code=").unwrap().1.to_owned();
    let (_, log) = server.end("-TERM");
    assert!(log.contains("/sync/welcome"), "requests are traced");
    for secret in [&token, &ticket, &code] {
        assert!(!log.contains(secret.as_str()));
    }
}

#[test]
fn dur_signals_end_the_server_in_order() {
    let dir = TempDir::new().unwrap();
    for signal in ["-TERM", "-INT"] {
        let (code, log) = Server::start(&dir, &[]).end(signal);
        assert_eq!(code, Some(0), "{log}");
    }
}

#[tokio::test]
async fn dur_what_is_saved_outlives_the_server() {
    let dir = TempDir::new().unwrap();
    let server = Server::start(&dir, &[]);
    let created = [
        "workspace",
        "create",
        "--title",
        "Kept",
        "--id",
        "kept",
        "--url",
        &server.url,
    ];
    assert_eq!(answer(&dir, &created), "kept");
    server.end("-KILL");
    assert!(answer(&dir, &["workspace", "list"]).contains("kept\topen\tKept"));
    let again = Server::start(&dir, &[]);
    let listed = answer(&dir, &["workspace", "list", "--url", &again.url]);
    assert_eq!(listed.lines().count(), 2, "one sample, made once: {listed}");
}

#[test]
fn a_server_that_cannot_start_says_why_and_changes_nothing() {
    let (dir, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let server = Server::start(&dir, &[]);
    let taken = server.url.strip_prefix("http://").unwrap();
    let text = complaint(&other, &["serve", "--listen", taken]);
    assert!(
        text.contains("cannot listen on") && text.contains(taken),
        "{text}"
    );
    let text = complaint(&dir, &["serve", "--listen", "127.0.0.1:0"]);
    assert!(text.contains("in use by another penhold process"), "{text}");
    let text = complaint(&other, &["serve", "--listen", "0.0.0.0:0"]);
    assert!(text.contains("--behind-proxy"), "{text}");
    for bad in [
        ["serve", "--lisen", "x"],
        ["serve", "--listen", "nowhere"],
        ["serve", "--log", "=="],
        ["serve", "--allow-origin", "app.example"],
        ["serve", "--config", "missing.toml"],
    ] {
        complaint(&other, &bad);
    }
    fs::write(other.path().join("penhold.toml"), "lisen = 1\n").unwrap();
    let text = complaint(&other, &["serve"]);
    assert!(text.contains("lisen"), "{text}");
    fs::remove_file(other.path().join("penhold.toml")).unwrap();
    fs::write(other.path().join("file"), "").unwrap();
    complaint(
        &other,
        &["serve", "--listen", "127.0.0.1:0", "--data", "file/data"],
    );
    let left: Vec<_> = fs::read_dir(other.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["file"], "nothing was made");
}

#[test]
fn options_come_from_the_file_then_the_environment_then_flags() {
    let dir = TempDir::new().unwrap();
    fs::write(
        dir.path().join("penhold.toml"),
        "listen = \"0.0.0.0:1\"\ndata = \"from-file\"\n",
    )
    .unwrap();
    let with = |listen: &str, arguments: &[&str]| {
        let mut command = penhold(&dir, &["workspace", "list"]);
        command
            .args(arguments)
            .env("PENHOLD_LISTEN", listen)
            .env("PENHOLD_PORT", "tcp://1.2.3.4:5");
        command.output().unwrap().status.success()
    };
    assert!(
        !with("0.0.0.0:2", &[]),
        "the environment's address is refused"
    );
    assert!(with("127.0.0.1:0", &[]));
    assert!(dir.path().join("from-file").is_dir());
    assert!(with("127.0.0.1:0", &["--data", "from-flag"]));
    assert!(dir.path().join("from-flag").is_dir());
}

#[test]
fn workspaces_are_managed_offline_and_exported_whole() {
    let dir = TempDir::new().unwrap();
    fs::write(dir.path().join("start.md"), "# T\n\n## Goal\n\nReach it\n").unwrap();
    let create = [
        "workspace",
        "create",
        "--title",
        "One",
        "--id",
        "one",
        "--content",
        "start.md",
    ];
    assert_eq!(answer(&dir, &create), "one");
    answer(&dir, &["workspace", "rename", "one", "First"]);
    answer(&dir, &["workspace", "archive", "one"]);
    assert_eq!(answer(&dir, &["workspace", "list"]), "");
    assert_eq!(
        answer(&dir, &["workspace", "list", "--archived"]),
        "one\tarchived\tFirst"
    );
    answer(&dir, &["workspace", "unarchive", "one"]);
    answer(&dir, &["export", "one", "--out", "one.json"]);
    assert!(complaint(&dir, &["import", "one.json"]).contains("already"));
    assert_eq!(answer(&dir, &["import", "one.json", "--id", "two"]), "two");
    answer(&dir, &["workspace", "delete", "one"]);
    assert_eq!(answer(&dir, &["workspace", "list"]), "two\topen\tFirst");
    assert!(answer(&dir, &["export", "two"]).contains("Reach it"));
    assert_eq!(answer(&dir, &["verify"]), "every record is sound");
    complaint(&dir, &["workspace", "delete", "one"]);
}

#[test]
fn the_demo_agent_works_on_a_running_server() {
    let dir = TempDir::new().unwrap();
    let server = Server::start(&dir, &[]);
    let told = answer(&dir, &["demo", "--fast", "--url", &server.url]);
    assert!(told.contains("step(s) written"), "{told}");
    complaint(
        &dir,
        &[
            "demo",
            "--fast",
            "--url",
            &server.url,
            "--token",
            "nonsense",
        ],
    );
}
