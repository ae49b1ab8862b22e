//! Setting fields, and checking what they hold.

use serde_json::{Map, Value, json};
use yrs::{Any, ReadTxn, TransactionMut};

use super::{
    Patch,
    problem::{EditProblem, example, field},
};
use crate::{
    ids::ElementId,
    path::DocPath,
    schema::{EditError, TextField, Workspace, normalize},
    shape::{Scalar, Shape},
    suggest::{self, element, is_content},
};

/// What one field of a patch does, checked.
enum Setting {
    Text(TextField, String),
    Value(DocPath, Option<Any>),
}

impl Patch {
    pub(super) fn apply(&self, txn: &mut TransactionMut<'_>) -> Result<DocPath, EditProblem> {
        let is_record = matches!(self.at.shape(), Shape::Map(_)) && is_content(&self.at);
        if !is_record {
            let problem = format!(
                "{} has no fields to set: name an element, plan or briefing",
                self.at
            );
            return Err(field("at", problem, json!("plan/steps/ab12")));
        }
        let mut settings = Vec::new();
        for (key, value) in &self.set {
            settings.extend(self.settings(txn, key, value)?);
        }
        check(txn, &self.at, &self.if_value)?;
        for setting in settings {
            match setting {
                Setting::Text(text, wanted) => text.set(txn, &wanted)?,
                Setting::Value(path, value) => suggest::put(txn, &path, value)?,
            }
        }
        Ok(self.at.clone())
    }

    fn settings<T: ReadTxn>(
        &self,
        txn: &T,
        key: &str,
        value: &Value,
    ) -> Result<Vec<Setting>, EditProblem> {
        let named = format!("set.{key}");
        let path = child(&self.at, key, &named)?;
        Ok(match path.shape() {
            Shape::Text => {
                let text = value.as_str().ok_or_else(|| {
                    field(
                        &named,
                        format!("is {value}, expected Markdown"),
                        json!("Some *text*."),
                    )
                })?;
                let at = TextField::at(path).expect("the shape is a text");
                vec![Setting::Text(at, text.to_owned())]
            }
            Shape::Scalar(scalar) => vec![Setting::Value(path, plain(*scalar, value, &named)?)],
            Shape::Dict(Shape::Scalar(scalar)) => facts(&path, *scalar, value, &named)?,
            Shape::MapOf(Shape::Scalar(_)) => members(txn, &path, value, &named)?,
            Shape::MapOf(_) | Shape::Map(_) | Shape::Dict(_) | Shape::Free => {
                let problem = format!("holds elements: add, patch, move or remove them in {path}");
                return Err(field(&named, problem, example(None)));
            }
        })
    }
}

/// Checks that fields hold what the author of an edit has read.
pub(super) fn check<T: ReadTxn>(
    txn: &T,
    at: &DocPath,
    if_value: &Map<String, Value>,
) -> Result<(), EditProblem> {
    if path_is_missing(txn, at) {
        return Err(EditError::Missing(at.clone()).into());
    }
    if if_value.is_empty() {
        return Ok(());
    }
    let record = record(txn, at);
    for (key, read) in if_value {
        let path = child(at, key, &format!("if_value.{key}"))?;
        let now = &record[key.as_str()];
        if !agrees(read, now) {
            return Err(EditProblem::Changed {
                path,
                read: read.clone(),
                now: now.clone(),
            });
        }
    }
    Ok(())
}

fn path_is_missing<T: ReadTxn>(txn: &T, at: &DocPath) -> bool {
    element(at).is_some_and(|(kind, id)| !kind.contains(txn, &id))
}

/// The fields of an element, the plan, the briefing or the document as JSON.
fn record<T: ReadTxn>(txn: &T, at: &DocPath) -> Value {
    if let Some((kind, id)) = element(at) {
        return kind.json(txn, &id).unwrap_or_default();
    }
    match at.keys().first().map(|root| &**root) {
        Some("plan") => json!(Workspace.plan().read(txn)),
        Some("briefing") => json!(Workspace.briefing().read(txn)),
        _ => json!({"title": Workspace.title().read(txn)}),
    }
}

