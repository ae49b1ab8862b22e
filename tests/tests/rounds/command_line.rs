//! `penhold wait` and `penhold agent run`.

use std::{path::Path, process::Stdio, time::Duration};

use crdt_schema::item::Item;
use penhold_agent::Client;
use penhold_tests::binary::Server;
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

use crate::world::{WORKSPACE, World};

const PATIENCE: Duration = Duration::from_secs(30);

fn agent_command(world: &World, arguments: &[&str]) -> Command {
    let url = format!("http://{}", world.server.address());
    let mut command = world.server.command(arguments).unwrap();
    command
        .env("PENHOLD_URL", url)
        .env("PENHOLD_TOKEN", &world.agent_token);
    command
}

async fn decide(client: &Client, title: &str) {
    let decided = client.decide(&Item::Plan, None, title, "Because.");
    decided.await.unwrap();
}

async fn output(mut command: Command) -> Value {
    let output = timeout(PATIENCE, command.output()).await.unwrap().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn agt8_wait_ends_when_something_needs_the_agent_through_a_restart() {
    let mut world = World::start().await.unwrap();
    world.hand_to_agent(Item::Plan).await.unwrap();
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("seen.json");
    let arguments = [
        "wait",
        "--once",
        "--for",
        "decision",
        "--workspace",
        WORKSPACE,
    ];
    let with_file = [&arguments[..], &["--cursor-file", file.to_str().unwrap()]].concat();

    let waiting = tokio::spawn(output(agent_command(&world, &arguments)));
    world.server.kill().await.unwrap();
    world.server.restart().await.unwrap();
    decide(&world.person(), "One variant").await;
    let told = waiting.await.unwrap();
    assert_eq!(told["kind"], "decision");
    assert_eq!(told["title"], "One variant");
    assert_eq!(told["workspace"], WORKSPACE);

    let first = output(agent_command(&world, &with_file)).await;
    assert_eq!(first["decision"], told["decision"], "it still waits");
    let waiting = tokio::spawn(output(agent_command(&world, &with_file)));
    decide(&world.person(), "And soon").await;
    let second = waiting.await.unwrap();
    assert_eq!(second["title"], "And soon", "the first was told");

    let anywhere = ["wait", "--once", "--for", "decision"];
    let told = output(agent_command(&world, &anywhere)).await;
    assert_eq!(told["workspace"], WORKSPACE);
}

/// An agent that runs commands, and what it says.
struct Running {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    fn start(world: &World, script: &str, dir: &Path) -> Self {
        let run = ["agent", "run", "--on", "decision", "--workspace", WORKSPACE];
        let arguments = [&run[..], &["--", "sh", "-c", script]].concat();
        let mut command = agent_command(world, &arguments);
        let mut process = command
            .current_dir(dir)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = process.stdout.take().unwrap();
        Self {
            process,
            lines: BufReader::new(stdout).lines(),
        }
    }

    /// The next line that begins so.
    async fn until(&mut self, beginning: &str) -> String {
        let found = async {
            while let Some(line) = self.lines.next_line().await.unwrap() {
                if line.starts_with(beginning) {
                    return line;
                }
            }
            panic!("it ended without saying {beginning:?}");
        };
        timeout(PATIENCE, found).await.unwrap()
    }

    async fn terminated(mut self) {
        let id = self.process.id().unwrap().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        assert!(asked.await.unwrap().success());
        let ended = timeout(PATIENCE, self.process.wait()).await.unwrap();
        assert!(ended.unwrap().success());
    }
}

#[tokio::test]
async fn agt8_a_command_gets_the_context_and_is_started_for_needs_alone() {
    let world = World::start().await.unwrap();
    world.hand_to_agent(Item::Plan).await.unwrap();
    let dir = TempDir::new().unwrap();
    let script = "cat > context; echo \"$PENHOLD_WORKSPACE $PENHOLD_NEED\" > need; echo ran";
    let mut running = Running::start(&world, script, dir.path());
    // News, and nothing that needs the agent: it is not woken.
    let question = "q1".parse().unwrap();
    let mara = world.person();
    let other = mara.decide(&Item::Notes, Some(&question), "Later", "Hm.");
    other.await.unwrap();
    decide(&world.person(), "One variant").await;
    let first = running.until("decided about").await;
    assert_eq!(first, "decided about plan: One variant");
    running.until("ran").await;
    let context = std::fs::read_to_string(dir.path().join("context")).unwrap();
    assert!(context.contains("A page for the council."), "{context}");
    let need = std::fs::read_to_string(dir.path().join("need")).unwrap();
    assert!(need.starts_with("launch {"), "{need}");
    decide(&world.person(), "And soon").await;
    let second = running.until("decided about").await;
    assert_eq!(
        second, "decided about plan: And soon",
        "the first was seen to"
    );
    running.terminated().await;
}

#[tokio::test]
async fn agt8_a_command_that_fails_is_started_again_later() {
    let world = World::start().await.unwrap();
    world.hand_to_agent(Item::Plan).await.unwrap();
    decide(&world.person(), "One variant").await;
    let dir = TempDir::new().unwrap();
    let script = "test -e tried && echo worked && exit; touch tried; exit 3";
    let mut running = Running::start(&world, script, dir.path());
    running
        .until("sh ended with exit status: 3; again in")
        .await;
    running.until("worked").await;
    running.terminated().await;
}

#[tokio::test]
async fn agt8_whoever_asks_without_a_token_is_told_what_to_do() {
    let server = Server::start().await.unwrap();
    let complaint = server.run(&["wait", "--once"]).await.unwrap_err();
    assert!(
        complaint.to_string().contains("PENHOLD_TOKEN"),
        "{complaint}"
    );
}
