//! The demo agent and a scripted person.

use std::time::Duration;

use crdt_schema::{
    item::Item,
    ownership::{Owner, QueueName},
};
use penhold_agent::{
    To,
    demo::{self, DemoError, Pace, Progress, Round},
};
use tokio::time::timeout;

use crate::world::{WORKSPACE, World, approve_when_asked, claim_when_there, hand_to};

fn round(world: &World, linger: Duration) -> Round {
    Round {
        agent: world.agent.clone().named("Planner"),
        host: Some(world.person.clone()),
        to: To::Queue(QueueName::people()),
        pace: Pace {
            linger,
            ..Pace::instant()
        },
    }
}

#[tokio::test]
async fn agt7_the_demo_goes_the_whole_round_with_a_person() {
    let world = World::start().await.unwrap();
    let round = round(&world, Duration::MAX);
    let mut told = Vec::new();
    let agent = demo::round(&round, |progress| told.push(progress.to_string()));
    let person = async {
        let client = world.person();
        claim_when_there(&client, &Item::Workspace).await?;
        let question = "q1".parse()?;
        client
            .decide(
                &Item::Plan,
                Some(&question),
                "One variant",
                "One is enough.",
            )
            .await?;
        let planner = To::Member(world.agent().me().await?.id);
        hand_to(&client, Item::Workspace, planner).await?;
        approve_when_asked(&client, "Yes.").await
    };
    let both = async { tokio::join!(agent, person) };
    let (summary, person) = timeout(Duration::from_secs(60), both).await.unwrap();
    person.unwrap();
    let summary = summary.unwrap();
    assert_eq!((summary.decisions, summary.published), (1, 1));

    let document = world.server.document(WORKSPACE).await.unwrap();
    let briefing = &document["briefing"];
    assert_eq!(briefing["questions"][0]["answer"], "One is enough.");
    let source = briefing["sources"][0]["uri"].as_str().unwrap();
    let hash = source.strip_prefix("artifact:").unwrap();
    let published = world.agent().artifact(hash).await.unwrap();
    assert!(String::from_utf8_lossy(&published).contains("Night tram"));
    assert!(
        told.iter()
            .any(|line| line.starts_with("Back, with 1 decision(s)")),
        "{told:#?}"
    );
    assert_eq!(
        told.last().map(String::as_str),
        Some("Done; everything is saved")
    );
    let people = Owner::Queue(QueueName::people());
    let holding = world.person().item(&Item::Workspace).await.unwrap();
    assert_eq!(holding.owner, people, "it lets go in the end");
    assert_eq!(world.recorded("approval_consumed").await.unwrap(), 1);
    world.check().await.unwrap();
}

#[tokio::test]
async fn agt7_the_demo_ends_when_nobody_comes() {
    let world = World::start().await.unwrap();
    let round = round(&world, Duration::ZERO);
    let mut told = Vec::new();
    let agent = demo::round(&round, |progress| told.push(progress.clone()));
    let summary = timeout(Duration::from_secs(60), agent).await.unwrap();
    assert!(summary.unwrap().steps > 0);
    assert_eq!(told.last(), Some(&Progress::NobodyCame));
    let holding = world.person().item(&Item::Workspace).await.unwrap();
    assert_eq!(holding.owner, Owner::Queue(QueueName::people()));
}

#[tokio::test]
async fn agt7_an_agent_without_the_pen_says_whose_it_is() {
    let world = World::start().await.unwrap();
    let alone = Round {
        host: None,
        ..round(&world, Duration::ZERO)
    };
    match demo::round(&alone, |_| ()).await {
        Err(DemoError::NoPen(owner)) => assert_eq!(owner, "Mara"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn agt7_an_offer_that_nobody_wants_ends_the_demo() {
    let world = World::start().await.unwrap();
    let mara = crate::world::member(&world.person()).await.unwrap();
    let offering = Round {
        to: To::Member(mara),
        ..round(&world, Duration::MAX)
    };
    let mut told = Vec::new();
    let agent = demo::round(&offering, |progress| told.push(progress.clone()));
    let person = crate::world::decline_when_offered(world.person(), "I am away.");
    let both = async { tokio::join!(agent, person) };
    let (summary, declined) = timeout(Duration::from_secs(60), both).await.unwrap();
    declined.unwrap();
    summary.unwrap();
    assert_eq!(told.last(), Some(&Progress::NobodyCame));
}
