//! What is open, and what was answered.

use rand::RngCore;
use serde::{Deserialize, Serialize};
use yrs::{In, MapRef, ReadTxn};

use crate::{
    ids::ElementId,
    path::DocPath,
    project::read,
    schema::{
        collection::{Element, Ordered, Rank},
        element::element_view,
        field::find_map,
        text::TextField,
    },
};

/// One question as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Question)]
pub struct QuestionProjection {
    /// Its id within the briefing.
    pub id: ElementId,
    /// Its fractional order key; empty when it has none.
    pub order: String,
    /// What is asked, in Markdown.
    pub text: String,
    /// The answer, in Markdown; empty while the question is open.
    pub answer: String,
}

/// What it takes to make a question.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NewQuestion {
    /// Its id; made at random when absent.
    pub id: Option<ElementId>,
    /// Its fractional order key; made for the chosen place when absent.
    pub order: Option<String>,
    /// What is asked, in Markdown.
    pub text: String,
    /// The answer, in Markdown; empty while the question is open.
    pub answer: String,
}

element_view!(
    /// One question of the briefing.
    Question reads QuestionProjection {
        /// What is asked, in Markdown.
        text,
        /// The answer, in Markdown; empty while the question is open.
        answer,
    }
);

impl Element for Question {
    type Value = QuestionProjection;
    type New = NewQuestion;

    fn view(id: ElementId, path: DocPath) -> Self {
        Self { id, path }
    }

    fn chosen_id(new: &NewQuestion) -> Option<&ElementId> {
        new.id.as_ref()
    }

    fn fields(new: NewQuestion, _rng: &mut dyn RngCore) -> Vec<(&'static str, In)> {
        vec![
            ("text", read::new_text(&new.text)),
            ("answer", read::new_text(&new.answer)),
        ]
    }

    fn read<T: ReadTxn>(id: ElementId, map: &MapRef, txn: &T) -> QuestionProjection {
        QuestionProjection {
            id,
            order: read::order(map, txn),
            text: read::text(map, txn, "text"),
            answer: read::text(map, txn, "answer"),
        }
    }

    fn rank<T: ReadTxn>(map: &MapRef, txn: &T) -> Rank {
        Rank::Order(read::order(map, txn))
    }
}

impl Ordered for Question {
    fn chosen_order(new: &NewQuestion) -> Option<&str> {
        new.order.as_deref()
    }
}
