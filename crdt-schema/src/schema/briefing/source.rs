//! Where things come from.

use rand::RngCore;
use serde::{Deserialize, Serialize};
use yrs::{In, MapRef, ReadTxn, TransactionMut};

use crate::{
    ids::ElementId,
    path::DocPath,
    project::read,
    schema::{
        collection::{Element, Ordered, Rank},
        element::element_view,
        field::{EditError, find_map, set},
    },
};

/// One source as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Source)]
pub struct SourceProjection {
    /// Its id within the briefing.
    pub id: ElementId,
    /// Its fractional order key; empty when it has none.
    pub order: String,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub uri: String,
    /// What kind of thing it is, in a word.
    pub kind: String,
}

/// What it takes to make a source.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewSource {
    /// Its id; made at random when absent.
    pub id: Option<ElementId>,
    /// Its fractional order key; made for the chosen place when absent.
    pub order: Option<String>,
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub uri: String,
    /// What kind of thing it is, in a word.
    pub kind: String,
}

element_view!(
    /// One source of the briefing.
    Source reads SourceProjection {}
);

impl Source {
    /// Says what it is called.
    ///
    /// # Errors
    /// When the source does not exist.
    pub fn set_title(&self, txn: &mut TransactionMut<'_>, title: &str) -> Result<(), EditError> {
        set(&self.path, txn, "title", title.into())
    }

    /// Says where it is.
    ///
    /// # Errors
    /// When the source does not exist.
    pub fn set_uri(&self, txn: &mut TransactionMut<'_>, uri: &str) -> Result<(), EditError> {
        set(&self.path, txn, "uri", uri.into())
    }

    /// Says what kind of thing it is.
    ///
    /// # Errors
    /// When the source does not exist.
    pub fn set_kind(&self, txn: &mut TransactionMut<'_>, kind: &str) -> Result<(), EditError> {
        set(&self.path, txn, "kind", kind.into())
    }
}

impl Element for Source {
    type Value = SourceProjection;
    type New = NewSource;

    fn view(id: ElementId, path: DocPath) -> Self {
        Self { id, path }
    }

    fn chosen_id(new: &NewSource) -> Option<&ElementId> {
        new.id.as_ref()
    }

    fn fields(new: NewSource, _rng: &mut dyn RngCore) -> Vec<(&'static str, In)> {
        vec![
            ("title", new.title.into()),
            ("uri", new.uri.into()),
            ("kind", new.kind.into()),
        ]
    }

    fn read<T: ReadTxn>(id: ElementId, map: &MapRef, txn: &T) -> SourceProjection {
        SourceProjection {
            id,
            order: read::order(map, txn),
            title: read::string(map, txn, "title").unwrap_or_default(),
            uri: read::string(map, txn, "uri").unwrap_or_default(),
            kind: read::string(map, txn, "kind").unwrap_or_default(),
        }
    }

    fn rank<T: ReadTxn>(map: &MapRef, txn: &T) -> Rank {
        Rank::Order(read::order(map, txn))
    }
}

impl Ordered for Source {
    fn chosen_order(new: &NewSource) -> Option<&str> {
        new.order.as_deref()
    }
}
