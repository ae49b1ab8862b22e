//! Whether the writer may do what the update does, and whether the document can take it.

use super::{Account, Admission, Place, Refusal, policy, within};
use crate::{
    gate::{Pens, Writer},
    item::Item,
    member::{Kind, Role},
    ownership::Pen,
    path, shape,
};

impl Admission<'_, '_, '_> {
    pub(super) fn check_permission(&self) -> Result<(), Refusal> {
        let Account::Member(writer, pens) = self.account else {
            return Ok(());
        };
        for place in &self.touched {
            let zone = self.draft.place(*place).zone;
            if let Some(reason) = zone.objection(writer.role) {
                if zone.takes_suggestions(writer) {
                    return Err(self.may_suggest(*place, reason.to_owned()));
                }
                return Err(Refusal::Forbidden {
                    path: self.draft.path(*place),
                    reason,
                });
            }
        }
        self.check_pens(writer, pens)?;
        if self.has_structs && writer.role == Role::Viewer {
            return Err(Refusal::Forbidden {
                path: "document".to_owned(),
                reason: policy::VIEWER,
            });
        }
        Ok(())
    }

    /// An agent writes directly only what it holds the pen of.
    fn check_pens(&self, writer: &Writer, pens: &dyn Pens) -> Result<(), Refusal> {
        match writer.kind {
            Kind::Human => return Ok(()),
            Kind::Agent => {}
        }
        for place in &self.touched {
            if !self.draft.place(*place).zone.has_owner() {
                continue;
            }
            let path = self.draft.path(*place);
            if path.starts_with(shape::FREE_PREFIX) {
                continue;
            }
            let item = Item::of_keys(path.split('/').map(path::unescape));
            match pens.pen(writer, &item) {
                Pen::Direct => {}
                Pen::Suggest { why } => return Err(self.may_suggest(*place, why)),
                Pen::Refuse { why } => return Err(Refusal::NoPen { path, why }),
            }
        }
        Ok(())
    }

    fn may_suggest(&self, place: Place, why: String) -> Refusal {
        let touched = self.touched.iter().map(|place| self.draft.path(*place));
        Refusal::MaySuggest {
            path: self.draft.path(place),
            why,
            touched: touched.collect(),
        }
    }

    pub(super) fn check_crowding(&mut self) -> Result<(), Refusal> {
        if matches!(self.account, Account::Stored) {
            return Ok(());
        }
        self.placed.sort_unstable();
        let crowds = self.placed.chunk_by(|one, next| one == next);
        let found = crowds.map(<[Place]>::len).max().unwrap_or(0);
        let limit = self.limits.update_structs_per_place_max;
        within("update_structs_per_place_max", limit, found)
    }

    pub(super) fn check_sizes(&self) -> Result<(), Refusal> {
        if matches!(self.account, Account::Stored) {
            return Ok(());
        }
        let limits = self.limits;
        let [clients, places, containers, free_roots] = self.draft.sizes();
        within("document_clients_max", limits.document_clients_max, clients)?;
        within("document_places_max", limits.document_places_max, places)?;
        within(
            "document_containers_max",
            limits.document_containers_max,
            containers,
        )?;
        within(
            "document_free_roots_max",
            limits.document_free_roots_max,
            free_roots,
        )
    }
}
