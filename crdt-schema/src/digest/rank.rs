//! What matters most to a reader.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{Change, ItemChanges, Lens, Rank, What};
use crate::{
    attribution::Who,
    ids::{ElementId, MemberId},
    item::Item,
    path::DocPath,
    project::WorkspaceProjection,
    schema::words::Tier,
};

/// A change with what is needed to rank it.
pub(super) struct Ranked {
    change: Change,
    item: Item,
    title: String,
    is_strategic: bool,
}

impl Ranked {
    pub(super) fn new(
        change: Change,
        old: &WorkspaceProjection,
        new: &WorkspaceProjection,
    ) -> Self {
        let target = match &change.what {
            What::Suggestion { target, .. }
            | What::Comment { target, .. }
            | What::Settled { target, .. } => target.parse().ok(),
            What::Added { .. }
            | What::Removed { .. }
            | What::Moved { .. }
            | What::Set { .. }
            | What::Text { .. } => None,
        };
        let place: &DocPath = target.as_ref().unwrap_or(&change.path);
        let item = place.item();
        let title = title(&item, new).or_else(|| title(&item, old));
        Self {
            is_strategic: is_strategic(place, &item, old, new),
            title: title.unwrap_or_default(),
            item,
            change,
        }
    }
}

/// The changes by item, what matters most first.
pub(super) fn by_item(changes: Vec<Ranked>, lens: &Lens<'_>) -> Vec<ItemChanges> {
    let mut items: BTreeMap<String, Vec<Ranked>> = BTreeMap::new();
    for change in changes {
        items
            .entry(change.item.to_string())
            .or_default()
            .push(change);
    }
    let mut items: Vec<ItemChanges> = items
        .into_values()
        .filter_map(|changes| item(changes, lens))
        .collect();
    items.sort_by_key(|item| (item.rank, Reverse(latest(&item.changes))));
    items
}

fn item(mut changes: Vec<Ranked>, lens: &Lens<'_>) -> Option<ItemChanges> {
    changes.sort_by_key(|ranked| rank(ranked, lens));
    let first = changes.first()?;
    let (item, title, rank) = (first.item.clone(), first.title.clone(), rank(first, lens));
    let changes: Vec<Change> = changes.into_iter().map(|ranked| ranked.change).collect();
    let mut by: Vec<Who> = Vec::new();
    for who in changes.iter().flat_map(|change| &change.by) {
        if !by.contains(who) {
            by.push(who.clone());
        }
    }
    Some(ItemChanges {
        item,
        title,
        rank,
        by,
        changes,
    })
}

fn rank(ranked: &Ranked, lens: &Lens<'_>) -> Rank {
    let by = &ranked.change.by;
    let is_own = |reader: &MemberId| !by.is_empty() && by.iter().all(|who| who.id == *reader);
    if lens.reader.is_some_and(is_own) {
        Rank::Own
    } else if ranked.is_strategic {
        Rank::Strategic
    } else if (lens.owns)(&ranked.item) {
        Rank::Mine
    } else {
        Rank::Others
    }
}

fn latest(changes: &[Change]) -> Option<u64> {
    changes.iter().filter_map(|change| change.at_ms).max()
}

/// Whether a place sets the direction, as it was or as it is.
fn is_strategic(
    place: &DocPath,
    item: &Item,
    old: &WorkspaceProjection,
    new: &WorkspaceProjection,
) -> bool {
    let keys: Vec<&str> = place.keys().iter().map(|key| &**key).collect();
    match (item, keys.as_slice()) {
        (Item::Step(id), _) => [old, new].iter().any(|workspace| {
            let step = workspace.plan.steps.iter().find(|step| step.id == *id);
            step.is_some_and(|step| step.tier == Tier::Strategic)
        }),
        (_, ["plan", "goal"] | ["briefing", "intent"] | ["briefing", "constraints", ..]) => true,
        (Item::Workspace | Item::Plan | Item::Briefing | Item::Notes | Item::Task(_), _) => false,
    }
}

fn title(item: &Item, workspace: &WorkspaceProjection) -> Option<String> {
    let of_step = |id: &ElementId| {
        let step = workspace.plan.steps.iter().find(|step| step.id == *id);
        step.map(|step| step.title.clone())
    };
    let of_task = |id: &ElementId| {
        let task = workspace.tasks.iter().find(|task| task.id == *id);
        task.map(|task| task.title.clone())
    };
    match item {
        Item::Workspace => Some(workspace.title.clone()),
        Item::Plan => Some("Plan".to_owned()),
        Item::Briefing => Some("Briefing".to_owned()),
        Item::Notes => Some("Notes".to_owned()),
        Item::Step(id) => of_step(id),
        Item::Task(id) => of_task(id),
    }
}
