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
use crdt_schema::{
    item::Item,
    schema::{Workspace, words::SuggestionStatus},
};
use futures_util::future::try_join_all;
use penhold_agent::{Client, Config, Peer};
use penhold_tests::binary::Grant;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};

use crate::world::{WORKSPACE, World};

const AGENTS: usize = 20;
const ROUNDS: usize = 3;
const PARAGRAPHS: usize = 12;
/// What the person has typed when the crowd comes.
const FIRST_WORD: &str = "mara0";
const WORDS: [&str; 8] = [
    "clinic", "nurse", "Zürich", "waiting", "room", "über", "plan", "日本",
];

#[tokio::test]
async fn mrg1_a_crowd_of_rewriting_agents_loses_and_fuses_none_of_a_persons_words() {
    let world = World::start().await.unwrap();
    play(world).await;
}

#[tokio::test]
async fn sug8_what_a_crowd_suggests_to_whoever_holds_the_text_stays_readable() {
    let world = World::start().await.unwrap();
    let epoch = world.person().item(&Item::Notes).await.unwrap().epoch;
    world.person().claim(&Item::Notes, epoch).await.unwrap();
    play(world).await;
}

async fn play(world: World) {
    let rounds = env::var("CROWD_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
    let person = Peer::connect(world.person.clone());
    person.synced().await.unwrap();
    let text = first_text();
    person
        .edit(move |txn| Workspace.notes().push(txn, &text))
        .await
        .unwrap()
        .unwrap();
    let cursor = person.read(|txn| end_of(FIRST_WORD, &Workspace.notes().read(txn)));
    let cursor = cursor.await.unwrap().unwrap();
    person
        .select(&Workspace.notes(), cursor..cursor)
        .await
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
    let mut paragraphs: Vec<String> = (0..PARAGRAPHS).map(paragraph).collect();
    paragraphs[PARAGRAPHS / 2].push_str(&format!(" {FIRST_WORD}"));
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

/// Types word after word in one paragraph, showing the cursor, while the crowd is at work.
async fn type_until(person: &Peer, are_done: &AtomicBool) -> Result<Vec<String>> {
    let mut typed = vec![FIRST_WORD.to_owned()];
    while !are_done.load(Ordering::Relaxed) {
        let (before, word) = (
            typed[typed.len() - 1].clone(),
            format!("mara{}", typed.len()),
        );
        let there = format!(" {word}");
        let at = person
            .edit(move |txn| {
                let at = end_of(&before, &Workspace.notes().read(txn)).unwrap_or(0);
                Workspace.notes().insert(txn, at, &there).map(|()| at)
            })
            .await??;
        let cursor = at + word.len() as u32 + 1;
        person.select(&Workspace.notes(), cursor..cursor).await?;
        person.flush().await?;
        typed.push(word);
    }
    Ok(typed)
}

/// Where `word` ends, in UTF-16 code units.
fn end_of(word: &str, text: &str) -> Option<u32> {
    let at = text
        .split_inclusive(char::is_whitespace)
        .scan(0, |at, token| {
            *at += token.len();
            Some((*at - token.len(), token.trim_end()))
        });
    let (at, _) = at.into_iter().find(|(_, token)| *token == word)?;
    u32::try_from(text[..at + word.len()].encode_utf16().count()).ok()
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
    ensure!(typed.len() > 1, "the person had no time to type");
    for word in typed {
        let count = words(&text).filter(|found| found == word).count();
        let left: Vec<&str> = words(&text)
            .filter(|word| word.starts_with("mara"))
            .collect();
        ensure!(
            count == 1,
            "{word} of {} stands there {count} times; there are {left:?}",
            typed.len()
        );
    }
    let fused: Vec<&str> = words(&text).filter(|word| !known.contains(*word)).collect();
    ensure!(fused.is_empty(), "{fused:?} in {text}");
    for suggestion in world.person().suggestions().await? {
        if suggestion.status != SuggestionStatus::Open {
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
