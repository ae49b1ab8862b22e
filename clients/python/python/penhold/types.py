"""The shapes of what goes to the server and comes from it.

Times are milliseconds since 1970. Items are `workspace`, `plan`, `briefing`, `notes`, `step:ID`
and `task:ID`; paths name places of the document, such as `notes` or `plan/steps/ab12/body`.
"""

from typing import Any, Literal, NotRequired, TypedDict

Kind = Literal["human", "agent"]
Trigger = Literal[
    "confidence",
    "loop",
    "sentiment",
    "explicit_request",
    "complexity",
    "stakes",
    "policy",
    "plan_review",
    "lease_expired",
    "other",
]
Mode = Literal["warm", "cold"]
Wanted = Literal["any", "decision", "approval", "handoff"]
Scope = Literal["everything", "records"]


class ToMember(TypedDict):
    member: str


class ToQueue(TypedDict):
    """The queue `people` is in every workspace."""

    queue: str


To = ToMember | ToQueue
Owner = ToMember | ToQueue | None
"""`None`: the item is open, and every editor writes."""


class Member(TypedDict):
    id: str
    name: str
    kind: Kind
    role: Literal["viewer", "reviewer", "editor", "admin"]


class Who(TypedDict):
    id: str
    name: str
    kind: NotRequired[Kind]


class Present(TypedDict):
    """Somebody who is here, as the server vouches for them."""

    id: str
    name: str
    kind: Kind | None
    focus: str | None
    """What they look at."""


class Text(TypedDict):
    path: str
    text: str
    base: str
    """The version that was read; `write` needs it."""


class Hunk(TypedDict):
    """What became of one change of a text."""

    start: int
    end: int
    quote: str
    replacement: str
    outcome: Literal["applied", "already_there", "suggested"]
    why: NotRequired[str]


class Written(TypedDict):
    hunks: list[Hunk]
    """Of a text: what became of each change."""
    changed: list[str]
    """Of edits: the places that changed."""
    suggestions: list[str]
    """What people have to decide on."""
    now: Text | None
    """Of a text: as it is now, to go on from."""


class Suggestion(TypedDict):
    id: str
    target: str
    start: NotRequired[Any]
    end: NotRequired[Any]
    quote: str
    replacement: str
    reason: str
    author: str
    at: int
    status: str
    decided_by: NotRequired[str]


class Comment(TypedDict):
    id: str
    author: str
    at: int
    text: str


class Thread(TypedDict):
    id: str
    target: str
    start: NotRequired[Any]
    end: NotRequired[Any]
    quote: str
    at: int
    resolved: bool
    comments: list[Comment]


class Document(TypedDict):
    schema: int
    title: str
    plan: dict[str, Any]
    briefing: dict[str, Any]
    tasks: list[dict[str, Any]]
    notes: str
    suggestions: list[Suggestion]
    threads: list[Thread]


class Gate(TypedDict):
    """What `resume` has to acknowledge."""

    decisions: list[str]
    cursor: int


class Holding(TypedDict):
    item: str
    owner: Owner
    owner_name: str
    epoch: int
    """What commands about the item carry: it grows with every change of the owner."""
    inherited: str | None
    """The item whose owner this is, when this one has none of its own."""
    since_ms: int
    lease_until_ms: int | None
    depth: int
    gate: Gate | None
    handoff: str | None
    """The handoff that waits for its receiver."""


class Reason(TypedDict):
    trigger: Trigger
    note: str
    confidence: NotRequired[float]


class HandOff(TypedDict):
    to: To
    trigger: Trigger
    note: NotRequired[str]
    """What the receiver should know."""
    confidence: NotRequired[float]
    """How sure the giver is of its work, from 0 to 1."""
    mode: NotRequired[Mode]
    """`cold`, unless told otherwise: the owner changes at once."""
    epoch: NotRequired[int]
    """The item's epoch as it was seen; the one of now when absent. Under a key of your own, give
    it, so that the command stays the same."""
    emergency: NotRequired[bool]
    """Passes although the briefing is incomplete, and is recorded as such."""


class Heir(TypedDict, total=False):
    """To whom leases hand off; without `to` they release."""

    to: To
    trigger: Trigger
    note: str
    confidence: float


class Missing(TypedDict):
    part: Literal["intent", "actions", "constraints", "next_step", "sources"]
    what: str
    """What to do about it."""


class Handoff(TypedDict("_From", {"from": Owner})):
    id: str
    item: str
    by: str | None
    to: Owner
    mode: Mode
    reason: Reason
    emergency: bool
    missing: list[Missing]
    status: Literal[
        "offered", "briefed", "accepted", "declined", "withdrawn", "expired", "superseded"
    ]
    at_ms: int
    until_ms: int | None
    summary: str | None
    declined_because: str | None
    ended_ms: int | None


