//! The public client, connected by the files that people copy, in both eras, over HTTP and
//! through `penhold mcp`.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use penhold_tests::{
    binary::{Grant, Server},
    tls::Proxy,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, Command},
};

use super::agent::{ALONE, SESSION, initialize};

/// The set-ups in `examples/mcp`.
const CONFIGURATIONS: [&str; 4] = [
    "claude-code.mcp.json",
    "cursor.mcp.json",
    "codex.config.toml",
    "stdio.mcp.json",
];

/// How the client may begin, and the version that comes of it.
const ERAS: [(&str, &str); 3] = [("legacy", SESSION), (ALONE, ALONE), ("auto", ALONE)];

#[tokio::test(flavor = "multi_thread")]
async fn mcp9_each_copyable_set_up_works_with_the_public_client_in_both_eras() {
    let server = Server::start().await.unwrap();
    let content = json!({ "plan": { "goal": "Find a venue." } });
    server.create("launch", &content).await.unwrap();
    let token = server.token(Grant::agent("Bot")).await.unwrap();
    // One after the other: each claims the notes and lets them go.
    for name in CONFIGURATIONS {
        let seen = tour(&server, &token, name).await;
        for (era, version) in ERAS {
            check(&seen[era], version, &format!("{name}, {era}"));
        }
        let pinned = &seen[ALONE]["server"];
        assert!(pinned.is_null(), "{name}: nobody was asked who they are");
        for era in ["legacy", "auto"] {
            assert_eq!(seen[era]["server"], "penhold", "{name}, {era}");
            let instructions = seen[era]["instructions"].as_str().unwrap();
            assert!(instructions.contains("await_change"), "{name}, {era}");
        }
    }
}

fn check(seen: &Value, version: &str, which: &str) {
    let says = |what: &str, words: &str| {
        let said = seen[what]
            .as_str()
            .unwrap_or_else(|| panic!("{which}: {what} in {seen}"));
        assert!(said.contains(words), "{which}: {what}: {said}");
    };
    assert_eq!(seen["version"], version, "{which}");
    assert!(
        seen["tools"].as_array().unwrap().contains(&json!("claim")),
        "{which}"
    );
    assert!(
        seen["listed"]
            .as_array()
            .unwrap()
            .contains(&json!("launch")),
        "{which}"
    );
    says("read", "Find a venue.");
    says("resource", "Find a venue.");
    says("unfit", "unknown variant");
    says("missing", "nowhere");
    says("unknown", "no tool");
    says("told", "penhold://launch/plan");
}

#[tokio::test(flavor = "multi_thread")]
async fn mcp9_penhold_mcp_says_in_one_line_why_it_cannot_start() {
    let server = Server::start().await.unwrap();
    let url = format!("http://{}", server.address());
    for (url, token, words) in [
        (
            "http://127.0.0.1:9",
            "any",
            "no server answers at http://127.0.0.1:9",
        ),
        (&url, "nonsense", "the token is not one of this server's"),
    ] {
        let arguments = ["mcp", "--url", url, "--token", token];
        let output = server.command(&arguments).unwrap().output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && output.stdout.is_empty());
        assert!(said.contains(words) && said.lines().count() == 1, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mcp9_penhold_mcp_ends_with_its_client_even_when_that_had_not_quite_begun() {
    let server = Server::start().await.unwrap();
    let url = format!("http://{}", server.address());
    let token = server.token(Grant::agent("Bot")).await.unwrap();
    let arguments = ["mcp", "--url", &url, "--token", &token];
    let mut mcp = greeted(server.command(&arguments).unwrap()).await;
    drop(mcp.stdin.take());
    assert!(mcp.wait().await.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn agt11_penhold_mcp_speaks_through_tls() {
    let server = Server::start().await.unwrap();
    let proxy = Proxy::before(server.address()).await.unwrap();
    let token = server.token(Grant::agent("Bot")).await.unwrap();
    let arguments = ["mcp", "--url", proxy.url(), "--token", &token];
    let mut command = server.command(&arguments).unwrap();
    command.env("SSL_CERT_FILE", proxy.certificate());
    greeted(command).await;
}

/// Starts `penhold mcp`, says who is there and hears who answers.
async fn greeted(mut command: Command) -> Child {
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut mcp = pipes.spawn().unwrap();
    let line = format!("{}\n", initialize(SESSION));
    let input = mcp.stdin.as_mut().unwrap();
    input.write_all(line.as_bytes()).await.unwrap();
    let mut lines = BufReader::new(mcp.stdout.as_mut().unwrap()).lines();
    let answer = lines.next_line().await.unwrap().unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(
        answer["result"]["serverInfo"]["name"], "penhold",
        "{answer}"
    );
    mcp
}

/// What the public client sees in each era when it is set up by `examples/mcp/{name}`.
async fn tour(server: &Server, token: &str, name: &str) -> Value {
    let set_up = here().join("../examples/mcp").join(name);
    let url = format!("http://{}", server.address());
    // The files have the address that servers have by default.
    let text = std::fs::read_to_string(set_up).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(name);
    std::fs::write(&copy, text.replace("http://127.0.0.1:8787", &url)).unwrap();
    let output = Command::new(here().join("python/.venv/bin/python"))
        .arg(here().join("mcp/client.py"))
        .args([copy.as_os_str(), "launch".as_ref()])
        .args(ERAS.map(|(era, _)| era))
        .env("PENHOLD_URL", &url)
        .env("PENHOLD_TOKEN", token)
        .env("PATH", path_with_binary(server))
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The search path of somebody who has installed `penhold`.
fn path_with_binary(server: &Server) -> String {
    let command = server.command(&[]).unwrap();
    let binary = Path::new(command.as_std().get_program());
    let folder = binary.parent().unwrap().to_str().unwrap();
    format!("{folder}:{}", std::env::var("PATH").unwrap())
}

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
