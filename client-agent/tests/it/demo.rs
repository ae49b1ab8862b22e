//! The scripted agent, with people around it.

use crdt_schema::{
    ids::ElementId,
    project::{self, WorkspaceProjection},
    schema::{NewConstraint, NewQuestion, Place, Workspace, words},
};
use penhold_agent::{
    PeerError, To,
    demo::{self, DemoError, Pace, Progress, Round, Summary},
};

use crate::{
    fake_server::{FakeServer, Mood},
    text::{config, soon},
};

#[tokio::test]
async fn syn_the_agent_plans_from_the_briefing() {
    let server = FakeServer::start().await;
    server.edit(|txn| {
        Workspace.title().push(txn, "Night tram").unwrap();
        Workspace
            .briefing()
            .intent()
            .push(txn, "A page for the **council**.")
            .unwrap();
        let constraint = NewConstraint {
            text: "One page.".into(),
            ..NewConstraint::default()
        };
        let constraints = Workspace.briefing().constraints();
        constraints
            .add(txn, &mut rand::rng(), Place::Last, constraint)
            .unwrap();
        ask(txn, "One variant, or both?");
    });
    let mut told = Vec::new();
    let summary = run(&server, |progress| told.push(progress.clone()))
        .await
        .unwrap();
    let read = server.read(project);
    assert!(
        read.plan.goal.starts_with("A page for the council.\n"),
        "{}",
        read.plan.goal
    );
    let titles: Vec<_> = read.plan.steps.iter().map(|step| &*step.title).collect();
    assert_eq!(
        titles,
        [
            "Settle: One variant, or both?",
            "Check the result against the briefing"
        ]
    );
    assert!(read.plan.steps[1].body.contains("- [ ] One page."));
    assert!(
        read.plan
            .steps
            .iter()
            .all(|step| step.status == words::StepStatus::Ready)
    );
    let tasks: Vec<_> = read
        .tasks
        .iter()
        .map(|task| task.step.as_deref().unwrap())
        .collect();
    assert_eq!(
        tasks,
        [
            read.plan.steps[0].id.as_str(),
            read.plan.steps[1].id.as_str()
        ]
    );
    assert!(
        read.notes.starts_with("## From the planner\n"),
        "{}",
        read.notes
    );
    assert_eq!(read.briefing.actions.len(), 1);
    assert_eq!(
        summary,
        Summary {
            steps: 2,
            tasks: 2,
            answers: 0,
            ..Summary::default()
        }
    );
    assert_eq!(told[0], Progress::Joined("Night tram".into()));
    assert_eq!(told.last(), Some(&Progress::NobodyCame));
}

#[tokio::test]
async fn syn_playing_again_writes_no_step_twice() {
    let server = FakeServer::start().await;
    run(&server, |_| ()).await.unwrap();
    let before = server.read(project);
    let summary = run(&server, |_| ()).await.unwrap();
    assert_eq!((summary.steps, summary.tasks), (0, 0));
    let after = server.read(project);
    assert_eq!((after.plan, after.tasks), (before.plan, before.tasks));
}

#[tokio::test]
async fn syn_the_agent_reacts_to_people() {
    let server = FakeServer::start().await;
    let mut asked = None;
    let summary = run(&server, |progress| match progress {
        Progress::Goal => asked = Some(server.edit(|txn| ask(txn, "Who pays for it?"))),
        Progress::Step(title) if title == "Say what done looks like" => tick_all(&server, title),
        _ => {}
    })
    .await
    .unwrap();
    let read = server.read(project);
    let question = &read.briefing.questions[0];
    assert_eq!(Some(&question.id), asked.as_ref());
    assert!(question.answer.contains("a task"), "{}", question.answer);
    assert!(
        read.tasks
            .iter()
            .any(|task| task.title == "Find an answer: Who pays for it?")
    );
    assert_eq!(read.plan.steps[0].status, words::StepStatus::Done);
    assert_eq!(read.plan.steps[1].status, words::StepStatus::Ready);
    assert_eq!(
        summary,
        Summary {
            steps: 2,
            tasks: 3,
            answers: 1,
            closed: 1,
            ..Summary::default()
        }
    );
}

#[tokio::test]
async fn syn_what_a_person_writes_meanwhile_stays() {
    let server = FakeServer::start().await;
    server.edit(|txn| Workspace.notes().push(txn, "My draft.").unwrap());
    run(&server, |progress| {
        if let Progress::Step(_) = progress {
            server.edit(|txn| Workspace.notes().push(txn, " More.").unwrap());
        }
    })
    .await
    .unwrap();
    let notes = server.read(|txn| Workspace.notes().read(txn));
    assert!(
        notes.starts_with("My draft. More. More.\n\n## From the planner\n"),
        "{notes}"
    );
}

#[tokio::test]
async fn syn_the_agent_shows_its_cursor_where_it_writes() {
    let server = FakeServer::start().await;
    let mut seen = Vec::new();
    run(&server, |progress| {
        if let Progress::Step(_) | Progress::Goal = progress {
            let shown = server.presence_of("Planner").unwrap();
            let focus = shown["focus"].as_str().unwrap().to_owned();
            seen.push((focus, shown["cursor"]["head"]["assoc"].as_i64()));
        }
    })
    .await
    .unwrap();
    let steps = server.read(project).plan.steps;
    let body = |id: &ElementId| (format!("plan/steps/{id}/body"), Some(-1));
    assert_eq!(
        seen,
        [
            ("plan/goal".to_owned(), Some(-1)),
            body(&steps[0].id),
            body(&steps[1].id)
        ]
    );
}

#[tokio::test]
async fn gate_an_agent_that_may_not_write_is_told_so() {
    let server = FakeServer::start().await;
    server.set_mood(Mood::Deny {
        path: "plan/goal",
        reason: "Viewers cannot write",
    });
    let Err(DemoError::Peer(PeerError::Denied(denied))) = run(&server, |_| ()).await else {
        panic!("the agent was not refused");
    };
    assert_eq!(denied.reason, "Viewers cannot write");
}

/// The round as far as the draft: nobody comes to take the pen.
async fn run(
    server: &FakeServer,
    progress: impl FnMut(&Progress) + Send,
) -> Result<Summary, DemoError> {
    let round = Round {
        agent: config(server).named("Planner"),
        host: None,
        to: To::Queue("people".parse().unwrap()),
        pace: Pace::instant(),
    };
    soon(demo::round(&round, progress)).await
}

fn ask(txn: &mut yrs::TransactionMut<'_>, text: &str) -> ElementId {
    let question = NewQuestion {
        text: text.into(),
        ..NewQuestion::default()
    };
    let questions = Workspace.briefing().questions();
    questions
        .add(txn, &mut rand::rng(), Place::Last, question)
        .unwrap()
}

fn tick_all(server: &FakeServer, title: &str) {
    let steps = server.read(project).plan.steps;
    let step = steps.iter().find(|step| step.title == title).unwrap();
    let body = Workspace.plan().steps().get(&step.id).body();
    server.edit(|txn| body.set(txn, &step.body.replace("[ ]", "[x]")).unwrap());
}

fn project(txn: &yrs::Transaction<'_>) -> WorkspaceProjection {
    project::project(txn)
}
