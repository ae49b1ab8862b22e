//! Lists in pages, newest first.

use crdt_schema::item::Item;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Things in one page, at most.
const PAGE_MAX: usize = 200;
/// Things in one page, if not asked otherwise.
const PAGE: usize = 50;

/// What of a list is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Listing {
    /// Where to go on: `next_cursor` of the page before.
    cursor: Option<String>,
    /// How many at most, 1 to 200; 50 if absent.
    limit: Option<usize>,
    /// Those that still wait for something, those that ended, or all.
    #[serde(default)]
    #[param(inline)]
    status: Which,
    /// Only those about this item.
    #[param(value_type = Option<String>)]
    item: Option<Item>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Which {
    /// All.
    #[default]
    All,
    /// Those that still wait for something.
    Open,
    /// Those that are over.
    Ended,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    /// The things on this page.
    pub(super) items: Vec<T>,
    /// Ask again with this as `cursor` for more; `null` at the end.
    pub(super) next_cursor: Option<String>,
}

impl Listing {
    /// Whether something that is open or not, and is about an item if `concerns` says so, is
    /// wanted.
    pub(super) fn wants(&self, is_open: bool, concerns: impl Fn(&Item) -> bool) -> bool {
        let has_status = match self.status {
            Which::All => true,
            Which::Open => is_open,
            Which::Ended => !is_open,
        };
        has_status && self.item.as_ref().is_none_or(concerns)
    }

    /// The page of `things` that is wanted, newest first. `place` tells when a thing began, and
    /// its id.
    pub(super) fn page<T>(
        &self,
        things: impl Iterator<Item = T>,
        place: impl Fn(&T) -> (u64, String),
    ) -> Page<T> {
        let keyed = things.map(|thing| {
            let (at_ms, id) = place(&thing);
            (format!("{at_ms:016}.{id}"), thing)
        });
        let mut keyed: Vec<(String, T)> = keyed
            .filter(|(key, _)| self.cursor.as_ref().is_none_or(|cursor| key < cursor))
            .collect();
        keyed.sort_by(|(a, _), (b, _)| b.cmp(a));
        let limit = self.limit();
        let next_cursor = match keyed.get(limit) {
            Some(_) => keyed.get(limit - 1).map(|(key, _)| key.clone()),
            None => None,
        };
        keyed.truncate(limit);
        Page {
            items: keyed.into_iter().map(|(_, thing)| thing).collect(),
            next_cursor,
        }
    }

    /// The page of `things`, as they come: the cursor is the place in the list.
    pub(super) fn page_in_order<T>(&self, things: impl Iterator<Item = T>) -> Page<T> {
        let from = self.cursor.as_ref().and_then(|text| text.parse().ok());
        let (from, limit): (usize, usize) = (from.unwrap_or(0), self.limit());
        let mut things = things.skip(from);
        let items: Vec<T> = things.by_ref().take(limit).collect();
        Page {
            items,
            next_cursor: things.next().map(|_| (from + limit).to_string()),
        }
    }

    fn limit(&self) -> usize {
        self.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX)
    }
}
