//! The published JSON Schema of the projection.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a failed expectation ends a test"
)]

use crdt_schema::{
    project,
    schema::words::{
        Outcome, Priority, Sentiment, StepStatus, SuggestionStatus, TaskStatus, Tier, Word,
    },
};
use serde_json::json;

/// Set `UPDATE_SCHEMA=1` to write the file anew.
#[test]
fn sch9_the_published_json_schema_is_fresh() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/workspace.schema.json");
    let fresh = serde_json::to_string_pretty(&project::json_schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, &fresh).unwrap();
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        published == fresh,
        "crdt-schema/schema/workspace.schema.json is stale: run the test with UPDATE_SCHEMA=1"
    );
}

#[test]
fn sch9_the_vocabularies_of_the_json_schema_are_those_of_the_document() {
    let schema = project::json_schema();
    for (name, words) in [
        ("StepStatus", StepStatus::WORDS),
        ("Tier", Tier::WORDS),
        ("TaskStatus", TaskStatus::WORDS),
        ("Priority", Priority::WORDS),
        ("Sentiment", Sentiment::WORDS),
        ("Outcome", Outcome::WORDS),
        ("SuggestionStatus", SuggestionStatus::WORDS),
    ] {
        assert_eq!(schema["$defs"][name]["enum"], json!(words), "{name}");
    }
    assert_eq!(json!(StepStatus::NeedsDecision), "needs_decision");
}
