//! A crowd of agents that rewrite one text over and over while a person types into it.
//!
//! Every agent reads the text, replaces, drops and adds words anywhere, the person's among them,
//! and sends the whole of it back. `CROWD_ROUNDS=60` lets each do so more often.

use std::{
    collections::HashSet,
    env,
    sync::atomic::{AtomicBool, Ordering},
};

use anyhow::{Result, ensure};
use crdt_schema::schema::{SuggestionStatus, Workspace};
use futures_util::future::try_join_all;
use penhold_agent::{Client, Config, Peer};
use penhold_tests::binary::Grant;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};

use crate::world::{WORKSPACE, World};

const AGENTS: usize = 20;
const ROUNDS: usize = 3;
const PARAGRAPHS: usize = 12;
const WORDS: [&str; 8] = [
    "clinic", "nurse", "Zürich", "waiting", "room", "über", "plan", "日本",
];

#[tokio::test]
async fn mrg3_a_crowd_of_rewriting_agents_loses_and_fuses_none_of_a_persons_words() {
    let rounds = env::var("CROWD_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let world = World::start().await.unwrap();
    let person = Peer::connect(world.person.clone());
    person.synced().await.unwrap();
    let text = first_text();
    person
        .edit(move |txn| Workspace.notes().push(txn, &text))
        .await
        .unwrap()
        .unwrap();
    person.flush().await.unwrap();
    let are_done = AtomicBool::new(false);
    let agents = async {
        let done = crowd(&world, rounds).await;
        are_done.store(true, Ordering::Relaxed);
        done
    };
    let (_, typed) = tokio::try_join!(agents, type_until(&person, &are_done)).unwrap();
    person.close().await;
    judge(&world, rounds, &typed).await.unwrap();
    world.check().await.unwrap();
}

fn first_text() -> String {
    let mut rng = StdRng::seed_from_u64(1);
    let paragraph = |_| {
        let words = (0..30).map(|_| *WORDS.choose(&mut rng).unwrap());
        words.collect::<Vec<_>>().join(" ")
    };
    let paragraphs: Vec<String> = (0..PARAGRAPHS).map(paragraph).collect();
    paragraphs.join("\n\n")
}

async fn crowd(world: &World, rounds: usize) -> Result<()> {
    let mut agents = Vec::new();
    for number in 0..AGENTS {
        let name = format!("Agent {number}");
        let token = world.server.token(Grant::agent(&name)).await?;
        let url = format!("http://{}", world.server.address());
        let client = Client::new(&Config::new(&url, WORKSPACE, &token)?);
        agents.push(rewrite_often(client, number, rounds));
    }
    try_join_all(agents).await?;
    Ok(())
}

async fn rewrite_often(client: Client, number: usize, rounds: usize) -> Result<()> {
    let notes = "notes".parse()?;
    for round in 0..rounds {
        let rewritten = |text: &str| rewrite(text, number, round);
        client.revise(&notes, rewritten, "Reads better.").await?;
    }
    Ok(())
}

fn word_of(number: usize, round: usize) -> String {
    format!("agent{number}round{round}")
}

/// One word in ten is replaced, dropped, or followed by another; lines stay lines.
fn rewrite(text: &str, number: usize, round: usize) -> String {
    let mut rng = StdRng::seed_from_u64((number * 1000 + round) as u64);
    let own = word_of(number, round);
    let lines = text.lines().map(|line| {
        let words = line
            .split(' ')
            .flat_map(|word| match rng.random_range(0..30) {
                0 => vec![own.clone()],
                1 => vec![],
                2 => vec![word.to_owned(), own.clone()],
                _ => vec![word.to_owned()],
            });
        words.collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Types word after word, each before the first letter of some other, while the crowd is at work.
async fn type_until(person: &Peer, are_done: &AtomicBool) -> Result<Vec<String>> {
    let mut typed = Vec::new();
    while !are_done.load(Ordering::Relaxed) {
        let word = format!("mara{}", typed.len());
        let (there, seed) = (format!("{word} "), typed.len() as u64);
        person
            .edit(move |txn| {
                let mut rng = StdRng::seed_from_u64(seed);
                let text = Workspace.notes().read(txn);
                let starts: Vec<usize> = text
                    .char_indices()
                    .filter(|(at, c)| c.is_alphanumeric() && begins_a_word(&text[..*at]))
                    .map(|(at, _)| at)
                    .collect();
                let at = *starts.choose(&mut rng).unwrap_or(&0);
                let at = text[..at].encode_utf16().count();
                Workspace
                    .notes()
                    .insert(txn, u32::try_from(at).unwrap(), &there)
            })
            .await??;
        person.flush().await?;
        typed.push(word);
    }
    Ok(typed)
}

fn begins_a_word(before: &str) -> bool {
    before.chars().next_back().is_none_or(char::is_whitespace)
}

/// Every typed word stands there once, and nothing, in the text or in what is suggested for it,
/// is a word that nobody wrote.
async fn judge(world: &World, rounds: usize, typed: &[String]) -> Result<()> {
    let text = world.person().text(&"notes".parse()?).await?.text;
    let of_agents = (0..AGENTS).flat_map(|n| (0..rounds).map(move |round| word_of(n, round)));
    let known: HashSet<String> = WORDS
        .iter()
        .map(ToString::to_string)
        .chain(of_agents)
        .chain(typed.iter().cloned())
        .collect();
    ensure!(!typed.is_empty(), "the person had no time to type");
    for word in typed {
        let count = words(&text).filter(|found| found == word).count();
        ensure!(count == 1, "{word} stands there {count} times: {text}");
    }
    let fused: Vec<&str> = words(&text).filter(|word| !known.contains(*word)).collect();
    ensure!(fused.is_empty(), "{fused:?} in {text}");
    for suggestion in world.person().suggestions().await? {
        if suggestion.status != SuggestionStatus::Pending {
            continue;
        }
        for passage in [&suggestion.quote, &suggestion.replacement] {
            let mut unknown = words(passage).filter(|word| !known.contains(*word));
            ensure!(unknown.next().is_none(), "{suggestion:?}");
        }
    }
    Ok(())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace()
}