class Decision(TypedDict):
    id: str
    item: str
    question: str | None
    title: str
    note: str
    by: str | None
    at_ms: int
    status: Literal["decided", "taken", "consumed", "failed", "withdrawn", "expired"]
    until_ms: int
    taken_by: str | None
    outcome: str | None
    ended_ms: int | None
    acknowledged: list[str]


class TakenDecision(Decision):
    lease: str
    """What ends it; of no use after `until_ms`."""


class Action(TypedDict):
    kind: str
    """What kind of action, in a word; `plan` asks for approval of the plan itself."""
    arguments: NotRequired[Any]


class NewApproval(TypedDict):
    title: str
    """What is asked, in a line."""
    action: Action
    why: str
    if_approved: NotRequired[str]
    if_declined: NotRequired[str]
    reversible: bool
    risk: float
    """How much can go wrong, from 0 to 1."""
    scope: NotRequired[list[str]]
    """The places whose content the answer depends on."""
    named: NotRequired[list[str]]
    """The only people who may answer."""
    expires_in_ms: NotRequired[int]


class Answer(TypedDict):
    by: str | None
    at_ms: int
    verdict: Literal["approve", "edit", "decline", "reply"]
    note: str


class Approval(TypedDict):
    id: str
    title: str
    action: Action
    why: str
    if_approved: str
    if_declined: str
    reversible: bool
    risk: float
    scope: list[str]
    named: list[str]
    by: str | None
    at_ms: int
    status: Literal[
        "asked",
        "approved",
        "declined",
        "taken",
        "consumed",
        "failed",
        "withdrawn",
        "expired",
        "void",
    ]
    until_ms: int
    content: str
    changed: bool
    answers: list[Answer]
    result: str | None
    ended_ms: int | None


class Approved(Approval):
    grant: str
    """What ends it."""


class ActionReport(TypedDict):
    item: NotRequired[str]
    what: str
    result: str
    risk: float
    reversible: bool
    undo: NotRequired[str]


class ReportedAction(ActionReport):
    id: str
    by: str | None
    at_ms: int


class Signal(TypedDict):
    item: str
    signals: dict[str, Any]


class JudgedSignal(Signal):
    id: str
    by: str | None
    at_ms: int
    advice: Any
    audit: bool
    """Picked for people to judge."""
    judgement: Any


class Pending(TypedDict):
    """Something that waits for this member; which fields there are depends on `kind`."""

    kind: Literal["answer", "receive", "claim", "decision", "act", "reply", "resume"]
    title: str
    since_ms: int
    until_ms: int | None
    irreversible: bool
    item: NotRequired[str]
    epoch: NotRequired[int]
    approval: NotRequired[str]
    handoff: NotRequired[str]
    briefed: NotRequired[Literal["no", "yes"]]
    queue: NotRequired[str]
    decision: NotRequired[str]
    decisions: NotRequired[list[str]]
    cursor: NotRequired[int]


class InboxEntry(Pending):
    workspace: str
    workspace_title: str


class Changes(TypedDict):
    items: list[dict[str, Any]]
    """What has happened, oldest first: `record`s of commands, and `edited` places."""
    cursor: str
    """Where to go on from, also after a restart."""
    pending: list[Pending]
    """What waits for this member now."""
    gap: bool
    """The cursor was older than what the server keeps."""


class Notice(TypedDict):
    kind: Literal["happened", "edited", "gap"]
    text: str
    """One sentence, such as `task "Draft the page" became yours`."""
    by: NotRequired[Any]
    event: NotRequired[dict[str, Any]]
    cursor: NotRequired[str]
    path: NotRequired[str]


class Packet(TypedDict):
    """What a receiver needs to know."""

    cursor: int
    receiver: Who
    workspace: str
    goal: str
    handoff: NotRequired[dict[str, Any]]
    waiting: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    intent: str
    next_step: str
    confidence: NotRequired[float]
    constraints: list[str]
    questions: list[dict[str, Any]]
    facts: list[str]
    tried: list[dict[str, Any]]
    changes: list[dict[str, Any]]
    sources: list[dict[str, Any]]
    left_out: dict[str, int]


class Digest(TypedDict):
    cursor: int
    since: int
    since_ms: int
    items: list[dict[str, Any]]


class Artifact(TypedDict):
    hash: str
    bytes: int
    uri: str
    """What a source of the briefing names it by."""


class Passage(TypedDict):
    hash: str
    start: int
    end: int
    line: int
    text: str


class Unsent(TypedDict):
    path: str
    content: Any
