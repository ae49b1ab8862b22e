//! Reading the document, and writing text by intent.
//!
//! An agent reads a text and gets a base with it, thinks, and sends the whole new text with that
//! base. The server merges it with what others wrote meanwhile: where no person touched the text
//! it is written, elsewhere it becomes suggestions. Nobody's words are lost.

use crdt_schema::{
    ids::ElementId,
    merge::{BaseToken, Edit, MergedHunk},
    path::DocPath,
    project::WorkspaceProjection,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Client, ClientError};

/// A text as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextAt {
    /// Where it stands, such as `plan/steps/ab12/body`.
    pub path: DocPath,
    /// The text, in Markdown.
    pub text: String,
    /// The version that was read.
    pub base: BaseToken,
}

/// What is to become of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Revision {
    /// This is the whole new text.
    Whole {
        /// The version that it was made from.
        base: BaseToken,
        /// The new text.
        text: String,
    },
    /// One passage is replaced. It must stand there exactly once.
    Replace {
        /// The passage, as it reads.
        find: String,
        /// What stands there instead.
        replace: String,
    },
    /// This is added to a section.
    Append {
        /// The addition, in Markdown.
        append: String,
        /// The section's heading; the end of the text without one.
        #[serde(skip_serializing_if = "Option::is_none")]
        heading: Option<String>,
    },
}

/// What came of a revision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// Of a text: what became of each change.
    pub hunks: Vec<MergedHunk>,
    /// Of edits: the places that changed.
    pub changed: Vec<DocPath>,
    /// What people have to decide on.
    pub suggestions: Vec<ElementId>,
    /// Of a text: as it is now, to go on from.
    #[serde(default)]
    pub now: Option<TextAt>,
}

impl Client {
    /// The whole document.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn document(&self) -> Result<WorkspaceProjection, ClientError> {
        self.look(&[], &[]).await
    }

    /// The whole document for reading.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn markdown(&self) -> Result<String, ClientError> {
        self.text_of(&[], &[("format", "markdown")]).await
    }

    /// A text, with the base that a new version of it needs.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn text(&self, path: &DocPath) -> Result<TextAt, ClientError> {
        self.look(&["texts"], &[("path", &path.to_string())]).await
    }

    /// Revises a text. `reason` is for whoever decides on what becomes a suggestion.
    ///
    /// # Errors
    /// [`ClientError`]; `unknown_base` when the base is too old, `ambiguous` when the passage
    /// stands there twice.
    pub async fn write(
        &self,
        path: &DocPath,
        revision: &Revision,
        reason: &str,
    ) -> Result<Written, ClientError> {
        let mut body = serde_json::to_value(revision).expect("revisions are plain data");
        body["path"] = json!(path);
        body["reason"] = json!(reason);
        self.command(&["edits"], &body).await
    }

    /// Reads a text, lets `revise` make the new one of it, and writes that. When the server has
    /// forgotten the base meanwhile, `revise` is asked again about the text as it is then.
    ///
    /// ```no_run
    /// # async fn example(client: penhold_agent::Client) -> anyhow::Result<()> {
    /// let notes = "notes".parse()?;
    /// let earlier = |text: &str| text.replace("by Friday", "by Thursday");
    /// let written = client.revise(&notes, earlier, "The venue closes on Friday.").await?;
    /// println!("{} suggestion(s) are for people to decide on", written.suggestions.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::write`].
    pub async fn revise(
        &self,
        path: &DocPath,
        revise: impl Fn(&str) -> String,
        reason: &str,
    ) -> Result<Written, ClientError> {
        let mut attempts = REVISIONS_MAX;
        loop {
            let TextAt { text, base, .. } = self.text(path).await?;
            let text = revise(&text);
            attempts -= 1;
            let revision = Revision::Whole { base, text };
            match self.write(path, &revision, reason).await {
                Err(error) if error.is(UNKNOWN_BASE) && attempts > 0 => {}
                done => return done,
            }
        }
    }

    /// Edits lists and fields: all of `edits` or none.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn edit(&self, edits: &[Edit], reason: &str) -> Result<Written, ClientError> {
        let body = json!({ "edits": edits, "reason": reason });
        self.command(&["edits"], &body).await
    }
}

const UNKNOWN_BASE: &str = "unknown_base";
const REVISIONS_MAX: u32 = 5;
