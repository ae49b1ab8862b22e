//! Whether the writer may do what the update does, and whether the document can take it.

use super::{Account, Admission, Place, Refusal, policy, within};
use crate::member::Role;

impl Admission<'_, '_, '_> {
    pub(super) fn check_permission(&self) -> Result<(), Refusal> {
        let Account::Member(writer) = self.account else {
            return Ok(());
        };
        for place in &self.touched {
            if let Some(reason) = self.draft.place(*place).zone.objection(writer.role) {
                return Err(Refusal::Forbidden {
                    path: self.draft.path(*place),
                    reason,
                });
            }
        }
        if self.has_structs && writer.role == Role::Viewer {
            return Err(Refusal::Forbidden {
                path: "document".to_owned(),
                reason: policy::VIEWER,
            });
        }
        Ok(())
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
