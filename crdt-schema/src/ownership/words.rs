//! The closed vocabularies of ownership, as they stand in records and answers.

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

macro_rules! word {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word, as in JSON.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        /// By hand: the derived one does not see words that a macro was given.
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .enum_values(Some(Self::ALL.iter().map(|word| word.as_str())))
                    .into()
            }
        }

        impl ToSchema for $name {}

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

word!(
    /// Why the pen goes to somebody else.
    Trigger {
        /// The giver is not sure enough.
        Confidence = "confidence",
        /// The giver turns in circles.
        Loop = "loop",
        /// The people involved lose patience.
        Sentiment = "sentiment",
        /// Somebody asked for a person.
        ExplicitRequest = "explicit_request",
        /// The work is too intricate.
        Complexity = "complexity",
        /// Too much depends on it.
        Stakes = "stakes",
        /// A rule asks for it.
        Policy = "policy",
        /// The plan is to be looked at.
        PlanReview = "plan_review",
        /// The agent that held it went silent.
        LeaseExpired = "lease_expired",
        /// Another reason, told in the note.
        Other = "other",
    }
);
word!(
    /// How a handoff goes about it.
    Mode {
        /// The receiver reads back and accepts first; until then the giver keeps the pen.
        Warm = "warm",
        /// The owner changes at once.
        Cold = "cold",
    }
);
word!(
    /// What changed an owner.
    Cause {
        /// A cold handoff.
        HandedOff = "handed_off",
        /// A warm handoff that was accepted.
        Accepted = "accepted",
        /// A claim from a queue, or of what was open.
        Claimed = "claimed",
        /// The owner let go.
        Released = "released",
        /// A person took over.
        TakenOver = "taken_over",
        /// The agent's lease ran out.
        LeaseExpired = "lease_expired",
    }
);
word!(
    /// How far a handoff is.
    HandoffStatus {
        /// Waits for the receiver to read back.
        Offered = "offered",
        /// Read back; waits for the receiver's answer.
        Briefed = "briefed",
        /// The receiver holds the pen.
        Accepted = "accepted",
        /// The receiver said no.
        Declined = "declined",
        /// The giver took it back.
        Withdrawn = "withdrawn",
        /// Nobody answered in time.
        Expired = "expired",
        /// The owner changed otherwise meanwhile.
        Superseded = "superseded",
    }
);
word!(
    /// How far a decision is.
    DecisionStatus {
        /// Stands, and waits for the owner to act on it.
        Decided = "decided",
        /// The owner is acting on it, under a lease.
        Taken = "taken",
        /// Acted on.
        Consumed = "consumed",
        /// Could not be acted on.
        Failed = "failed",
        /// Taken back before anybody acted on it.
        Withdrawn = "withdrawn",
        /// Nobody acted on it in time.
        Expired = "expired",
    }
);
word!(
    /// How far an approval is.
    ApprovalStatus {
        /// Waits for an answer.
        Asked = "asked",
        /// Approved; the asker may act once.
        Approved = "approved",
        /// Declined.
        Declined = "declined",
        /// The asker is acting on it.
        Taken = "taken",
        /// Acted on.
        Consumed = "consumed",
        /// Acting on it failed, or nobody knows how it ended.
        Failed = "failed",
        /// Taken back by the asker.
        Withdrawn = "withdrawn",
        /// Nobody answered, or nobody acted on the answer, in time.
        Expired = "expired",
        /// What was approved is no longer what is there.
        Void = "void",
    }
);
word!(
    /// An answer to an approval.
    Verdict {
        /// Do it.
        Approve = "approve",
        /// Do it in this changed form.
        Edit = "edit",
        /// Do not.
        Decline = "decline",
        /// A remark; the approval stays open.
        Reply = "reply",
    }
);
word!(
    /// What becomes of an agent's write where it does not hold the pen.
    AgentWrites {
        /// It becomes a suggestion.
        Suggest = "suggest",
        /// It is merged as an owner's would be.
        Merge = "merge",
        /// It is refused.
        Refuse = "refuse",
    }
);
word!(
    /// A part of the briefing that a handoff needs.
    BriefingPart {
        /// What the people want.
        Intent = "intent",
        /// What was tried, with outcomes.
        Actions = "actions",
        /// What has to be respected.
        Constraints = "constraints",
        /// What comes next, or what is open.
        NextStep = "next_step",
        /// Where things come from.
        Sources = "sources",
    }
);
word!(
    /// A person's word on what an agent was sure of.
    Judgement {
        /// The agent was right.
        Right = "right",
        /// The agent was wrong.
        Wrong = "wrong",
    }
);

impl HandoffStatus {
    /// Whether the handoff still waits for something.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Offered | Self::Briefed)
    }
}

impl DecisionStatus {
    /// Whether somebody may still act on the decision.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Decided | Self::Taken)
    }
}

impl ApprovalStatus {
    /// Whether the approval still waits for something.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Approved | Self::Taken)
    }
}
