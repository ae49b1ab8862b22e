//! Where a person is at work, an agent's rewrite waits for them.

use crdt_schema::{
    merge::{Outcome, Why},
    schema::Workspace,
};
use penhold_agent::{Peer, Present};

use crate::world::World;

const TEXT: &str = "The lab is booked.\n\nThe bus is late.";

/// The person looks at the first paragraph, and then at nothing any more.
async fn look_and_leave(world: &World) {
    let watching = Peer::connect(world.agent.clone());
    watching.synced().await.unwrap();
    let person = Peer::connect(world.person.clone());
    person.synced().await.unwrap();
    person
        .edit(|txn| Workspace.notes().push(txn, TEXT))
        .await
        .unwrap()
        .unwrap();
    person.flush().await.unwrap();
    person.select(&Workspace.notes(), 4..7).await.unwrap();
    let mut others = watching.others();
    let is_at_work = |other: &Present| other.focus.as_deref() == Some("notes");
    others
        .wait_for(|others| others.iter().any(is_at_work))
        .await
        .unwrap();
    person.close().await;
    others
        .wait_for(|others| !others.iter().any(is_at_work))
        .await
        .unwrap();
    watching.close().await;
}

#[tokio::test]
async fn mrg3_a_paragraph_that_a_person_just_left_is_theirs_for_a_while() {
    let world = World::start().await.unwrap();
    look_and_leave(&world).await;
    let notes = "notes".parse().unwrap();
    let rewritten = |text: &str| text.replace("booked", "free").replace("late", "early");
    let written = world.agent().revise(&notes, rewritten, "News.").await;
    let written = written.unwrap();
    let outcomes: Vec<_> = written.hunks.iter().map(|hunk| hunk.outcome).collect();
    assert_eq!(
        outcomes,
        [Outcome::Suggested(Why::Touched), Outcome::Applied]
    );
    let text = world.person().text(&notes).await.unwrap().text;
    assert_eq!(text, TEXT.replace("late", "early"));
    assert_eq!(written.suggestions.len(), 1);
}
