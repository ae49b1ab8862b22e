//! Reading a workspace, or a part of it, within a budget.

mod owners;
mod wish;

use crdt_schema::{
    markdown,
    project::{BriefingProjection, PlanProjection, WorkspaceProjection},
};
use rmcp::model::{CallToolResult, ContentBlock, JsonObject};
use serde_json::{Value, json};

use self::wish::{Format, Wish};
pub(super) use self::wish::{Section, input, output};
use super::{
    api::{Answer, Api, Ask},
    entrance::Visitor,
    failure::Failure,
};

/// Reads for `visitor` what `given` asks for.
pub(super) async fn read(
    api: &Api,
    visitor: &Visitor,
    given: JsonObject,
) -> Result<CallToolResult, Failure> {
    let wish = Wish::of(given)?;
    if let Some(path) = &wish.path {
        return read_text(api, visitor, &wish, path).await;
    }
    let all = document(api, visitor, &wish.workspace).await?;
    let title = all.title.clone();
    let content = if wish.section == Section::Owners {
        Content::Owners(owners::list(api, visitor, &wish.workspace).await?)
    } else {
        Content::Document(Box::new(all), wish.section)
    };
    let budget = wish.budget;
    let mut shown = json!({
        "workspace": wish.workspace,
        "title": title,
        "section": wish.section.word(),
        "characters_cut": 0,
    });
    match wish.format {
        Format::Markdown => {
            let (text, cut) = within(content.markdown(), budget);
            shown["markdown"] = text.clone().into();
            shown["characters_cut"] = cut.into();
            let mut result = CallToolResult::structured(shown);
            result.content = vec![ContentBlock::text(text)];
            Ok(result)
        }
        Format::Json => {
            shown["document"] = content.json(budget)?;
            Ok(CallToolResult::structured(shown))
        }
    }
}

/// Reads one text. Who has not seen all of it gets no base: rewriting it would delete the rest.
async fn read_text(
    api: &Api,
    visitor: &Visitor,
    wish: &Wish,
    path: &str,
) -> Result<CallToolResult, Failure> {
    let ask = Ask::get(&["workspaces", &wish.workspace, "texts"]).with("path", path);
    let Answer::Json(read) = api.ask(visitor, ask).await? else {
        return Err(Failure::told("the text could not be read; try again"));
    };
    let text = read["text"].as_str().unwrap_or_default().to_owned();
    let (text, cut) = within(text, wish.budget);
    let mut shown = json!({
        "workspace": wish.workspace,
        "path": path,
        "markdown": text.clone(),
        "characters_cut": cut,
    });
    let mut told = text;
    if cut == 0 {
        shown["base"] = read["base"].clone();
        told = format!(
            "{told}\n\n[base: {}]",
            read["base"].as_str().unwrap_or_default()
        );
    }
    let mut result = CallToolResult::structured(shown);
    result.content = vec![ContentBlock::text(told)];
    Ok(result)
}

/// What is shown.
enum Content {
    Document(Box<WorkspaceProjection>, Section),
    Owners(Vec<Value>),
}

impl Content {
    fn markdown(&self) -> String {
        match self {
            Self::Document(all, section) => render(all, *section),
            Self::Owners(items) => owners::render(items),
        }
    }

    /// Half a JSON text is of no use: what does not fit is refused.
    fn json(self, budget: usize) -> Result<Value, Failure> {
        let content = match self {
            Self::Document(all, section) => part(&all, section),
            Self::Owners(items) => Value::Array(items),
        };
        let size = content.to_string().chars().count();
        if size <= budget {
            return Ok(content);
        }
        Err(Failure::arguments(format!(
            "budget: this has {size} characters as JSON, over your budget of {budget}; name a \
             smaller section, read Markdown, or raise the budget"
        )))
    }
}

/// A workspace, as the API shows it to `visitor`.
pub(super) async fn document(
    api: &Api,
    visitor: &Visitor,
    workspace: &str,
) -> Result<WorkspaceProjection, Failure> {
    let ask = Ask::get(&["workspaces", workspace]).with("format", "json");
    let answer = match api.ask(visitor, ask).await? {
        Answer::Json(value) => serde_json::from_value(value).ok(),
        Answer::Text(_) | Answer::Empty => None,
    };
    answer.ok_or_else(|| Failure::told("the workspace could not be read; try again"))
}

/// A part of a workspace as Markdown.
pub(super) fn render(all: &WorkspaceProjection, section: Section) -> String {
    let mut shown = all.clone();
    let keep = |this: Section| section == Section::All || section == this;
    if !keep(Section::Plan) {
        shown.plan = PlanProjection::default();
    }
    if !keep(Section::Briefing) {
        shown.briefing = BriefingProjection::default();
    }
    if !keep(Section::Tasks) {
        shown.tasks.clear();
    }
    if !keep(Section::Notes) {
        shown.notes.clear();
    }
    if !keep(Section::Suggestions) {
        shown.suggestions.clear();
    }
    if !keep(Section::Threads) {
        shown.threads.clear();
    }
    markdown::render(&shown)
}

fn part(all: &WorkspaceProjection, section: Section) -> Value {
    let part = match section {
        Section::All => serde_json::to_value(all),
        Section::Plan => serde_json::to_value(&all.plan),
        Section::Briefing => serde_json::to_value(&all.briefing),
        Section::Tasks => serde_json::to_value(&all.tasks),
        Section::Notes => serde_json::to_value(&all.notes),
        Section::Suggestions => serde_json::to_value(&all.suggestions),
        Section::Threads => serde_json::to_value(&all.threads),
        Section::Owners => Ok(Value::Null),
    };
    part.expect("a projection is plain data")
}

/// `text` cut at the end of a line so that it fits, and how many characters were cut.
fn within(text: String, budget: usize) -> (String, usize) {
    let Some((end, _)) = text.char_indices().nth(budget) else {
        return (text, 0);
    };
    let kept = &text[..end];
    let kept = kept.rfind('\n').map_or(kept, |line| &kept[..line]);
    let cut = text.chars().count() - kept.chars().count();
    let told = format!(
        "{kept}\n\n[{cut} more characters; read one section, or ask with a larger budget]\n"
    );
    (told, cut)
}
