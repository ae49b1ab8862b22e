//! Who holds what in a workspace, with the epochs that commands carry.

use serde_json::Value;

use crate::mcp::{
    api::{Answer, Api, Ask},
    entrance::Visitor,
    failure::Failure,
};

/// The items and who holds them, as the API lists them.
pub(super) async fn list(
    api: &Api,
    visitor: &Visitor,
    workspace: &str,
) -> Result<Vec<Value>, Failure> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut ask = Ask::get(&["workspaces", workspace, "items"]).with("limit", "1000");
        if let Some(cursor) = &cursor {
            ask = ask.with("cursor", cursor);
        }
        let Answer::Json(mut page) = api.ask(visitor, ask).await? else {
            return Err(Failure::told("the items could not be read; try again"));
        };
        if let Some(page) = page["items"].as_array_mut() {
            items.append(page);
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => return Ok(items),
        }
    }
}

/// One line an item.
pub(super) fn render(items: &[Value]) -> String {
    let lines = items.iter().map(|item| {
        let name = item["item"].as_str().unwrap_or_default();
        let owner = item["owner_name"].as_str().unwrap_or("nobody");
        let from = match item["inherited"].as_str() {
            Some(parent) => format!(", as part of `{parent}`"),
            None => String::new(),
        };
        format!("- `{name}`: {owner}, epoch {}{from}\n", item["epoch"])
    });
    format!("## Who holds the pen\n\n{}", lines.collect::<String>())
}
