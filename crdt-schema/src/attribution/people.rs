//! Members as the document's `control` root knows them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use yrs::{Map, MapRef, ReadTxn};

use crate::{ids::MemberId, member::Kind, project::read};

/// A member, as named to a reader.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Who {
    /// The member's identifier.
    pub id: MemberId,
    /// The member's name.
    pub name: String,
    /// Whether it is a person or an agent, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
}

impl Who {
    /// The name with what kind of member it is: `Planner (agent)`.
    #[must_use]
    pub fn label(&self) -> String {
        match self.kind {
            Some(Kind::Human) => format!("{} (person)", self.name),
            Some(Kind::Agent) => format!("{} (agent)", self.name),
            None => self.name.clone(),
        }
    }
}

/// The members that the document knows.
#[derive(Debug, Clone, Default)]
pub struct People(BTreeMap<MemberId, Who>);

impl People {
    /// Reads `control/members`.
    pub fn read<T: ReadTxn>(txn: &T) -> Self {
        let members = txn
            .get_map("control")
            .and_then(|control| control.get(txn, "members"));
        let Some(members) = members.and_then(|members| MapRef::try_from(members).ok()) else {
            return Self::default();
        };
        let people = members.iter(txn).filter_map(|(id, card)| {
            let id: MemberId = id.parse().ok()?;
            let card = MapRef::try_from(card).ok()?;
            let kind = match read::string(&card, txn, "kind")?.as_str() {
                "human" => Some(Kind::Human),
                "agent" => Some(Kind::Agent),
                _ => None,
            };
            let name = read::string(&card, txn, "name").unwrap_or_else(|| id.to_string());
            Some((id.clone(), Who { id, name, kind }))
        });
        Self(people.collect())
    }

    /// How a member is named; by its identifier when nothing is known of it.
    #[must_use]
    pub fn who(&self, id: &MemberId) -> Who {
        self.0.get(id).cloned().unwrap_or_else(|| Who {
            id: id.clone(),
            name: id.to_string(),
            kind: None,
        })
    }
}
