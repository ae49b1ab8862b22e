//! A member at one workspace: where commands are given and the ledger is read.

use axum::{extract::FromRequestParts, http::request::Parts, response::Response as Answer};
use crdt_schema::{
    ids::{ElementId, WorkspaceId},
    member::{Kind, Member, Role},
    ownership::{Command, Noted, Outcome},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{
    IntoParams, IntoResponses, ToSchema,
    openapi::{
        Ref, RefOr, ResponseBuilder,
        content::ContentBuilder,
        path::{Parameter, ParameterIn},
        response::Response,
    },
};

use yrs::TransactionMut;

use super::{
    App,
    extract::{Caller, Path},
    idempotency::Key,
    problem::Problem,
    workspaces::open,
};
use crate::{
    clock::now_ms,
    room::{Acted, RoomHandle, Scene, View},
};

/// A caller whose token opens the workspace that the address names, at its open room.
pub(super) struct Desk {
    pub(super) app: App,
    pub(super) ws: WorkspaceId,
    pub(super) caller: Caller,
    pub(super) room: RoomHandle,
    key: Key,
}

/// A view of what a command was about, as it is after it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Done<T> {
    /// What it was about.
    #[serde(flatten)]
    view: T,
    /// Number of the record that holds the command.
    record: u64,
    /// After taking a decision: what ends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    lease: Option<ElementId>,
    /// After taking an approval: what ends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    grant: Option<ElementId>,
}

/// A command that leaves nothing to be shown.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Recorded {
    /// Number of the record that holds the command.
    record: u64,
}

/// The answers of every route that takes a [`Desk`], besides its own.
pub(super) enum Refusals {}

impl Desk {
    /// Who is here.
    pub(super) fn me(&self) -> &Member {
        &self.caller.0.member
    }

    /// Gives a command, once for its idempotency key.
    pub(super) async fn command(&self, command: Command) -> Result<Outcome, Problem> {
        let by = self.me().clone();
        Ok(self.room.command(by, self.key.text(), command).await?)
    }

    /// Refuses agents, and people who have less than `role`.
    pub(super) fn person_at_least(&self, role: Role) -> Result<(), Problem> {
        self.caller.at_least(role)?;
        match self.me().kind {
            Kind::Human => Ok(()),
            Kind::Agent => Err(Problem::forbidden("only people may do this")),
        }
    }

    /// Puts a fact into the record.
    pub(super) async fn note(&self, noted: Noted) -> Result<Outcome, Problem> {
        self.command(Command::Note(noted)).await
    }

    /// Changes the document and records it, once for its idempotency key.
    pub(super) async fn act<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut TransactionMut<'_>, &Scene<'_>) -> Result<Acted<T>, Problem>
        + Send
        + 'static,
    ) -> Result<(T, Outcome), Problem> {
        let by = self.me().clone();
        self.room.act(by, self.key.text(), change).await
    }

    /// Changes the document; the change speaks for itself in it.
    pub(super) async fn edit<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut TransactionMut<'_>, &Scene<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let by = self.me().clone();
        self.room.change(by, change).await
    }

    /// Runs something once for its idempotency key; the answer is kept in memory.
    pub(super) async fn once<R: Future<Output = Answer>>(
        &self,
        command: &Value,
        run: impl FnOnce() -> R,
    ) -> Answer {
        let answers = &self.app.answers;
        answers.once(&self.me().id, &self.key, command, run).await
    }

    /// Reads the workspace.
    pub(super) async fn view<R: Send + 'static>(
        &self,
        read: impl FnOnce(&View<'_>) -> R + Send + 'static,
    ) -> Result<R, Problem> {
        Ok(self.room.view(read).await?)
    }

    /// Reads something that may be gone.
    pub(super) async fn find<R: Send + 'static>(
        &self,
        what: &str,
        read: impl FnOnce(&View<'_>) -> Option<R> + Send + 'static,
    ) -> Result<R, Problem> {
        self.view(read).await?.ok_or_else(|| {
            Problem::not_found(format!(
                "there is no such {what}, or it ended long ago: GET …/record has it all"
            ))
        })
    }

    /// Gives a command, and reads what it was about.
    pub(super) async fn done<R: Send + 'static>(
        &self,
        what: &str,
        command: Command,
        read: impl FnOnce(&View<'_>, &Outcome) -> Option<R> + Send + 'static,
    ) -> Result<Done<R>, Problem> {
        let outcome = self.command(command).await?;
        let told = outcome.clone();
        let view = self.find(what, move |view| read(view, &told)).await?;
        Ok(Done::new(view, &outcome))
    }
}

impl<T> Done<T> {
    pub(super) fn new(view: T, outcome: &Outcome) -> Self {
        Self {
            view,
            record: outcome.record,
            lease: outcome.lease.clone(),
            grant: outcome.grant.clone(),
        }
    }
}

impl From<Outcome> for Recorded {
    fn from(outcome: Outcome) -> Self {
        Self {
            record: outcome.record,
        }
    }
}

#[derive(Deserialize)]
struct Place {
    ws: WorkspaceId,
}

impl FromRequestParts<App> for Desk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let key = Key::from_request_parts(parts, app).await?;
        let Path(Place { ws }) = Path::from_request_parts(parts, app).await?;
        let room = open(app, &caller, &ws).await?;
        app.rooms.activity().note(&caller.0.member.id, now_ms());
        Ok(Self {
            app: app.clone(),
            ws,
            caller,
            room,
            key,
        })
    }
}

impl IntoParams for Desk {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let parameter = Parameter::builder()
            .name("ws")
            .parameter_in(ParameterIn::Path)
            .required(utoipa::openapi::Required::True)
            .description(Some("The workspace's id"))
            .schema(Some(<String as utoipa::PartialSchema>::schema()));
        vec![parameter.build()]
    }
}

impl IntoResponses for Refusals {
    fn responses() -> std::collections::BTreeMap<String, RefOr<Response>> {
        let problem = |(status, description): (&str, &str)| {
            let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
            let content = ContentBuilder::new().schema(Some(schema)).build();
            let response = ResponseBuilder::new()
                .description(description)
                .content("application/problem+json", content);
            (status.to_owned(), RefOr::T(response.build()))
        };
        REFUSALS.map(problem).into()
    }
}

const REFUSALS: [(&str, &str); 6] = [
    ("401", "No valid credential"),
    (
        "403",
        "The role, the kind or the state of things does not allow it",
    ),
    ("404", "No such workspace, item or thing"),
    (
        "409",
        "It is not, or no longer, as the command supposes; `code` says what, `detail` what to do",
    ),
    (
        "422",
        "A field does not hold what it should, or the briefing is incomplete",
    ),
    ("503", "The workspace takes no changes just now"),
];
