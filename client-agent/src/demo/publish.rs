//! The one thing that the agent may not do by itself: publishing the plan. It asks, and on a yes
//! does it once.

use crdt_schema::{
    ownership::{Action, ActionReport, ApprovalStatus, ApprovalView, NewApproval},
    project::WorkspaceProjection,
    schema::{NewSource, Place, Workspace},
};
use serde_json::json;

use super::{DemoError, Progress, planner::Planner, script::headline};
use crate::Client;

/// What the agent asks for: leave to publish exactly this goal and these notes.
pub(super) fn ask(now: &WorkspaceProjection) -> NewApproval {
    let goal = Workspace.plan().goal().path().clone();
    let notes = Workspace.notes().path().clone();
    NewApproval {
        title: headline(&format!("Publish \"{}\"", now.title)),
        action: Action {
            kind: "publish".to_owned(),
            arguments: json!({ "as": PUBLISHED }),
        },
        why: "The plan is drafted, and what you decided is in it.".to_owned(),
        if_approved: "A copy of the document as it stands is kept as a file, and the briefing \
                      names it as a source."
            .to_owned(),
        if_declined: "Nothing is published; the document stays as it is.".to_owned(),
        reversible: false,
        risk: 0.4,
        scope: vec![goal, notes],
        named: Vec::new(),
        expires_in_ms: None,
    }
}

/// Does what was answered.
pub(super) async fn end<P: FnMut(&Progress) + Send>(
    planner: &mut Planner<'_, P>,
    client: &Client,
    answered: ApprovalView,
) -> Result<Progress, DemoError> {
    let said = answered.answers.last().map(|answer| answer.note.clone());
    let said = said.unwrap_or_else(|| answered.status.to_string());
    if answered.status != ApprovalStatus::Approved {
        return Ok(Progress::NotPublished(said));
    }
    let approved = match client.take_approval(&answered.id).await {
        Ok(approved) => approved,
        Err(error) if error.is("void") => return Ok(Progress::NotPublished(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    let action = &approved.approval.action;
    let name = action.arguments["as"].as_str().unwrap_or(PUBLISHED);
    let published = match publish(planner, client, name).await {
        Ok(uri) => uri,
        Err(error) => {
            client
                .fail_approval(&answered.id, &approved.grant, &error.to_string())
                .await?;
            return Err(error);
        }
    };
    client
        .consume_approval(&answered.id, &approved.grant, &published)
        .await?;
    planner.summary.published += 1;
    Ok(Progress::Published(published))
}

/// Keeps the document as a file and points to it; where it is.
async fn publish<P: FnMut(&Progress) + Send>(
    planner: &Planner<'_, P>,
    client: &Client,
    name: &str,
) -> Result<String, DemoError> {
    let markdown = client.markdown().await?;
    let artifact = client.put_artifact(name, markdown.into()).await?;
    let source = NewSource {
        title: name.to_owned(),
        uri: artifact.uri.clone(),
        ..NewSource::default()
    };
    let sources = Workspace.briefing().sources();
    let added = planner
        .peer
        .edit(move |txn| sources.add(txn, &mut rand::rng(), Place::Last, source));
    if let Err(error) = added.await? {
        tracing::debug!(%error, "the briefing does not name what was published");
    }
    planner.peer.flush().await?;
    let report = ActionReport {
        item: None,
        what: format!("Published {name}"),
        result: artifact.uri.clone(),
        risk: 0.4,
        reversible: false,
        undo: None,
    };
    client.report(&report).await?;
    Ok(artifact.uri)
}

/// What the published copy is called.
const PUBLISHED: &str = "the-plan.md";
