//! What is said beside the text: suggestions and comments.

use crdt_schema::{
    ids::ElementId,
    path::DocPath,
    project::{SuggestionProjection, ThreadProjection},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;

use super::{Client, ClientError};

/// A change to be suggested.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SuggestionDraft {
    /// What it would change: a text, a field, a collection to add to, or an element to remove.
    pub target: DocPath,
    /// In a text, the passage as it reads; it must stand there exactly once.
    pub quote: String,
    /// What should stand there: words, a value, or for a collection the new element as JSON.
    pub replacement: String,
    /// Why.
    pub reason: String,
}

/// A comment to be made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewRemark {
    /// What it is about.
    pub target: DocPath,
    /// In a text, the passage that it is about, as it reads.
    pub quote: String,
    /// The comment, in Markdown.
    pub text: String,
}

#[derive(Deserialize)]
struct Page<T> {
    items: Vec<T>,
    #[serde(default)]
    next_cursor: Option<String>,
}

impl Client {
    /// Suggests a change, for the owner or a person to accept.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn suggest(
        &self,
        draft: &SuggestionDraft,
    ) -> Result<SuggestionProjection, ClientError> {
        self.command(&["suggestions"], draft).await
    }

    /// All suggestions.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn suggestions(&self) -> Result<Vec<SuggestionProjection>, ClientError> {
        self.list(&["suggestions"], &[]).await
    }

    /// Starts a thread of comments on a passage.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn comment(&self, remark: &NewRemark) -> Result<ThreadProjection, ClientError> {
        self.command(&["threads"], remark).await
    }

    /// Answers in a thread.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn reply(
        &self,
        thread: &ElementId,
        text: &str,
    ) -> Result<ThreadProjection, ClientError> {
        let at = ["threads", thread.as_str(), "comments"];
        self.command(&at, &json!({ "text": text })).await
    }

    /// All threads.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn threads(&self) -> Result<Vec<ThreadProjection>, ClientError> {
        self.list(&["threads"], &[]).await
    }

    /// A list from its first page to its last.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        at: &[&str],
        wanted: &[(&str, &str)],
    ) -> Result<Vec<T>, ClientError> {
        let mut items = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let cursor = next.iter().map(|next| ("cursor", next.as_str()));
            let query: Vec<_> = wanted.iter().copied().chain(cursor).collect();
            let page: Page<T> = self.look(at, &query).await?;
            items.extend(page.items);
            match page.next_cursor {
                Some(cursor) => next = Some(cursor),
                None => return Ok(items),
            }
        }
    }
}
