//! References followed, and what is only for the API's own description left out.

use serde_json::{Map, Value, json};

/// How references to shared schemas begin.
const REFERENCE: &str = "#/components/schemas/";

/// The shared schemas.
#[derive(Clone, Copy)]
pub(super) struct Definitions<'a>(pub(super) &'a Value);

impl Definitions<'_> {
    /// `schema` without references. Where it would contain itself, it says no more than "object".
    pub(super) fn resolve(self, schema: &Value) -> Value {
        self.follow(schema, &mut Vec::new())
    }

    /// Like [`Definitions::resolve`], for what is sent: `null` is left out.
    pub(super) fn argument(self, schema: &Value) -> Value {
        without_null(self.resolve(schema))
    }

    fn follow(self, schema: &Value, trail: &mut Vec<String>) -> Value {
        let Some(fields) = schema.as_object() else {
            return schema.clone();
        };
        let Some(name) = target(fields) else {
            return Value::Object(self.follow_parts(fields, trail));
        };
        if trail.iter().any(|passed| passed == name) {
            return json!({ "type": "object" });
        }
        trail.push(name.to_owned());
        let mut found = match self.0.get(name) {
            Some(found) => self.follow(found, trail),
            None => json!({}),
        };
        trail.pop();
        if let Some(found) = found.as_object_mut() {
            let beside = fields.iter().filter(|(key, _)| *key != "$ref");
            found.extend(beside.map(|(key, value)| (key.clone(), value.clone())));
        }
        found
    }

    fn follow_parts(
        self,
        fields: &Map<String, Value>,
        trail: &mut Vec<String>,
    ) -> Map<String, Value> {
        let mut followed = Map::new();
        for (key, value) in fields {
            let value = match (key.as_str(), value) {
                ("example" | "discriminator" | "xml" | "externalDocs", _) => continue,
                ("properties", Value::Object(properties)) => properties
                    .iter()
                    .map(|(name, schema)| (name.clone(), self.follow(schema, trail)))
                    .collect(),
                ("items" | "additionalProperties" | "propertyNames", schema) => {
                    self.follow(schema, trail)
                }
                ("oneOf" | "anyOf" | "allOf" | "prefixItems", Value::Array(schemas)) => schemas
                    .iter()
                    .map(|schema| self.follow(schema, trail))
                    .collect(),
                (_, value) => value.clone(),
            };
            followed.insert(key.clone(), value);
        }
        followed
    }
}

fn target(fields: &Map<String, Value>) -> Option<&str> {
    fields.get("$ref")?.as_str()?.strip_prefix(REFERENCE)
}

/// What may be left out need not be sent as `null`; models do better with one way.
fn without_null(schema: Value) -> Value {
    let Value::Object(fields) = schema else {
        return schema;
    };
    let mut plain = Map::new();
    let mut only = None;
    for (key, value) in fields {
        let value = match (key.as_str(), value) {
            ("type", Value::Array(types)) => one_or_all(without(types, &json!("null"))),
            ("properties", Value::Object(properties)) => properties
                .into_iter()
                .map(|(name, schema)| (name, without_null(schema)))
                .collect(),
            ("items" | "additionalProperties", schema) => without_null(schema),
            ("oneOf" | "anyOf" | "allOf", Value::Array(schemas)) => {
                let null = json!({ "type": "null" });
                let schemas = without(schemas, &null).into_iter().map(without_null);
                match one_or_all(schemas.collect()) {
                    Value::Array(schemas) => Value::Array(schemas),
                    one => {
                        only = Some(one);
                        continue;
                    }
                }
            }
            (_, value) => value,
        };
        plain.insert(key, value);
    }
    match only {
        // What stands beside the only alternative is said of the whole, so it wins.
        Some(Value::Object(mut one)) => {
            one.extend(plain);
            Value::Object(one)
        }
        Some(_) | None => Value::Object(plain),
    }
}

fn without(values: Vec<Value>, unwanted: &Value) -> Vec<Value> {
    values
        .into_iter()
        .filter(|value| value != unwanted)
        .collect()
}

fn one_or_all(mut values: Vec<Value>) -> Value {
    match (values.len(), values.pop()) {
        (1, Some(one)) => one,
        (_, Some(last)) => {
            values.push(last);
            Value::Array(values)
        }
        (_, None) => Value::Array(values),
    }
}
