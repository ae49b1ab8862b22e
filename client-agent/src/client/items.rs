//! Who holds what: claim, release, renew, resume.

use crdt_schema::{ids::ElementId, item::Item, ownership::HoldingView};
use serde_json::json;

use super::{Client, ClientError};

impl Client {
    /// Who holds an item, and at which epoch. Commands about the item carry that epoch, and are
    /// refused as `stale` once somebody else has changed it.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn item(&self, item: &Item) -> Result<HoldingView, ClientError> {
        self.look(&["items", &item.to_string()], &[]).await
    }

    /// What this member holds, and what belongs to that.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn held(&self) -> Result<Vec<HoldingView>, ClientError> {
        self.list(&["items"], &[("member", "me")]).await
    }

    /// Takes an item that is open or waits in a queue. Of many who claim at once one wins; the
    /// others are refused with the winner's name.
    ///
    /// # Errors
    /// [`ClientError`]; `not_claimable` when somebody else was first.
    pub async fn claim(&self, item: &Item, epoch: u64) -> Result<HoldingView, ClientError> {
        self.on_item(item, "claim", epoch).await
    }

    /// Lets an item go: back to the queue that the workspace has for that, or open to all.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn release(&self, item: &Item, epoch: u64) -> Result<HoldingView, ClientError> {
        self.on_item(item, "release", epoch).await
    }

    /// Keeps an item for longer: an agent that shows no sign of life loses it.
    /// [`Leases`](crate::Leases) does this by itself.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn renew(&self, item: &Item, epoch: u64) -> Result<HoldingView, ClientError> {
        self.on_item(item, "renew", epoch).await
    }

    /// Acknowledges what was decided and changed while this agent did not hold the item: the
    /// decisions and the cursor that the item's gate names. Until then what it writes there
    /// becomes suggestions.
    ///
    /// # Errors
    /// [`ClientError`]; `unacknowledged` when something was left out.
    pub async fn resume(
        &self,
        item: &Item,
        epoch: u64,
        decisions: &[ElementId],
        cursor: u64,
    ) -> Result<HoldingView, ClientError> {
        let body = json!({ "epoch": epoch, "decisions": decisions, "cursor": cursor });
        self.command(&["items", &item.to_string(), "resume"], &body)
            .await
    }

    async fn on_item(
        &self,
        item: &Item,
        verb: &str,
        epoch: u64,
    ) -> Result<HoldingView, ClientError> {
        let body = json!({ "epoch": epoch });
        self.command(&["items", &item.to_string(), verb], &body)
            .await
    }
}
