//! The closed vocabularies of the schema.

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// A vocabulary: an enumeration that is stored as one word.
pub trait Word: Copy + Default + Sized + 'static {
    /// The word for each value, as stored.
    const WORDS: &'static [&'static str];

    /// The word as stored.
    fn as_str(self) -> &'static str;

    /// The value of a stored word.
    fn from_word(word: &str) -> Option<Self>;
}

macro_rules! word {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default,
            Serialize, Deserialize,
        )]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+
        }

        impl Word for $name {
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .enum_values(Some(Self::WORDS.iter().copied()))
                    .into()
            }
        }

        impl ToSchema for $name {}
    };
}

word!(
    /// How far a step of the plan is.
    StepStatus {
        /// Being written.
        #[default]
        Draft = "draft",
        /// Ready to be worked on.
        Ready = "ready",
        /// Being worked on.
        Doing = "doing",
        /// Waits for a person's decision.
        NeedsDecision = "needs_decision",
        /// Done.
        Done = "done",
        /// No longer wanted.
        Dropped = "dropped",
    }
);
word!(
    /// Whether a step sets the direction or carries it out.
    Tier {
        /// Sets the direction; people approve it.
        Strategic = "strategic",
        /// Carries it out.
        #[default]
        Tactical = "tactical",
    }
);
word!(
    /// How far a task is.
    TaskStatus {
        /// Not begun.
        #[default]
        Todo = "todo",
        /// Being worked on.
        Doing = "doing",
        /// Waits for something or somebody.
        Waiting = "waiting",
        /// Done.
        Done = "done",
        /// No longer wanted.
        Cancelled = "cancelled",
    }
);
word!(
    /// How pressing a task is.
    Priority {
        /// Can wait.
        Low = "low",
        /// In its turn.
        #[default]
        Normal = "normal",
        /// Before others.
        High = "high",
        /// Now.
        Urgent = "urgent",
    }
);
word!(
    /// The tone of the people involved.
    Sentiment {
        /// Neither good nor bad.
        #[default]
        Neutral = "neutral",
        /// Content.
        Positive = "positive",
        /// Out of patience.
        Frustrated = "frustrated",
        /// Pressed for time.
        Urgent = "urgent",
    }
);
word!(
    /// What became of an action.
    Outcome {
        /// It worked.
        Done = "done",
        /// It did not work.
        Failed = "failed",
        /// Somebody declined it.
        Declined = "declined",
        /// Not known yet.
        #[default]
        Pending = "pending",
    }
);
word!(
    /// What became of a suggestion.
    SuggestionStatus {
        /// Waits for an answer.
        #[default]
        Open = "open",
        /// Taken over into the text.
        Accepted = "accepted",
        /// Declined.
        Rejected = "rejected",
        /// The text moved on under it.
        Stale = "stale",
    }
);
