//! What is the same for every operation, and so is not said by each.

use std::collections::BTreeMap;

use rust_embed::RustEmbed;
use serde_json::Value;
use utoipa::openapi::{
    OpenApi, Ref, RefOr, Response, ResponseBuilder,
    content::{Content, ContentBuilder},
    path::{Operation, PathItem},
    schema::Schema,
};

/// The media type of errors.
const PROBLEM: &str = "application/problem+json";
/// The media type of answers that have examples.
const JSON: &str = "application/json";

/// Answers as the server gave them, one file an operation. The tests of the HTTP face write them
/// when `PENHOLD_EXAMPLES` is set, and hold them against this description.
#[derive(RustEmbed)]
#[folder = "src/http/openapi/examples"]
struct Examples;

/// Gives every operation an id of its own, such as `handoffs_accept`, every answer an example, and
/// every error its form.
pub(super) fn finish(api: &mut OpenApi) {
    if let Some(components) = &mut api.components {
        open_parts(&mut components.schemas);
    }
    for operation in api.paths.paths.values_mut().flat_map(operations) {
        let tag = operation.tags.iter().flatten().next();
        if let (Some(tag), Some(name)) = (tag, &operation.operation_id) {
            operation.operation_id = Some(format!("{tag}_{name}"));
        }
        let example = example(operation.operation_id.as_deref().unwrap_or_default());
        let responses = &mut operation.responses.responses;
        for (status, response) in responses.iter_mut() {
            let RefOr::T(response) = response else {
                continue;
            };
            if status.starts_with(['4', '5']) {
                response.content = [(PROBLEM.to_owned(), RefOr::T(problem()))].into();
            } else if let Some(RefOr::T(content)) = response.content.get_mut(JSON) {
                content.example.clone_from(&example);
            }
        }
        responses.insert("default".to_owned(), RefOr::T(any_other()));
    }
}

/// What is part of something larger stands beside the other parts' fields, so that it cannot
/// forbid those that it does not know itself.
fn open_parts(schemas: &mut BTreeMap<String, RefOr<Schema>>) {
    let mut parts = Vec::new();
    for schema in schemas.values_mut() {
        let RefOr::T(Schema::AllOf(whole)) = schema else {
            continue;
        };
        for part in &mut whole.items {
            match part {
                RefOr::T(part) => open(part),
                RefOr::Ref(part) => {
                    parts.extend(part.ref_location.rsplit('/').next().map(str::to_owned));
                }
            }
        }
    }
    for part in parts {
        if let Some(RefOr::T(part)) = schemas.get_mut(&part) {
            open(part);
        }
    }
}

fn open(part: &mut Schema) {
    if let Schema::Object(object) = part {
        object.additional_properties = None;
    }
}

fn example(operation: &str) -> Option<Value> {
    let file = Examples::get(&format!("{operation}.json"))?;
    serde_json::from_slice(&file.data).ok()
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem {
        get,
        put,
        post,
        delete,
        patch,
        ..
    } = path;
    [get, put, post, delete, patch].into_iter().flatten()
}

fn any_other() -> Response {
    ResponseBuilder::new()
        .description("Any other error, such as too many requests (429) or too large a body (413)")
        .content(PROBLEM, problem())
        .build()
}

fn problem() -> Content {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    ContentBuilder::new().schema(Some(schema)).build()
}