/// Whether what was read is what stands there: of an object, the fields that were read.
fn agrees(read: &Value, now: &Value) -> bool {
    match (read, now) {
        (Value::String(read), Value::String(now)) => normalize(read) == now.as_str(),
        (Value::Number(read), Value::Number(now)) => read.as_f64() == now.as_f64(),
        (Value::Object(read), Value::Object(_)) => read
            .iter()
            .all(|(key, read)| agrees(read, &now[key.as_str()])),
        (read, now) => read == now,
    }
}

/// The place of a field, when members may set it.
fn child(at: &DocPath, key: &str, named: &str) -> Result<DocPath, EditProblem> {
    let known = at.shape().child(key).is_some().then(|| at.join(key));
    known.filter(is_content).ok_or_else(|| {
        let fields: Vec<&str> = match at.shape() {
            Shape::Map(fields) => fields.iter().map(|(key, _)| *key).collect(),
            _ => Vec::new(),
        };
        let problem = format!("{at} has no such field; it has {}", fields.join(", "));
        field(named, problem, example(Some("patch")))
    })
}

fn plain(scalar: Scalar, value: &Value, named: &str) -> Result<Option<Any>, EditProblem> {
    let any = match value {
        Value::Null => return Ok(None),
        Value::Bool(value) => Some(Any::from(*value)),
        Value::Number(value) => value.as_f64().map(Any::from),
        Value::String(value) => Some(value.as_str().into()),
        Value::Array(_) | Value::Object(_) => None,
    };
    let any = any.filter(|any| scalar.admits(any)).ok_or_else(|| {
        let problem = format!("is {value}, expected {}", scalar.expectation());
        field(named, problem, scalar_example(scalar))
    })?;
    Ok(Some(any))
}

fn scalar_example(scalar: Scalar) -> Value {
    match scalar {
        Scalar::String | Scalar::Position | Scalar::Primitive => json!("some text"),
        Scalar::Number => json!(3),
        Scalar::Fraction => json!(0.8),
        Scalar::Bool | Scalar::True => json!(true),
        Scalar::Enum(words) => json!(words[0]),
        Scalar::OrderKey => json!("a0"),
    }
}

/// Named facts: those that are named are set or, with `null`, taken back.
fn facts(
    path: &DocPath,
    scalar: Scalar,
    value: &Value,
    named: &str,
) -> Result<Vec<Setting>, EditProblem> {
    let example = json!({"Customer": "Ms Weber", "Seats": 30, "Outdated": null});
    let Value::Object(facts) = value else {
        let problem = format!("is {value}, expected an object of names and plain values");
        return Err(field(named, problem, example));
    };
    let set = |(name, value): (&String, &Value)| {
        let place = (!name.is_empty()).then(|| path.join(name));
        let place =
            place.ok_or_else(|| field(named, "has an empty name".to_owned(), example.clone()))?;
        let value = plain(scalar, value, &format!("{named}.{name}"))?;
        Ok(Setting::Value(place, value))
    };
    facts.iter().map(set).collect()
}

/// A set of ids: those that are named are its members, others are not.
fn members<T: ReadTxn>(
    txn: &T,
    path: &DocPath,
    value: &Value,
    named: &str,
) -> Result<Vec<Setting>, EditProblem> {
    let wanted: Vec<ElementId> = serde_json::from_value(value.clone()).map_err(|error| {
        let problem = format!("is {value}, expected a list of ids: {error}");
        field(named, problem, json!(["ab12", "cd34"]))
    })?;
    let now = suggest::keys(txn, path);
    let gone = now
        .iter()
        .filter(|id| !wanted.iter().any(|wanted| wanted.as_str() == *id))
        .map(|id| Setting::Value(path.join(id), None));
    let there = wanted
        .iter()
        .map(|id| Setting::Value(path.join(id.as_str()), Some(Any::from(true))));
    Ok(gone.chain(there).collect())
}
