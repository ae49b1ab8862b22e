//! Holds every answer that a test gets against the description of the API.
//!
//! With `PENHOLD_EXAMPLES` set, answers become the examples of the description: each the fullest of
//! its operation that a page still shows at a glance.

use std::{env, fs, path::Path, sync::LazyLock};

use serde_json::{Value, json};

/// Examples are no longer than this, in bytes of JSON, if there is a choice.
const EXAMPLE_BYTES_MAX: usize = 1_200;

static API: LazyLock<Value> = LazyLock::new(|| {
    let described = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    serde_json::from_str(&fs::read_to_string(described).unwrap()).unwrap()
});

/// Panics unless the API's description has such an answer of such an operation. `path` is that of
/// the request, below `/api/v1`.
pub(crate) fn assert_described(method: &str, path: &str, status: u16, kind: &str, body: &str) {
    let Some(operation) = operation(method, path) else {
        assert!(
            [404, 405].contains(&status),
            "{method} {path} is not described"
        );
        return;
    };
    let responses = &operation["responses"];
    let response = match &responses[status.to_string()] {
        Value::Null if status >= 400 => &responses["default"],
        Value::Null => panic!("{method} {path} is not described to answer {status}"),
        response => response,
    };
    let kind = kind.split(';').next().unwrap_or_default();
    let content = response["content"].as_object();
    let Some(content) = content.filter(|_| !body.is_empty()) else {
        assert_eq!(
            body, "",
            "{method} {path} is described to answer {status} without content"
        );
        return;
    };
    let described = content.get(kind);
    let described =
        described.unwrap_or_else(|| panic!("{method} {path} answers {status} as {kind}"));
    if kind.ends_with("json") {
        let answer: Value = serde_json::from_str(body).unwrap();
        assert_conforms(
            &described["schema"],
            &answer,
            &format!("{method} {path} {status}"),
        );
        if status < 300 && env::var_os("PENHOLD_EXAMPLES").is_some() {
            keep(operation["operationId"].as_str().unwrap(), &answer);
        }
    }
}

/// Panics unless a value is as a schema of the description says.
pub(crate) fn assert_conforms(schema: &Value, value: &Value, what: &str) {
    let mut whole = schema.clone();
    whole["components"] = API["components"].clone();
    let validator = jsonschema::validator_for(&whole).unwrap();
    let problems: Vec<_> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        problems.is_empty(),
        "{what} is not as described: {problems:#?}\n{value}"
    );
}

/// The operation that a request is for; places that are told by name go before those of any name.
fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next().unwrap_or_default();
    let paths = API["paths"].as_object().unwrap().iter();
    let fitting = paths
        .filter(|(template, _)| fits(template.strip_prefix("/api/v1").unwrap_or(template), path));
    let (_, methods) = fitting.min_by_key(|(template, _)| template.matches('{').count())?;
    methods.get(method.to_lowercase())
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(name, given)| name.starts_with('{') || name == given)
}

/// Keeps an answer as its operation's example if it tells more than the one there is.
fn keep(operation: &str, answer: &Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/openapi/examples");
    let file = folder.join(format!("{operation}.json"));
    let answer = without_secrets(answer.clone());
    let length = |value: &Value| match value.to_string().len() {
        // Better than none.
        length if length > EXAMPLE_BYTES_MAX => 1,
        length => length,
    };
    let kept = fs::read_to_string(&file).ok();
    let kept = kept.and_then(|text| serde_json::from_str(&text).ok());
    if length(&answer) > kept.as_ref().map_or(0, length) {
        fs::create_dir_all(folder).unwrap();
        fs::write(file, format!("{answer:#}\n")).unwrap();
    }
}

/// Tokens and codes, cut short: nobody should try them.
fn without_secrets(mut answer: Value) -> Value {
    if let Some(fields) = answer.as_object_mut() {
        for (name, start) in [
            ("token", "eyJ"),
            ("ticket", "ticket-"),
            ("path", "/sign-in?code="),
        ] {
            if let Some(Value::String(text)) = fields.get_mut(name)
                && text.starts_with(start)
            {
                *text = format!("{start}…");
            }
        }
    }
    answer
}

/// Every operation that answers with JSON shows such an answer.
#[test]
fn api1_answers_have_examples_that_are_as_described() {
    let paths = API["paths"].as_object().unwrap();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            let answers = responses
                .iter()
                .filter(|(status, _)| status.starts_with('2'));
            for (status, response) in answers {
                let content = &response["content"]["application/json"];
                if content.is_null() {
                    continue;
                }
                let what = format!("the example of {method} {path} {status}");
                let example = &content["example"];
                assert_ne!(*example, json!(null), "{what} is missing");
                assert_conforms(&content["schema"], example, &what);
            }
        }
    }
}
