//! Rounds through crashes of agents and of the server.

use std::{env, time::Duration};

use crdt_schema::{
    item::Item,
    ownership::{DecisionStatus, QueueName},
};
use penhold_agent::{
    Client, Peer, To,
    demo::{self, Pace, Round},
};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tokio::time::{sleep, timeout};

use crate::world::{World, approve_when_asked, claim_when_there, hand_to};

/// A round that takes longer than this hangs.
const PATIENCE: Duration = Duration::from_secs(100);

/// An agent takes a decision and dies, the server too; after the lease the decision is there
/// again, under another lease, and counts once.
#[tokio::test]
async fn agt4_a_decision_outlives_the_agent_that_took_it_and_the_server() {
    let mut world = World::start().await.unwrap();
    let set = world.set_policy(|policy| policy.decision_lease_ms = 1_500);
    set.await.unwrap();
    world.hand_to_agent(Item::Plan).await.unwrap();
    let title = "One variant";
    let mara = world.person();
    let decided = mara.decide(&Item::Plan, None, title, "Cheaper.");
    let id = decided.await.unwrap().id;

    let first = world.agent().next_decision().await.unwrap();
    assert_eq!(first.decision.id, id);
    world.server.kill().await.unwrap();
    world.server.restart().await.unwrap();

    let agent = world.agent();
    let second = timeout(PATIENCE, agent.next_decision()).await.unwrap();
    let second = second.unwrap();
    assert_eq!(second.decision.id, id);
    assert_ne!(second.lease, first.lease);
    let fenced = agent.consume(&id, &first.lease, "from the grave").await;
    assert!(fenced.unwrap_err().is("fenced"));
    for outcome in ["written down", "written down again"] {
        let consumed = agent.consume(&id, &second.lease, outcome).await.unwrap();
        assert_eq!(consumed.status, DecisionStatus::Consumed);
        assert_eq!(consumed.outcome.as_deref(), Some("written down"));
    }
    assert_eq!(world.recorded("decision_consumed").await.unwrap(), 1);
    world.check().await.unwrap();
}

/// The server is killed again and again while an agent and a person go on a round. Nothing is
/// lost, nothing is done twice, and what it says of itself agrees.
#[tokio::test]
async fn agt4_a_round_survives_a_server_that_keeps_dying() {
    let rounds = env::var("CRASH_ROUNDS").map_or(1, |rounds| rounds.parse().unwrap());
    for seed in 0..rounds {
        let world = World::start().await.unwrap();
        let World {
            mut server,
            agent,
            agent_token,
            person,
            person_token,
        } = world;
        let round = Round {
            agent: agent.clone(),
            host: Some(person.clone()),
            to: To::Queue(QueueName::people()),
            pace: Pace {
                linger: Duration::MAX,
                ..Pace::instant()
            },
        };
        let agents = demo::round(&round, |_| ());
        let people = mara(Client::new(&person), Client::new(&agent), &person);
        let kills = async {
            let mut rng = StdRng::seed_from_u64(seed);
            for _ in 0..6 {
                sleep(Duration::from_millis(rng.random_range(20..400))).await;
                server.kill().await.unwrap();
                server.restart().await.unwrap();
            }
        };
        let all = async { tokio::join!(agents, people, kills) };
        let (summary, person_done, ()) = timeout(PATIENCE, all).await.unwrap();
        person_done.unwrap();
        let summary = summary.unwrap();
        assert_eq!(
            (summary.decisions, summary.published),
            (1, 1),
            "seed {seed}"
        );
        let world = World {
            server,
            agent,
            agent_token,
            person,
            person_token,
        };
        for once in ["decision_consumed", "approval_taken", "approval_consumed"] {
            assert_eq!(
                world.recorded(once).await.unwrap(),
                1,
                "{once}, seed {seed}"
            );
        }
        let document = world
            .server
            .document(crate::world::WORKSPACE)
            .await
            .unwrap();
        let goal = document["plan"]["goal"].as_str().unwrap();
        assert!(goal.ends_with("Mara was here."), "seed {seed}: {goal}");
        world.check().await.unwrap();
    }
}

/// What the person does, through the same crashes.
async fn mara(client: Client, agent: Client, config: &penhold_agent::Config) -> anyhow::Result<()> {
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
    let peer = Peer::connect(config.clone());
    peer.synced().await?;
    let goal = crdt_schema::schema::Workspace.plan().goal();
    peer.edit(move |txn| goal.push(txn, " Mara was here."))
        .await??;
    peer.flush().await?;
    peer.close().await;
    let planner = To::Member(agent.me().await?.id);
    hand_to(&client, Item::Workspace, planner).await?;
    approve_when_asked(&client, "Yes.").await
}
