//! What the agent does with a decision.

use crdt_schema::{
    ownership::DecisionView,
    schema::{NewTask, Place, Workspace},
};

use super::{Progress, planner::Planner, script::headline};
use crate::{PeerError, TypistError};

/// Writes a decision where it belongs; what came of it.
pub(super) async fn act<P: FnMut(&Progress) + Send>(
    planner: &mut Planner<'_, P>,
    decision: &DecisionView,
) -> Result<String, PeerError> {
    let mut done = Vec::new();
    if let Some(question) = &decision.question {
        let answer = Workspace.briefing().questions().get(question).answer();
        let field = answer.clone();
        let is_open = planner.peer.read(move |txn| field.is_empty(txn)).await?;
        if is_open && written(planner.pen().write(answer, &decision.note).await)? {
            done.push("wrote it under its question");
        }
    }
    let task = NewTask {
        title: headline(&format!("Carry out: {}", decision.title)),
        ..NewTask::default()
    };
    let tasks = Workspace.tasks();
    let added = planner
        .peer
        .edit(move |txn| tasks.add(txn, &mut rand::rng(), Place::Last, task));
    if added.await?.is_ok() {
        planner.summary.tasks += 1;
        done.push("made a task of it");
    }
    planner.peer.flush().await?;
    Ok(match done.as_slice() {
        [] => "Read it; there was nothing to write.".to_owned(),
        done => format!("Read it, and {}.", done.join(" and ")),
    })
}

/// Whether it was written; what a person removed meanwhile need not be.
fn written(done: Result<(), TypistError>) -> Result<bool, PeerError> {
    match done {
        Ok(()) => Ok(true),
        Err(TypistError::Edit(_)) => Ok(false),
        Err(TypistError::Peer(error)) => Err(error),
    }
}
