//! Whole rounds between agents and people, through the SDK and over HTTP, with real servers and
//! real crashes.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "rounds/campaign.rs"]
mod campaign;
#[path = "rounds/carets.rs"]
mod carets;
#[path = "rounds/command_line.rs"]
mod command_line;
#[path = "rounds/crash.rs"]
mod crash;
#[path = "rounds/crowd.rs"]
mod crowd;
#[path = "rounds/demo.rs"]
mod demo;
#[path = "../../examples/two_agents_one_person.rs"]
#[expect(dead_code, reason = "its main function is for people")]
mod two_agents_one_person;
#[path = "rounds/world.rs"]
mod world;

use penhold_tests::harness::House;

#[tokio::test]
async fn agt7_two_agents_and_one_person_get_through_a_round() {
    let house = House::open().await;
    let told = two_agents_one_person::round(&house).await.unwrap();
    assert_eq!(
        told.last().map(String::as_str),
        Some("Mara approved, and Writer booked 1 time(s)")
    );
    house.stop().await;
}
