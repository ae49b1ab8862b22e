//! What programs read about the API.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::Value;

use crate::server::Server;

async fn api() -> Value {
    let (server, mara) = Server::new().await;
    let api = server.ask("GET", "/openapi.json", &mara, None, None).await;
    api.ok(200)
}

/// Every operation, with its method and address.
fn operations(api: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = api["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap();
        methods
            .iter()
            .map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

#[tokio::test]
async fn api1_every_operation_has_an_id_of_its_own() {
    let api = api().await;
    let mut known: BTreeMap<&str, String> = BTreeMap::new();
    for (place, operation) in operations(&api) {
        let id = operation["operationId"].as_str().unwrap();
        let other = known.insert(id, place.clone());
        assert_eq!(other, None, "{place} has the id {id} too");
    }
    assert!(known.len() > 80, "{}", known.len());
    assert_eq!(known["handoffs_accept"].split(' ').next(), Some("post"));
}

#[tokio::test]
async fn api1_every_reference_leads_somewhere() {
    let api = api().await;
    let mut found = BTreeSet::new();
    references(&api, &mut found);
    assert!(found.len() > 50, "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(api.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get("$ref") {
                found.insert(reference.clone());
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn api1_errors_are_problems_and_bodies_have_examples() {
    let api = api().await;
    for (place, operation) in operations(&api) {
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.contains_key("default"), "{place}");
        let errors = responses
            .iter()
            .filter(|(status, _)| !status.starts_with(['1', '2', '3']));
        for (status, response) in errors {
            let content = response["content"].as_object().unwrap();
            let kinds: Vec<_> = content.keys().collect();
            assert_eq!(kinds, ["application/problem+json"], "{place} {status}");
            let schema = &content["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/Problem", "{place} {status}");
        }
        let body = &operation["requestBody"]["content"]["application/json"];
        if !body.is_null() {
            assert!(
                has_example(&api, body),
                "the body of {place} has no example"
            );
        }
    }
}

fn has_example(api: &Value, body: &Value) -> bool {
    let reference = body["schema"]["$ref"].as_str();
    let schema = reference.and_then(|reference| api.pointer(reference.strip_prefix('#')?));
    let beside = !body["example"].is_null() || !body["examples"].is_null();
    beside || schema.is_some_and(|schema| !schema["example"].is_null())
}

/// Of two types with one name, only one would be described.
#[tokio::test]
async fn api1_no_two_types_are_described_under_one_name() {
    let mut types = Vec::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for source in ["src", "../crdt-schema/src"] {
        described(&here.join(source), &mut types);
    }
    let api = api().await;
    let schemas = api["components"]["schemas"].as_object().unwrap();
    let described = |name: &String| {
        schemas
            .keys()
            .any(|key| key.split('_').any(|part| part == name))
    };
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for (name, file) in types.into_iter().filter(|(name, _)| described(name)) {
        let other = known.insert(name.clone(), file.clone());
        assert_eq!(other, None, "{file} describes another {name}");
    }
    assert!(known.len() > 100, "{}", known.len());
}

/// The names under which the types in the files below `place` are described.
fn described(place: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(place).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            described(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let source = fs::read_to_string(&path).unwrap();
            for after in source.split("#[derive(").skip(1) {
                let (derived, item) = after.split_once(")]").unwrap();
                if derived.contains("ToSchema") {
                    let file = path.display().to_string();
                    found.extend(name_of(item).map(|name| (name, file)));
                }
            }
        }
    }
}

/// The name of the type that the attributes at the start of `item` belong to, unless a macro gives
/// it.
fn name_of(item: &str) -> Option<String> {
    let name = |text: &str| {
        let end = text.find(|c: char| !c.is_alphanumeric());
        text[..end.unwrap_or(text.len())].to_owned()
    };
    for line in item.lines() {
        if let Some((_, renamed)) = line.split_once("schema(as = ") {
            return Some(name(renamed));
        }
        let mut words = line.split_whitespace();
        if words.any(|word| ["struct", "enum"].contains(&word)) && !line.starts_with([' ', '/']) {
            return words.next().map(name);
        }
    }
    None
}
