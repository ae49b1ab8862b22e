//! Tools about what stands in a workspace.

use super::{Definition, Effect, Patience, Route, Verb, Way, get, post};

pub(super) const TOOLS: &[Definition] = &[
    Definition {
        name: "workspace_list",
        title: "List workspaces",
        about: "Lists the workspaces that you may open, with their ids and titles. Use it first, \
                when you do not know which workspace is meant.",
        example: r#"{}"#,
        effect: Effect::Reads,
        way: get("/workspaces"),
    },
    Definition {
        name: "workspace_read",
        title: "Read a workspace",
        about: "Reads a workspace or one section of it, as Markdown (for reading) or as JSON (for \
                ids and fields). Names such as `step:ab12` in Markdown are the items that other \
                tools take. With a path it reads one text, and gives the base that workspace_edit \
                needs to rewrite it as a whole. A budget keeps the answer short; what was cut is \
                said. Read before you edit: people and other agents write at the same time.",
        example: r#"{"workspace": "launch", "section": "plan", "budget": 8000}"#,
        effect: Effect::Reads,
        way: Way::Reading,
    },
    Definition {
        name: "workspace_edit",
        title: "Edit a workspace",
        about: "Writes what you mean. In a text (path): words to replace (find, replace), something \
                to append, under a heading if you name one, or the whole new text with the base \
                that you read it at. In lists and fields: `edits`, such as \
                {\"do\": \"patch\", \"at\": \"tasks/ab12\", \"set\": {\"status\": \"doing\"}}. It is \
                merged with what others wrote meanwhile; what would hurt a person's words, or is \
                not yours to write, becomes a suggestion, and the answer says piece by piece what \
                happened. If the base is no longer known, you get the current text and a fresh \
                base: look again, then repeat.",
        example: r#"{"workspace": "launch", "path": "notes", "find": "teh plan", "replace": "the plan", "reason": "A typo.", "idempotency_key": "fix-typo-1"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/edits"),
    },
    Definition {
        name: "suggest",
        title: "Suggest a change",
        about: "Proposes a change for the owner to accept or reject. Use it when somebody else \
                holds the pen, or when you are not sure.",
        example: r#"{"workspace": "launch", "target": "plan/steps/ab12/body", "quote": "by Friday", "replacement": "by Thursday", "reason": "The venue closes on Friday.", "idempotency_key": "suggest-thursday"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/suggestions"),
    },
    Definition {
        name: "comment",
        title: "Comment",
        about: "Starts a discussion of a passage. Use it to ask or to point something out without \
                changing the text. To get a decision, put a question into the briefing or use \
                approval_ask.",
        example: r#"{"workspace": "launch", "target": "notes", "quote": "two venues", "text": "Which two?", "idempotency_key": "ask-which"}"#,
        effect: Effect::Writes,
        way: post("/workspaces/{workspace}/threads"),
    },
    Definition {
        name: "context_packet",
        title: "Catch up",
        about: "What you need to go on, and no more: briefing, decisions, what waits for you, what \
                changed and who did it, sources by reference. Use it when you start or come back, \
                before anything else. The budget is in characters.",
        example: r#"{"workspace": "launch", "budget": 12000}"#,
        effect: Effect::Reads,
        way: Way::Operation(Route {
            verb: Verb::Get,
            path: "/workspaces/{workspace}/context",
            fixed: &[("for", "me"), ("format", "json")],
            assumed: &[],
            patience: Patience::Answers,
        }),
    },
    Definition {
        name: "source_search",
        title: "Search sources",
        about: "Searches the logs, transcripts and tables that are kept beside the workspace, and \
                gives the places where the words occur. Use it instead of asking for whole files.",
        example: r#"{"workspace": "launch", "q": "deposit"}"#,
        effect: Effect::Reads,
        way: get("/workspaces/{workspace}/artifacts"),
    },
];
