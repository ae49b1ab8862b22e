//! A tool: its card for clients, and a call of it.

use std::sync::Arc;

use rmcp::model::{self, CallToolResult, ContentBlock, JsonObject, ToolAnnotations};
use serde_json::{Value, json};

use super::{
    api::{Answer, Api, Ask},
    arguments::Arguments,
    catalogue::{Definition, Effect, Way},
    entrance::Visitor,
    failure::Failure,
    reading,
    schema::Description,
};

/// Names the workspace in the arguments of every tool that needs one.
const WORKSPACE: &str = "workspace";

/// Something that a model can do.
pub(super) struct Tool {
    definition: &'static Definition,
    card: model::Tool,
    work: Work,
}

enum Work {
    Operation(Arguments),
    Reading,
}

impl Tool {
    /// The tool of this definition, if the API has what it needs.
    pub(super) fn new(definition: &'static Definition, api: &Description) -> Option<Self> {
        let (work, input, output) = match &definition.way {
            Way::Reading => (Work::Reading, reading::input(), reading::output()),
            Way::Operation(route) => {
                let operation = api.operation(&route.verb.method(), route.path)?;
                let arguments = Arguments::of(route, &operation);
                let input = arguments.schema();
                (Work::Operation(arguments), input, operation.answer())
            }
        };
        let about = format!("{}\nExample: {}", definition.about, definition.example);
        let card = model::Tool::new(definition.name, about, Arc::new(input))
            .with_title(definition.title)
            .with_raw_output_schema(Arc::new(output))
            .with_annotations(hints(definition));
        Some(Self {
            definition,
            card,
            work,
        })
    }

    pub(super) fn name(&self) -> &'static str {
        self.definition.name
    }

    /// What clients are told of it.
    pub(super) fn card(&self) -> model::Tool {
        self.card.clone()
    }

    /// What `visitor` is told of it: who has named a workspace need not name it again.
    pub(super) fn card_for(&self, visitor: &Visitor) -> model::Tool {
        let mut card = self.card();
        if visitor.workspace.is_some() {
            let mut input = JsonObject::clone(&card.input_schema);
            if let Some(Value::Array(required)) = input.get_mut("required") {
                required.retain(|name| name != WORKSPACE);
            }
            card.input_schema = Arc::new(input);
        }
        card
    }

    /// Does it for `visitor`.
    pub(super) async fn call(
        &self,
        api: &Api,
        visitor: &Visitor,
        mut given: JsonObject,
    ) -> CallToolResult {
        if let Some(workspace) = &visitor.workspace
            && takes_workspace(&self.card)
        {
            given
                .entry(WORKSPACE)
                .or_insert_with(|| workspace.as_str().into());
        }
        let done = match &self.work {
            Work::Reading => reading::read(api, visitor, given).await,
            Work::Operation(arguments) => operate(api, visitor, arguments, given).await,
        };
        done.unwrap_or_else(|failure| failure.into_result(self.definition.example))
    }
}

fn takes_workspace(card: &model::Tool) -> bool {
    card.input_schema["properties"].get(WORKSPACE).is_some()
}

async fn operate(
    api: &Api,
    visitor: &Visitor,
    arguments: &Arguments,
    given: JsonObject,
) -> Result<CallToolResult, Failure> {
    let missing = arguments.missing(&given);
    match missing.first() {
        None => {}
        Some(_) if missing.contains(&"epoch") && text(&given, "item").is_some() => {
            return Err(missing_epoch(api, visitor, &given).await);
        }
        Some(name) => {
            let about = arguments.about(name).unwrap_or("see the tool's schema");
            let about = about.trim_end_matches('.');
            return Err(Failure::arguments(format!("{name} is missing: {about}")));
        }
    }
    Ok(match api.ask(visitor, arguments.request(given)?).await? {
        Answer::Json(value) => CallToolResult::structured(value),
        Answer::Text(text) => {
            let mut result = CallToolResult::structured(json!({ "text": text }));
            result.content = vec![ContentBlock::text(text)];
            result
        }
        Answer::Empty => CallToolResult::structured(json!({})),
    })
}

/// An epoch says which state of ownership the caller decided on. It is not filled in for them,
/// but they are told what it is now and who owns the item.
async fn missing_epoch(api: &Api, visitor: &Visitor, given: &JsonObject) -> Failure {
    let (Some(workspace), Some(item)) = (text(given, WORKSPACE), text(given, "item")) else {
        return Failure::arguments("epoch is missing, and so is the workspace");
    };
    let ask = Ask::get(&["workspaces", workspace, "items", item]);
    match api.ask(visitor, ask).await {
        Ok(Answer::Json(holding)) => {
            let owner = holding["owner_name"].as_str().unwrap_or("nobody");
            Failure::arguments(format!(
                "epoch is missing: {item} is held by {owner} at epoch {}; if you still want \
                 this, call again with that epoch",
                holding["epoch"]
            ))
        }
        Ok(Answer::Text(_) | Answer::Empty) => Failure::arguments("epoch is missing"),
        Err(failure) => failure,
    }
}

fn text<'a>(given: &'a JsonObject, name: &str) -> Option<&'a str> {
    let text = given.get(name)?.as_str()?;
    (!matches!(text, "" | "." | "..")).then_some(text)
}

fn hints(definition: &Definition) -> ToolAnnotations {
    let hints = ToolAnnotations::with_title(definition.title).open_world(false);
    match definition.effect {
        Effect::Reads => hints.read_only(true),
        Effect::Writes => hints.read_only(false).destructive(false).idempotent(false),
    }
}
