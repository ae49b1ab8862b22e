//! Schemas of tools, read from the API's own description.
//!
//! Schemas stand alone: every reference is replaced by what it refers to, since not every client
//! and model follows them. Those of arguments are plain besides: one object, without alternatives
//! at the top, and what may be left out is never `null`.

mod resolve;

use axum::http::Method;
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

use self::resolve::Definitions;

/// Where the API begins.
const BASE: &str = "/api/v1";

/// The API's description.
pub(super) struct Description(Value);

/// One operation of the API.
pub(super) struct Operation<'a> {
    definitions: Definitions<'a>,
    value: &'a Value,
    /// The parameters in its path, in order.
    path: Vec<&'a str>,
}

/// A parameter of an operation.
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) place: Place,
    pub(super) required: bool,
    pub(super) schema: Value,
}

/// Where a parameter is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
}

/// The fields of a body.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) properties: Map<String, Value>,
    pub(super) required: Vec<String>,
}

impl Description {
    pub(super) fn new(description: &OpenApi) -> Self {
        Self(serde_json::to_value(description).expect("a description is plain data"))
    }

    /// The operation at `path`, below the API's base, whatever its parameters are called.
    pub(super) fn operation(&self, method: &Method, path: &str) -> Option<Operation<'_>> {
        let wanted: Vec<&str> = path.split('/').collect();
        let paths = self.0["paths"].as_object()?;
        let (found, item) = paths.iter().find(|(candidate, _)| {
            candidate
                .strip_prefix(BASE)
                .is_some_and(|candidate| same_place(candidate, &wanted))
        })?;
        let value = item.get(method.as_str().to_ascii_lowercase())?;
        Some(Operation {
            definitions: Definitions(&self.0["components"]["schemas"]),
            value,
            path: found.split('/').filter_map(parameter_name).collect(),
        })
    }
}

impl Operation<'_> {
    /// Names of the parameters in the path, in order.
    pub(super) fn path(&self) -> &[&str] {
        &self.path
    }

    pub(super) fn parameters(&self) -> Vec<Parameter> {
        let parameters = self.value["parameters"].as_array();
        parameters
            .into_iter()
            .flatten()
            .filter_map(|parameter| {
                let place = match parameter["in"].as_str()? {
                    "path" => Place::Path,
                    "query" => Place::Query,
                    "header" => Place::Header,
                    _ => return None,
                };
                let mut schema = self.definitions.argument(&parameter["schema"]);
                describe(&mut schema, &parameter["description"]);
                Some(Parameter {
                    name: parameter["name"].as_str()?.to_owned(),
                    place,
                    required: parameter["required"] == true,
                    schema,
                })
            })
            .collect()
    }

    /// The fields of its body; none if it has no body.
    pub(super) fn body(&self) -> Fields {
        let content = &self.value["requestBody"]["content"]["application/json"]["schema"];
        if content.is_null() {
            return Fields::default();
        }
        Fields::of(&self.definitions.argument(content))
    }

    /// The schema of its answer, an object.
    pub(super) fn answer(&self) -> Map<String, Value> {
        let answers = self.value["responses"].as_object();
        let schema = answers
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'))
            .map(|(_, answer)| &answer["content"]["application/json"]["schema"])
            .find(|schema| !schema.is_null());
        let Some(schema) = schema else {
            return object(json!({ "type": "object", "properties": {} }));
        };
        let mut schema = match self.definitions.resolve(schema) {
            Value::Object(schema) => schema,
            _ => Map::new(),
        };
        schema.insert("type".to_owned(), "object".into());
        schema
    }
}

impl Fields {
    /// All fields that a body may have, whichever of its alternatives they belong to.
    fn of(schema: &Value) -> Self {
        let mut fields = Self::default();
        if let Some(properties) = schema["properties"].as_object() {
            fields.properties.extend(properties.clone());
        }
        fields.required = words(&schema["required"]);
        for part in alternatives(schema, "allOf") {
            fields.take(Self::of(part), |own, other| {
                own.extend(other);
            });
        }
        for kind in ["oneOf", "anyOf"] {
            let mut shared: Option<Vec<String>> = None;
            for part in alternatives(schema, kind).filter(|part| is_object(part)) {
                fields.take(Self::of(part), |_, required| {
                    shared = Some(match shared.take() {
                        None => required,
                        Some(shared) => shared
                            .into_iter()
                            .filter(|name| required.contains(name))
                            .collect(),
                    });
                });
            }
            fields.required.extend(shared.unwrap_or_default());
        }
        fields
    }

    fn take(&mut self, other: Self, require: impl FnOnce(&mut Vec<String>, Vec<String>)) {
        for (name, schema) in other.properties {
            self.properties.entry(name).or_insert(schema);
        }
        require(&mut self.required, other.required);
    }
}

/// Puts `description` over what a schema says of itself.
fn describe(schema: &mut Value, description: &Value) {
    if let (Some(schema), Some(text)) = (schema.as_object_mut(), description.as_str()) {
        schema.insert("description".to_owned(), text.into());
    }
}

fn same_place(candidate: &str, wanted: &[&str]) -> bool {
    let parts: Vec<&str> = candidate.split('/').collect();
    parts.len() == wanted.len()
        && parts.iter().zip(wanted).all(|(part, wanted)| {
            part == wanted || (parameter_name(part).is_some() && parameter_name(wanted).is_some())
        })
}

/// The name in `{name}`.
pub(super) fn parameter_name(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}

fn alternatives<'a>(schema: &'a Value, kind: &str) -> impl Iterator<Item = &'a Value> {
    schema[kind].as_array().into_iter().flatten()
}

fn is_object(schema: &Value) -> bool {
    schema["type"] == "object"
        || schema.get("properties").is_some()
        || schema.get("allOf").is_some()
}

fn words(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|word| word.as_str().map(str::to_owned))
        .collect()
}

/// The fields of a JSON object.
pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests;
