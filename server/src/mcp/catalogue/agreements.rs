//! Tools about who holds the pen, and about what people decide.

use super::{Definition, Effect, Patience, Route, Verb, Way, post};

pub(super) const TOOLS: &[Definition] = &[
    Definition {
        name: "handoff_create",
        title: "Hand off",
        about: "Passes the pen of an item to a member or a queue. Use it when you are stuck, not \
                sure enough, asked for a person, or done. The briefing must say what is intended, \
                what was tried and what is open; if it is incomplete, the answer lists what is \
                missing. Mode `cold` passes at once; `warm` offers, and you keep the pen until \
                the receiver accepts. Afterwards wait with await_change.",
        example: r#"{"workspace": "launch", "item": "step:ab12", "to": {"queue": "people"}, "mode": "cold", "reason": {"trigger": "confidence", "note": "Two venues fit; a person has to choose.", "confidence": 0.4}, "epoch": 3, "idempotency_key": "handoff-venue-1"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/handoffs"),
    },
    Definition {
        name: "handoff_brief",
        title: "Read a handoff back",
        about: "When you are offered the pen: says in your own words what you have understood, \
                before you accept or decline. The giver reads it.",
        example: r#"{"workspace": "launch", "handoff": "h1", "summary": "Find a venue with a ramp by Friday; the budget is fixed."}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/handoffs/{handoff}/brief"),
    },
    Definition {
        name: "handoff_accept",
        title: "Accept a handoff",
        about: "Takes the pen that you were offered, after you have read it back.",
        example: r#"{"workspace": "launch", "handoff": "h1"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/handoffs/{handoff}/accept"),
    },
    Definition {
        name: "handoff_decline",
        title: "Decline a handoff",
        about: "Says no to a pen that you were offered, and why. The giver keeps it.",
        example: r#"{"workspace": "launch", "handoff": "h1", "reason": "I cannot reach the booking system."}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/handoffs/{handoff}/decline"),
    },
    Definition {
        name: "claim",
        title: "Claim an item",
        about: "Takes the pen of an item that nobody holds or that waits in a queue. Exactly one \
                claimer wins; the others are told who did. As its owner you write directly; \
                elsewhere your writing becomes suggestions. The epoch says which state you saw: \
                workspace_read with the section `owners` tells it.",
        example: r#"{"workspace": "launch", "item": "task:t1", "epoch": 2, "idempotency_key": "claim-t1-2"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/items/{item}/claim"),
    },
    Definition {
        name: "renew",
        title: "Keep an item",
        about: "Says that you still work on an item that you hold. Without a sign of life it goes \
                to its fallback queue.",
        example: r#"{"workspace": "launch", "item": "task:t1", "epoch": 3}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/items/{item}/renew"),
    },
    Definition {
        name: "release",
        title: "Let an item go",
        about: "Gives up the pen of an item that you hold, without naming a receiver. To pass it \
                to somebody, use handoff_create.",
        example: r#"{"workspace": "launch", "item": "task:t1", "epoch": 3}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/items/{item}/release"),
    },
    Definition {
        name: "approval_ask",
        title: "Ask for approval",
        about: "Asks people to approve one action before you run it, with its exact arguments. \
                They answer in their browser; you cannot answer for them. Wait with await_change. \
                If what the action depends on (scope) changes meanwhile, the approval is void. \
                No answer is never a yes.",
        example: r#"{"workspace": "launch", "title": "Book the Harbour Hall", "action": {"kind": "book", "arguments": {"venue": "Harbour Hall", "deposit": 400}}, "why": "It is the only venue with a ramp.", "if_approved": "The deposit is paid today.", "if_declined": "I keep looking.", "reversible": false, "risk": 0.6, "scope": ["plan/steps/ab12/body"], "idempotency_key": "book-hall-1"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/approvals"),
    },
    Definition {
        name: "approval_take",
        title: "Take an approval",
        about: "Takes up an approval that was given, just before you run the action: once, and only \
                if what was approved is still what is there. The answer has the action as \
                approved, perhaps edited by a person, and a grant. Run exactly that, then call \
                approval_consume. If it is refused, run nothing.",
        example: r#"{"workspace": "launch", "approval": "a1", "idempotency_key": "take-a1"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/approvals/{approval}/take"),
    },
    Definition {
        name: "approval_consume",
        title: "Finish an approved action",
        about: "Says what came of an approved action that you ran. Once: repeating it changes \
                nothing and returns the first result.",
        example: r#"{"workspace": "launch", "approval": "a1", "grant": "GRANT-FROM-TAKE", "result": "Booked; the deposit is paid.", "idempotency_key": "consume-a1"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/approvals/{approval}/consume"),
    },
    Definition {
        name: "await_change",
        title: "Wait for news",
        about: "Waits, at most 50 seconds, for something to happen: the pen, a decision, an \
                answer, a handoff. Returns what happened, what is pending for you, and a cursor; \
                pass the cursor in the next call to miss nothing and see nothing twice. Without \
                one it returns at once and tells where things stand. No items mean nothing yet: \
                call again, or stop and come back later; what waits is kept.",
        example: r#"{"workspace": "launch", "cursor": 1532}"#,
        effect: Effect::Reads,
        way: Way::Operation(Route {
            verb: Verb::Get,
            path: "/workspaces/{workspace}/changes",
            fixed: &[],
            assumed: &[("hold", "50000"), ("only", "records")],
            patience: Patience::Waits,
        }),
    },
    Definition {
        name: "decision_take",
        title: "Take a decision",
        about: "Takes up a decision that a person made about an item that you hold, before you act \
                on it. It is yours for a while; if you do not finish, it comes back. When you \
                have acted on it, call decision_consume.",
        example: r#"{"workspace": "launch", "decision": "d1", "idempotency_key": "take-d1"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/decisions/{decision}/take"),
    },
    Definition {
        name: "decision_consume",
        title: "Finish a decision",
        about: "Says what came of a decision that you took. Once: repeating it changes nothing and \
                returns the first outcome.",
        example: r#"{"workspace": "launch", "decision": "d1", "lease": "LEASE-FROM-TAKE", "outcome": "Booked the Harbour Hall.", "idempotency_key": "consume-d1"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/decisions/{decision}/consume"),
    },
    Definition {
        name: "resume_ack",
        title: "Acknowledge and go on",
        about: "When the pen comes back to you: says that you have read the decisions and what \
                changed meanwhile (see context_packet). Until then your writing becomes \
                suggestions.",
        example: r#"{"workspace": "launch", "item": "step:ab12", "epoch": 5, "decisions": ["d1"], "cursor": 812}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/items/{item}/resume"),
    },
];
