//! What the server would answer.

use serde_json::{Value, json};

pub(crate) fn holding(item: &str, owner: &str, epoch: u64) -> Value {
    json!({
        "item": item, "owner": { "member": owner }, "owner_name": owner, "epoch": epoch,
        "inherited": null, "since_ms": 1, "lease_until_ms": 1, "depth": 0, "gate": null,
        "handoff": null, "record": 7,
    })
}

pub(crate) fn decision(id: &str, status: &str) -> Value {
    json!({
        "id": id, "item": "plan", "question": null, "title": "Fridays only", "note": "Cheaper.",
        "by": "mara", "at_ms": 5, "status": status, "until_ms": 99, "taken_by": null,
        "outcome": null, "ended_ms": null, "acknowledged": [],
    })
}

pub(crate) fn approval(id: &str, status: &str, by: &str) -> Value {
    json!({
        "id": id, "title": "Send it", "action": { "kind": "send", "arguments": {} },
        "why": "It is due.", "if_approved": "", "if_declined": "", "reversible": false,
        "risk": 0.5, "scope": [], "named": [], "by": by, "at_ms": 5, "status": status,
        "until_ms": 99, "content": "00".repeat(32), "changed": false, "answers": [],
        "result": null, "ended_ms": null,
    })
}

/// Something decided that waits to be acted on.
pub(crate) fn decided(id: &str) -> Value {
    json!({
        "kind": "decision", "decision": id, "item": "plan", "title": "Fridays only",
        "since_ms": 5, "until_ms": null, "irreversible": false,
    })
}

pub(crate) fn changes(cursor: u64, events: &[Value], pending: &[Value]) -> Value {
    let items = match events {
        [] => json!([]),
        events => json!([{
            "kind": "record", "no": cursor, "at_ms": 5, "by": "mara", "events": events,
            "position": cursor,
        }]),
    };
    json!({ "items": items, "cursor": cursor, "pending": pending })
}

pub(crate) fn owner_changed(item: &str, owner: &str, epoch: u64) -> Value {
    json!({
        "type": "owner_changed", "item": item, "owner": { "member": owner }, "epoch": epoch,
        "depth": 0, "cause": "handed_off", "note": "Your turn.",
    })
}

pub(crate) fn with(mut view: Value, key: &str, value: &str) -> Value {
    view[key] = json!(value);
    view
}
