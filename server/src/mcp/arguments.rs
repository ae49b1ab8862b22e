//! The arguments of a tool, and the request that they become.

use rmcp::model::JsonObject;
use serde_json::{Map, Value, json};

use super::{
    api::Ask,
    catalogue::Route,
    failure::Failure,
    schema::{Operation, Place, parameter_name},
};

/// Names the command, so that repeating it does nothing.
pub(super) const KEY: &str = "idempotency_key";
/// The header that it is sent in.
const KEY_HEADER: &str = "Idempotency-Key";

/// What a tool takes and where the API wants it.
pub(super) struct Arguments {
    route: &'static Route,
    takes: Vec<Argument>,
}

struct Argument {
    name: String,
    sent: Sent,
    required: bool,
    schema: Value,
}

/// Where an argument goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    Path,
    Query,
    Key,
    Body,
}

impl Arguments {
    /// The arguments that `operation`, which stands at `route`, needs.
    pub(super) fn of(route: &'static Route, operation: &Operation<'_>) -> Self {
        let path_names: Vec<&str> = route.path.split('/').filter_map(parameter_name).collect();
        let renamed = |theirs: &str| {
            let place = operation.path().iter().position(|name| *name == theirs);
            place.map_or(theirs, |place| path_names[place]).to_owned()
        };
        let parameters = operation.parameters().into_iter().filter_map(|parameter| {
            let (name, sent) = match parameter.place {
                Place::Path => (renamed(&parameter.name), Sent::Path),
                Place::Query if route.fixed.iter().any(|(name, _)| *name == parameter.name) => {
                    return None;
                }
                Place::Query => (parameter.name, Sent::Query),
                Place::Header if parameter.name.eq_ignore_ascii_case(KEY_HEADER) => {
                    (KEY.to_owned(), Sent::Key)
                }
                Place::Header => return None,
            };
            Some(Argument {
                schema: described(route, &name, parameter.schema),
                required: parameter.required,
                name,
                sent,
            })
        });
        let body = operation.body();
        let fields = body.properties.into_iter().map(|(name, schema)| Argument {
            required: body.required.contains(&name),
            sent: Sent::Body,
            name,
            schema,
        });
        let mut takes: Vec<Argument> = parameters.chain(fields).collect();
        takes.sort_by_key(|argument| argument.sent == Sent::Key);
        Self { route, takes }
    }

    /// Their JSON schema.
    pub(super) fn schema(&self) -> JsonObject {
        let properties: Map<String, Value> = self
            .takes
            .iter()
            .map(|argument| (argument.name.clone(), argument.schema.clone()))
            .collect();
        let required = self.takes.iter().filter(|argument| argument.required);
        let required: Vec<&str> = required.map(|argument| argument.name.as_str()).collect();
        super::schema::object(json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        }))
    }

    /// Those that are needed and not given.
    pub(super) fn missing(&self, given: &JsonObject) -> Vec<&str> {
        let missing = self.takes.iter().filter(|argument| {
            argument.required && given.get(&argument.name).is_none_or(Value::is_null)
        });
        missing.map(|argument| argument.name.as_str()).collect()
    }

    /// What an argument is, in words.
    pub(super) fn about(&self, name: &str) -> Option<&str> {
        let argument = self.takes.iter().find(|argument| argument.name == name)?;
        argument.schema["description"].as_str()
    }

    /// The request that `given` become.
    pub(super) fn request(&self, given: JsonObject) -> Result<Ask, Failure> {
        let (mut body, mut key) = (Map::new(), None);
        let assumed = self.route.assumed.iter();
        let unsaid = assumed.filter(|(name, _)| given.get(*name).is_none_or(Value::is_null));
        let set = self.route.fixed.iter().chain(unsaid);
        let mut query: Vec<(String, String)> = set
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let mut named = JsonObject::new();
        for (name, value) in given {
            if value.is_null() {
                continue;
            }
            match self.sent(&name)? {
                Sent::Path => {
                    named.insert(name, value);
                }
                Sent::Query => {
                    let text = scalar(&name, &value)?;
                    query.push((name, text));
                }
                Sent::Key => key = Some(scalar(&name, &value)?),
                Sent::Body => {
                    body.insert(name, value);
                }
            }
        }
        let takes_body = self
            .takes
            .iter()
            .any(|argument| argument.sent == Sent::Body);
        Ok(Ask {
            method: self.route.verb.method(),
            path: self.path(&named)?,
            query,
            key,
            body: takes_body.then_some(Value::Object(body)),
            hold: self.route.patience.hold(),
        })
    }

    fn sent(&self, name: &str) -> Result<Sent, Failure> {
        let argument = self.takes.iter().find(|argument| argument.name == name);
        argument.map(|argument| argument.sent).ok_or_else(|| {
            let names: Vec<&str> = self.takes.iter().map(|takes| takes.name.as_str()).collect();
            Failure::arguments(format!(
                "there is no argument {name:?}; there are {}",
                names.join(", ")
            ))
        })
    }

    fn path(&self, named: &JsonObject) -> Result<Vec<String>, Failure> {
        let parts = self.route.path.split('/').filter(|part| !part.is_empty());
        parts
            .map(|part| match parameter_name(part) {
                None => Ok(part.to_owned()),
                Some(name) => segment(name, named.get(name).unwrap_or(&Value::Null)),
            })
            .collect()
    }
}

/// A part of an address; `.` and `..` would lead elsewhere.
fn segment(name: &str, value: &Value) -> Result<String, Failure> {
    let text = scalar(name, value)?;
    match text.as_str() {
        "" | "." | ".." => Err(Failure::arguments(format!(
            "{name}: {text:?} names nothing"
        ))),
        _ => Ok(text),
    }
}

fn scalar(name: &str, value: &Value) -> Result<String, Failure> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(Failure::arguments(format!(
            "{name}: expected one plain value, got {}",
            kind(value)
        ))),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The schema of an argument, with the words for tools and with what is assumed.
fn described(route: &Route, name: &str, mut schema: Value) -> Value {
    let Some(fields) = schema.as_object_mut() else {
        return schema;
    };
    if let Some(words) = words(name) {
        fields.insert("description".to_owned(), words.into());
    }
    let assumed = route.assumed.iter().find(|(assumed, _)| *assumed == name);
    if let Some((_, text)) = assumed {
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(*text));
        fields.insert("default".to_owned(), value);
    }
    schema
}

/// What arguments are that mean the same in every tool.
fn words(name: &str) -> Option<&'static str> {
    match name {
        "workspace" => Some("The workspace's id, as workspace_list gives it"),
        "item" => Some("What has an owner: workspace, plan, briefing, notes, step:ID or task:ID"),
        KEY => Some(
            "Your own name for this call, 1 to 128 visible ASCII characters. Calling again with \
             the same one changes nothing and gives the first answer: use one, and repeat it \
             after a failure",
        ),
        _ => None,
    }
}
