//! What a command needs to know of the document: looked up before it is decided.

use serde_json::Value;
use yrs::ReadTxn;

use super::{
    briefing::{Missing, missing},
    command::Command,
    hash::Hash,
    parts::Action,
    state::State,
};
use crate::{
    ids::ElementId,
    item::Item,
    member::Member,
    path::DocPath,
    project::read,
    schema::{
        Workspace,
        words::{TaskStatus, Tier},
    },
};

/// The kind of action that asks for approval of the plan; its scope is the plan's strategic
/// fields, whatever the asker names.
pub const PLAN_ACTION: &str = "plan";

/// What a command needs to know that the state does not hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// Whether the item that the command names is in the document.
    pub item_exists: bool,
    /// What the briefing lacks for a handoff.
    pub briefing_missing: Vec<Missing>,
    /// The content that an approval depends on.
    pub scope: Option<Scope>,
    /// The card of the item's owner, when the document has one that the state has not.
    pub owner: Option<Member>,
    /// The position in the log that the document is at.
    pub cursor: u64,
}

/// What surrounds the document.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The position in the log that the document is at.
    pub cursor: u64,
    /// Whether the bytes with this SHA-256 (hexadecimal) are kept, see [`super::artifacts()`].
    pub has_artifact: &'a dyn Fn(&str) -> bool,
}

/// Places of a document, and a hash of what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The places.
    pub paths: Vec<DocPath>,
    /// The hash of paths and content.
    pub hash: Hash,
}

/// Looks up what `command` needs to know.
pub fn facts<T: ReadTxn>(
    command: &Command,
    state: &State,
    txn: &T,
    around: &Surroundings<'_>,
) -> Facts {
    let item = item_of(command, state);
    let item_exists = item.as_ref().is_some_and(|item| exists(item, txn));
    let owner = item.and_then(|item| {
        let owner = state.holding(&item).owner;
        let id = owner.member()?;
        state.member(id).is_none().then(|| card(id.as_str(), txn))?
    });
    let briefing_missing = if let Command::HandOff { .. } = command {
        missing(&Workspace.briefing().read(txn), around.has_artifact)
    } else {
        Vec::new()
    };
    Facts {
        item_exists,
        briefing_missing,
        scope: scope_of(command, state, txn),
        owner,
        cursor: around.cursor,
    }
}

/// Hash of what stands at `paths` now, together with the paths.
pub fn scope_hash<T: ReadTxn>(txn: &T, paths: &[DocPath]) -> Hash {
    let content = paths
        .iter()
        .map(|path| Value::Array(vec![path.to_string().into(), content(txn, path)]));
    Hash::of_json(&Value::Array(content.collect()))
}

/// Hash of an action and of the content that it depends on: what an answer is bound to.
#[must_use]
pub fn content_hash(action: &Action, scope: Hash) -> Hash {
    let action = serde_json::to_value(action).expect("actions are plain data");
    Hash::of_json(&Value::Array(vec![action, scope.to_string().into()]))
}

/// The fields that set the plan's direction: its goal, and title and body of strategic steps.
pub fn strategic_scope<T: ReadTxn>(txn: &T) -> Vec<DocPath> {
    let goal = Workspace.plan().goal().path().clone();
    let steps = Workspace.plan().steps().read(txn).into_iter();
    let steps = steps.filter(|step| step.tier == Tier::Strategic);
    let mut fields: Vec<DocPath> = steps
        .flat_map(|step| {
            let step = Workspace.plan().steps().get(&step.id);
            [step.title().path().clone(), step.body().path().clone()]
        })
        .collect();
    fields.sort();
    fields.insert(0, goal);
    fields
}

/// Whether nothing in the document stands in the way of starting a task.
pub(super) fn is_ready<T: ReadTxn>(txn: &T, task: &ElementId) -> bool {
    let tasks = Workspace.tasks();
    let is_over = |id: &ElementId| match tasks.get(id).read(txn) {
        Some(task) => matches!(task.status, TaskStatus::Done | TaskStatus::Cancelled),
        None => true,
    };
    tasks
        .get(task)
        .read(txn)
        .is_some_and(|task| task.status == TaskStatus::Todo && task.blocked_by.iter().all(is_over))
}

