//! The sample workspace that the first start makes: it shows what a workspace holds.

use crdt_schema::{
    content::InitialContent,
    member::{Kind, Member, Role},
};

use super::serve::LOCAL_ADMIN;
use crate::room::{CreateError, NewWorkspace, Rooms};

/// Its id.
pub(super) const ID: &str = "welcome";

pub(super) async fn create(rooms: &Rooms) -> Result<(), CreateError> {
    let content = serde_json::from_str(include_str!("welcome.json")).expect("the sample is JSON");
    let content = InitialContent::from_json(content)?;
    let by = Member {
        id: "admin".parse().expect("an id"),
        name: LOCAL_ADMIN.to_owned(),
        kind: Kind::Human,
        role: Role::Admin,
    };
    let title = "A week for the tram question".to_owned();
    let id = Some(ID.parse().expect("an id"));
    match rooms
        .create(NewWorkspace {
            id,
            title,
            content: Some(content),
            by,
        })
        .await
    {
        Ok(_) | Err(CreateError::Exists(_)) => Ok(()),
        Err(error) => Err(error),
    }
}
