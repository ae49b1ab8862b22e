//! The page in a real browser, against the real server. What people do there is in
//! `browser/scenarios`; here is the server that it is done to.

#![allow(missing_docs, reason = "a test's title says what it holds")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, process::Stdio};

use anyhow::{Context as _, Result, bail};
use penhold_tests::{
    binary::{Grant, Server, Signal},
    driven::Driven,
};
use serde_json::{Value, json};
use tokio::process::{Child, Command};

#[tokio::test(flavor = "multi_thread")]
async fn aut5_a_sign_in_link_opens_the_page_once() {
    play("sign_in").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn syn1_syn7_two_people_and_an_agent_see_each_other_write() {
    play("together").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dur1_saved_is_shown_only_after_the_servers_word() {
    play("saved").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn syn14_offline_edits_survive_a_reload_and_merge_on_return() {
    play("offline").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dur1_a_crash_under_two_typing_people_loses_nothing() {
    play("crash").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn aut4_whoever_loses_access_keeps_their_unsent_words() {
    play("revoked").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hand1_hand2_hand5_own9_dec1_dec3_apr2_apr3_the_pen_goes_round_until_the_work_is_done() {
    play("round").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own3_own6_whoever_is_slower_is_told_and_a_takeover_loses_no_words() {
    play("pen").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn apr1_a_card_whose_text_changes_is_locked_and_its_answer_refused() {
    play("approvals").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sug2_sug7_what_lost_its_text_is_kept_with_what_it_was_about() {
    play("remarks").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ver2_ver8_web11_web14_the_past_reads_as_it_was_and_comes_back_step_by_step() {
    play("history").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn web8_every_page_is_accessible_in_both_themes_and_both_widths() {
    play("access").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn web8_every_part_of_a_workspace_is_accessible_in_both_themes_and_both_widths() {
    play("access_workspace").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_done_by_keyboard_alone() {
    play("keyboard").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn own1_hand2_a_turn_is_played_without_a_mouse() {
    play("by_keys").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn web8_the_main_screens_read_well_aloud() {
    play("reader").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sch5_syn1_words_are_composed_and_read_in_any_script() {
    play("languages").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn web4_long_texts_and_long_lists_stay_usable() {
    play("large").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "makes the pictures in docs/images anew"]
async fn the_pictures_of_the_readme() {
    play("picture").await;
}

async fn play(scenario: &str) {
    let mut stage = Stage {
        server: Server::start().await.unwrap(),
        agents: Vec::new(),
    };
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    let mut command = Command::new("node");
    command.arg(scripts.join("run.mjs")).arg(scenario);
    command.stderr(Stdio::inherit());
    let mut script = Driven::start(command).unwrap();
    let outcome = loop {
        let said = script.ears.hear().await.unwrap();
        let said =
            said.expect("the script ended early; run `make setup-tests` if packages are missing");
        let Some(wish) = said["ask"].as_str() else {
            break said;
        };
        let answer = match stage.grant(wish, &said).await {
            Ok(answer) => json!({ "answer": answer }),
            Err(error) => json!({ "error": format!("{error:#}") }),
        };
        script.voice.say(&answer).await.unwrap();
    };
    assert!(script.end().await.unwrap(), "the script ended badly");
    if let Some(failure) = outcome["failed"].as_str() {
        panic!("{scenario}: {failure}\npictures are in tests/artifacts");
    }
}

/// What a scenario plays on.
struct Stage {
    server: Server,
    /// They end with the scenario.
    agents: Vec<Child>,
}

impl Stage {
    async fn grant(&mut self, wish: &str, details: &Value) -> Result<Value> {
        let detail = |name: &str| {
            let text = details[name].as_str();
            text.with_context(|| format!("{wish} needs {name}"))
        };
        let server = &mut self.server;
        match wish {
            "server" => {
                return Ok(json!({ "address": server.address(), "link": server.link() }));
            }
            "link" => {
                let (name, role) = (detail("name")?, detail("role")?);
                let url = format!("http://{}", server.address());
                let arguments = [
                    "token", "link", "--name", name, "--role", role, "--url", &url,
                ];
                return Ok(json!(server.run(&arguments).await?));
            }
            "token" => return Ok(json!(server.token(Grant::agent(detail("name")?)).await?)),
            "document" => return server.document(detail("workspace")?).await,
            "kill" => server.kill().await?,
            "start" => server.restart().await?,
            "pause" => server.signal(Signal::Stop).await?,
            "resume" => server.signal(Signal::Continue).await?,
            "revoke" => server.revoke(detail("name")?).await?,
            "demo" => {
                let token = server.token(Grant::agent("Planner")).await?;
                let url = format!("http://{}", server.address());
                let mut command = server.command(&["demo", "--url", &url])?;
                command.args(["--workspace", detail("workspace")?]);
                let agent = command.env("PENHOLD_TOKEN", token).spawn()?;
                self.agents.push(agent);
            }
            other => bail!("{other} is nothing that this stage can do"),
        }
        Ok(Value::Null)
    }
}