fn item_of(command: &Command, state: &State) -> Option<Item> {
    match command {
        Command::HandOff { item, .. }
        | Command::Claim { item, .. }
        | Command::Release { item, .. }
        | Command::Renew { item, .. }
        | Command::TakeOver { item, .. }
        | Command::PostDecision { item, .. }
        | Command::Resume { item, .. } => Some(item.clone()),
        Command::Signal(signal) => Some(signal.item.clone()),
        Command::Accept { handoff } => Some(state.handoff(handoff)?.item.clone()),
        Command::TakeDecision { id } => Some(state.decision(id)?.item.clone()),
        Command::Brief { .. }
        | Command::Decline { .. }
        | Command::Withdraw { .. }
        | Command::ConsumeDecision { .. }
        | Command::FailDecision { .. }
        | Command::WithdrawDecision { .. }
        | Command::AskApproval(_)
        | Command::AnswerApproval { .. }
        | Command::TakeApproval { .. }
        | Command::ConsumeApproval { .. }
        | Command::FailApproval { .. }
        | Command::WithdrawApproval { .. }
        | Command::Report(_)
        | Command::SetPolicy(_)
        | Command::SetQueue(_)
        | Command::RemoveQueue { .. }
        | Command::Judge { .. }
        | Command::Note(_) => None,
    }
}

fn scope_of<T: ReadTxn>(command: &Command, state: &State, txn: &T) -> Option<Scope> {
    let (action, scope) = if let Command::AskApproval(ask) = command {
        (&ask.action, &ask.scope)
    } else if let Command::AnswerApproval { id, .. } | Command::TakeApproval { id } = command {
        let approval = state.approval(id)?;
        (&approval.action, &approval.scope)
    } else {
        return None;
    };
    Some(current_scope(action, scope, txn))
}

/// The places that an action depends on, as they are now.
pub(super) fn current_scope<T: ReadTxn>(action: &Action, scope: &[DocPath], txn: &T) -> Scope {
    let paths = if action.kind == PLAN_ACTION {
        strategic_scope(txn)
    } else {
        scope.to_vec()
    };
    Scope {
        hash: scope_hash(txn, &paths),
        paths,
    }
}

fn exists<T: ReadTxn>(item: &Item, txn: &T) -> bool {
    match item {
        Item::Workspace | Item::Plan | Item::Briefing | Item::Notes => true,
        Item::Step(id) => Workspace.plan().steps().get(id).exists(txn),
        Item::Task(id) => Workspace.tasks().get(id).exists(txn),
    }
}

/// Who a member is, as the server has written it into the document.
fn card<T: ReadTxn>(id: &str, txn: &T) -> Option<Member> {
    use yrs::{Map as _, Out};
    let Some(Out::YMap(members)) = txn.get_map("control")?.get(txn, "members") else {
        return None;
    };
    let Some(Out::YMap(card)) = members.get(txn, id) else {
        return None;
    };
    let word = |key| read::string(&card, txn, key).map(Value::from);
    Some(Member {
        id: id.parse().ok()?,
        name: read::string(&card, txn, "name")?,
        kind: serde_json::from_value(word("kind")?).ok()?,
        role: serde_json::from_value(word("role")?).ok()?,
    })
}

/// What stands at a place, as plain JSON.
fn content<T: ReadTxn>(txn: &T, path: &DocPath) -> Value {
    path.resolve(txn).map_or(Value::Null, |out| plain(txn, out))
}

fn plain<T: ReadTxn>(txn: &T, out: yrs::Out) -> Value {
    use yrs::{GetString as _, Map as _, Out};
    match out {
        Out::Any(any) => serde_json::to_value(&any).unwrap_or_default(),
        Out::YText(text) => text.get_string(txn).into(),
        Out::YMap(map) => {
            let fields = map.iter(txn);
            fields
                .map(|(key, field)| (key.to_owned(), plain(txn, field)))
                .collect()
        }
        // The schema has no place for anything else.
        other => other.to_string(txn).into(),
    }
}
