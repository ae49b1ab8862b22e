use axum::http::Method;
use serde_json::{Value, json};

use super::{Description, Place};

fn description() -> Description {
    Description(json!({
        "paths": { "/api/v1/things/{id}": { "post": {
            "parameters": [
                { "name": "id", "in": "path", "required": true, "schema": { "type": "string" } },
                { "name": "depth", "in": "query", "description": "How far.",
                  "schema": { "type": ["integer", "null"] } },
            ],
            "requestBody": { "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Body" } } } },
            "responses": { "201": { "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Tree" } } } } },
        } } },
        "components": { "schemas": {
            "Body": { "oneOf": [
                { "type": "object", "required": ["path", "text"], "properties": {
                    "path": { "type": "string" }, "text": { "type": "string" } } },
                { "type": "object", "required": ["path", "find"], "properties": {
                    "path": { "type": "string" },
                    "find": { "$ref": "#/components/schemas/Words", "description": "What." },
                    "by": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Words" }] },
                } },
            ] },
            "Words": { "type": "string", "example": "a word", "description": "Any words." },
            "Tree": { "type": "object", "properties": {
                "leaves": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } },
                "name": { "type": ["string", "null"] } } },
        } },
    }))
}

#[test]
fn mcp2_an_operation_is_found_whatever_its_parameters_are_called() {
    let description = description();
    let found = description
        .operation(&Method::POST, "/things/{thing}")
        .unwrap();
    assert_eq!(found.path(), ["id"]);
    assert!(
        description
            .operation(&Method::GET, "/things/{thing}")
            .is_none()
    );
    assert!(description.operation(&Method::POST, "/things").is_none());
}

#[test]
fn mcp2_alternatives_of_a_body_become_one_plain_object() {
    let description = description();
    let operation = description
        .operation(&Method::POST, "/things/{id}")
        .unwrap();
    let body = operation.body();
    assert_eq!(body.required, ["path"], "what every alternative needs");
    let names: Vec<&String> = body.properties.keys().collect();
    assert_eq!(names.len(), 4, "{names:?}");
    let find = json!({ "type": "string", "description": "What." });
    assert_eq!(body.properties["find"], find);
    let by = json!({ "type": "string", "description": "Any words." });
    assert_eq!(body.properties["by"], by, "never null");
}

#[test]
fn mcp2_parameters_keep_their_words_and_lose_null() {
    let description = description();
    let operation = description
        .operation(&Method::POST, "/things/{id}")
        .unwrap();
    let [id, depth] = &operation.parameters()[..] else {
        panic!("two parameters");
    };
    assert_eq!((id.place, id.required), (Place::Path, true));
    assert_eq!((depth.place, depth.required), (Place::Query, false));
    let plain = json!({ "type": "integer", "description": "How far." });
    assert_eq!(depth.schema, plain);
}

#[test]
fn mcp2_answers_stand_alone_even_if_they_contain_themselves() {
    let description = description();
    let operation = description
        .operation(&Method::POST, "/things/{id}")
        .unwrap();
    let answer = Value::Object(operation.answer());
    assert!(!answer.to_string().contains("$ref"), "{answer}");
    assert_eq!(answer["properties"]["leaves"]["items"]["type"], "object");
    assert_eq!(
        answer["properties"]["name"]["type"],
        json!(["string", "null"])
    );
}
