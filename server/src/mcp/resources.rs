//! Parts of workspaces as resources, `penhold://{workspace}/{part}`.

use std::{fmt, str::FromStr};

use crdt_schema::ids::WorkspaceId;
use rmcp::model::{ErrorData, Resource, ResourceContents, ResourceTemplate};
use serde_json::Value;

use super::{
    api::{Answer, Api, Ask},
    entrance::Visitor,
    failure::Failure,
    reading::{self, Section},
};

const SCHEME: &str = "penhold://";
const MARKDOWN: &str = "text/markdown";

/// Where a resource is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) workspace: WorkspaceId,
    pub(super) part: Part,
}

/// What of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Plan,
    Briefing,
    Tasks,
    Notes,
    Digest,
}

/// A page of resources.
pub(super) struct Page {
    pub(super) resources: Vec<Resource>,
    pub(super) next: Option<String>,
}

impl Part {
    const ALL: [Self; 5] = [
        Self::Plan,
        Self::Briefing,
        Self::Tasks,
        Self::Notes,
        Self::Digest,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Briefing => "briefing",
            Self::Tasks => "tasks",
            Self::Notes => "notes",
            Self::Digest => "digest",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Self::Plan => "The goal and the steps",
            Self::Briefing => "Intent, next step, what was tried, constraints, open questions",
            Self::Tasks => "The tasks, with their state and owner",
            Self::Notes => "The text that everybody drafts in",
            Self::Digest => "What changed since you last held the pen here, and who changed it",
        }
    }
}

/// The forms that addresses have.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    let template = |part: Part| {
        let word = part.word();
        ResourceTemplate::new(format!("{SCHEME}{{workspace}}/{word}"), word)
            .with_description(part.about())
            .with_mime_type(MARKDOWN)
    };
    Part::ALL.map(template).into()
}

/// Resources of the workspaces that `visitor` may open, or of the one that they named.
pub(super) async fn list(
    api: &Api,
    visitor: &Visitor,
    cursor: Option<String>,
) -> Result<Page, ErrorData> {
    if let Some(workspace) = &visitor.workspace {
        return Ok(Page {
            resources: of_workspace(workspace, workspace.as_str()),
            next: None,
        });
    }
    let mut ask = Ask::get(&["workspaces"]);
    if let Some(cursor) = cursor {
        ask = ask.with("cursor", &cursor);
    }
    let Answer::Json(page) = api.ask(visitor, ask).await.map_err(unreadable)? else {
        return Err(ErrorData::internal_error("the list has no items", None));
    };
    let listed = page["items"].as_array().into_iter().flatten();
    let resources = listed.filter_map(|listed| {
        let workspace = listed["id"].as_str()?.parse().ok()?;
        Some(of_workspace(&workspace, listed["title"].as_str()?))
    });
    Ok(Page {
        resources: resources.flatten().collect(),
        next: page["next_cursor"].as_str().map(str::to_owned),
    })
}

fn of_workspace(workspace: &WorkspaceId, title: &str) -> Vec<Resource> {
    let resource = |part| {
        let address = Address {
            workspace: workspace.clone(),
            part,
        };
        let name = format!("{workspace}/{}", part.word());
        Resource::new(address.to_string(), name)
            .with_title(format!("{title}: {}", part.word()))
            .with_description(part.about())
            .with_mime_type(MARKDOWN)
    };
    Part::ALL.map(resource).into()
}

/// The text at `address`, as `visitor` may read it.
pub(super) async fn read(
    api: &Api,
    visitor: &Visitor,
    address: &Address,
) -> Result<ResourceContents, ErrorData> {
    let workspace = address.workspace.as_str();
    let section = match address.part {
        Part::Plan => Section::Plan,
        Part::Briefing => Section::Briefing,
        Part::Tasks => Section::Tasks,
        Part::Notes => Section::Notes,
        Part::Digest => return digest(api, visitor, address).await,
    };
    let all = reading::document(api, visitor, workspace).await;
    let text = reading::render(&all.map_err(unreadable)?, section);
    Ok(contents(address, text))
}

async fn digest(
    api: &Api,
    visitor: &Visitor,
    address: &Address,
) -> Result<ResourceContents, ErrorData> {
    let ask =
        Ask::get(&["workspaces", address.workspace.as_str(), "digest"]).with("format", "markdown");
    let text = match api.ask(visitor, ask).await.map_err(unreadable)? {
        Answer::Text(text) => text,
        Answer::Json(digest) => match digest.get("markdown") {
            Some(Value::String(text)) => text.clone(),
            Some(_) | None => digest.to_string(),
        },
        Answer::Empty => String::new(),
    };
    Ok(contents(address, text))
}

fn contents(address: &Address, text: String) -> ResourceContents {
    ResourceContents::text(text, address.to_string()).with_mime_type(MARKDOWN)
}

/// Protocol errors are all that reading a resource can answer with.
fn unreadable(failure: Failure) -> ErrorData {
    ErrorData::resource_not_found(failure.into_told(), None)
}

impl FromStr for Address {
    type Err = ErrorData;

    fn from_str(text: &str) -> Result<Self, ErrorData> {
        let known = || {
            let (workspace, part) = text.strip_prefix(SCHEME)?.split_once('/')?;
            Some(Self {
                workspace: workspace.parse().ok()?,
                part: Part::ALL.into_iter().find(|known| known.word() == part)?,
            })
        };
        known().ok_or_else(|| {
            let told = format!(
                "{text:?} is no resource here; addresses are {SCHEME}WORKSPACE/PART, with the \
                 parts plan, briefing, tasks, notes and digest"
            );
            ErrorData::resource_not_found(told, None)
        })
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}/{}", self.workspace, self.part.word())
    }
}
