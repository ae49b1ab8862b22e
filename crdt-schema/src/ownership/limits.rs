//! Named bounds on what ownership keeps and takes.

/// Longest note, reason, summary or result, in characters.
pub const NOTE_CHARS_MAX: usize = 4_000;
/// Longest title, in characters.
pub const TITLE_CHARS_MAX: usize = 200;
/// Largest action of an approval, in bytes of JSON.
pub const ACTION_BYTES_MAX: usize = 16 * 1024;
/// How deep the arguments of an action may nest.
pub const ACTION_DEPTH_MAX: usize = 32;
/// Places that one approval may depend on.
pub const SCOPE_PATHS_MAX: usize = 100;
/// Members that an approval or a queue may name.
pub const NAMED_MAX: usize = 100;
/// Remarks on one approval.
pub const REPLIES_MAX: usize = 100;
/// Approvals that wait for something, in one workspace.
pub const OPEN_APPROVALS_MAX: usize = 200;
/// Decisions that wait for something, in one workspace.
pub const OPEN_DECISIONS_MAX: usize = 200;
/// Handoffs that wait for something, in one workspace.
pub const OPEN_HANDOFFS_MAX: usize = 1_000;
/// Items with an owner of their own, in one workspace.
pub const HOLDINGS_MAX: usize = 10_000;
/// Queues of one workspace.
pub const QUEUES_MAX: usize = 100;
/// Ended handoffs, decisions and approvals that are kept at hand, of each; the record has all.
pub const ENDED_KEPT: usize = 1_000;
/// Reported actions, and signals, that are kept at hand, of each; the record has all.
pub const REPORTS_KEPT: usize = 1_000;
/// Answers kept for repeated commands.
pub const ANSWERS_KEPT: usize = 4_096;
/// Longest idempotency key, in bytes.
pub const KEY_BYTES_MAX: usize = 256;
/// Longest time that a policy or an approval may name, in milliseconds: 366 days.
pub const WAIT_MS_MAX: u64 = 366 * 24 * 3_600_000;
