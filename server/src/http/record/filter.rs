//! Which records are wanted.

use std::collections::BTreeSet;

use bytes::Bytes;
use crdt_schema::{
    ids::{ElementId, MemberId},
    item::Item,
};
use serde_json::Value;

use crate::http::{desk::Desk, problem::Problem};

/// Which records are wanted.
pub(super) struct Filter {
    kind: Option<String>,
    by: Option<MemberId>,
    about: Option<About>,
}

/// An item, and the handoffs, decisions and approvals that are about it.
struct About {
    item: Item,
    ids: BTreeSet<ElementId>,
}

impl Filter {
    pub(super) async fn new(
        desk: &Desk,
        kind: Option<String>,
        by: Option<MemberId>,
        item: Option<Item>,
    ) -> Result<Self, Problem> {
        let about = match item {
            None => None,
            Some(item) => Some(About::look_up(desk, item).await?),
        };
        Ok(Self { kind, by, about })
    }

    /// Whether a record, as it is stored, is wanted. One that cannot be read is, so that whoever
    /// reads finds out.
    pub(super) fn wants(&self, record: &Bytes) -> bool {
        if self.kind.is_none() && self.by.is_none() && self.about.is_none() {
            return true;
        }
        let Ok(record) = serde_json::from_slice::<Value>(record) else {
            return true;
        };
        let by = self.by.as_ref();
        let events = record["events"].as_array().map_or(&[][..], Vec::as_slice);
        by.is_none_or(|by| record["by"] == by.as_str())
            && self
                .kind
                .as_ref()
                .is_none_or(|kind| events.iter().any(|event| event["type"] == kind.as_str()))
            && self
                .about
                .as_ref()
                .is_none_or(|about| events.iter().any(|event| about.concerns(event)))
    }
}

impl About {
    async fn look_up(desk: &Desk, item: Item) -> Result<Self, Problem> {
        let about = desk.view(move |view| {
            let ledger = view.ledger;
            let handoffs = ledger.handoffs().filter(|handoff| handoff.item == item);
            let decisions = ledger.decisions().filter(|decision| decision.item == item);
            let approvals = ledger.approvals();
            let approvals = approvals.filter(|approval| {
                let mut places = approval.scope.iter();
                places.any(|path| path.item() == item)
            });
            let ids = handoffs
                .map(|handoff| &handoff.id)
                .chain(decisions.map(|decision| &decision.id))
                .chain(approvals.map(|approval| &approval.id));
            Self {
                ids: ids.cloned().collect(),
                item,
            }
        });
        about.await
    }

    fn concerns(&self, event: &Value) -> bool {
        let item = self.item.to_string();
        let items = [
            &event["item"],
            &event["report"]["item"],
            &event["signal"]["item"],
        ];
        let ids = [&event["id"], &event["handoff"]];
        items.into_iter().any(|found| *found == item.as_str())
            || ids.into_iter().any(|found| {
                let id = found.as_str().and_then(|id| id.parse().ok());
                id.is_some_and(|id: ElementId| self.ids.contains(&id))
            })
    }
}
