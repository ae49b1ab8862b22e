//! A planning agent that follows a script: it needs no model, and shows what an agent does here.
//!
//! It reads the briefing, writes the goal if there is none, then steps and tasks, with its cursor
//! where it writes. In between it looks at what people do: it answers questions that they add,
//! and closes steps whose boxes they ticked. It sums up what it did.
//!
//! Then it hands the pen to people. Once they hand it back it reads what
//! they changed, acts on what they decided, asks for leave to publish, and publishes once.

mod briefing;
mod decisions;
mod pen;
mod planner;
mod publish;
mod reaction;
mod round;
mod script;

use std::{fmt, time::Duration};

use self::{
    planner::{Planner, read},
    reaction::Watch,
    round::Rounds,
};
use crate::{Change, ChangeStream, Client, ClientError, Config, Peer, PeerError, To, WaitError};

/// How fast the agent goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// For each letter.
    pub letter: Duration,
    /// Before each new text.
    pub pause: Duration,
    /// How long it waits for people each time; [`Duration::MAX`] for ever.
    pub linger: Duration,
}

/// What the agent just did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It joined the workspace of this title.
    Joined(String),
    /// It read the briefing, with so many open questions and constraints.
    Read {
        /// Questions without an answer.
        questions: usize,
        /// Things to respect.
        constraints: usize,
    },
    /// It wrote the goal.
    Goal,
    /// It wrote the step of this title.
    Step(String),
    /// It added the task of this title.
    Task(String),
    /// It answered this question, which a person had added.
    Answered(String),
    /// It closed the step of this title, whose boxes a person had ticked.
    Closed(String),
    /// A person removed what it was writing, so that it went on with the next.
    Removed(String),
    /// It was given the pen by the owner of this name.
    GotThePen(String),
    /// It wrote its summary and handed the pen off.
    HandedOff(To),
    /// Nobody handed the pen back for as long as it stayed.
    NobodyCame,
    /// It read what happened while others held the pen.
    CaughtUp {
        /// Decisions among it.
        decisions: usize,
        /// What changed, in Markdown.
        digest: String,
    },
    /// It acted on the decision of this title.
    Acted(String),
    /// It asked for this.
    Asked(String),
    /// Nobody answered for as long as it stayed, so that it took its question back.
    NobodyAnswered,
    /// It may not publish, or not any more, for this reason.
    NotPublished(String),
    /// It published, once, to this place.
    Published(String),
    /// Its work is done, and everything is saved.
    Finished,
}

/// A whole round of the agent.
#[derive(Debug, Clone)]
pub struct Round {
    /// As whom it works, and where.
    pub agent: Config,
    /// Somebody who hands it the pen of the workspace, if it cannot claim it.
    pub host: Option<Config>,
    /// To whom it hands the draft: to a queue at once, to a member as an offer.
    pub to: To,
    /// How fast it goes.
    pub pace: Pace,
}

/// Why a round ended early.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The document cannot be reached or written.
    #[error(transparent)]
    Peer(#[from] PeerError),
    /// A command was refused.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// Waiting for people ended.
    #[error(transparent)]
    Wait(#[from] WaitError),
    /// Somebody else holds the workspace.
    #[error("{0} holds this workspace: hand it to the agent on the page, then start it again")]
    NoPen(String),
}

/// What the agent did in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Steps written.
    pub steps: usize,
    /// Tasks added.
    pub tasks: usize,
    /// Questions answered.
    pub answers: usize,
    /// Steps closed.
    pub closed: usize,
    /// Decisions acted on.
    pub decisions: usize,
    /// Plans published.
    pub published: usize,
}

/// Joins the workspace, goes on the round and leaves. Whatever it still holds in the end goes to
/// the queue of the people.
///
/// # Errors
/// When the server refuses something, or closes for good.
pub async fn round(
    round: &Round,
    progress: impl FnMut(&Progress) + Send,
) -> Result<Summary, DemoError> {
    let peer = Peer::connect(round.agent.clone());
    let refused = refusal(peer.changes());
    let played = async {
        peer.synced().await?;
        let planner = Planner {
            peer: &peer,
            pace: round.pace,
            progress,
            watch: Watch::from(&read(&peer).await?),
            summary: Summary::default(),
        };
        let client = Client::new(&round.agent);
        let rounds = Rounds {
            planner,
            client,
            round,
        };
        rounds.play().await
    };
    let played = tokio::select! {
        played = played => played,
        Some(refused) = refused => Err(refused.into()),
    };
    peer.close().await;
    played
}

/// Waits for the first refusal of an edit.
async fn refusal(mut changes: ChangeStream) -> Option<PeerError> {
    loop {
        match changes.next().await? {
            Change::Denied(denied) => return Some(PeerError::Denied(denied)),
            Change::Edited(_) | Change::Resync => {}
        }
    }
}

impl Pace {
    /// As fast as a person types.
    #[must_use]
    pub const fn human() -> Self {
        Self {
            letter: Duration::from_millis(28),
            pause: Duration::from_millis(900),
            linger: Duration::from_secs(60),
        }
    }

    /// Without any waiting.
    #[must_use]
    pub const fn instant() -> Self {
        Self {
            letter: Duration::ZERO,
            pause: Duration::ZERO,
            linger: Duration::ZERO,
        }
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Joined(title) => write!(f, "Joined \"{title}\""),
            Self::Read {
                questions,
                constraints,
            } => write!(
                f,
                "Read the briefing: {questions} open question(s), {constraints} constraint(s)"
            ),
            Self::Goal => f.write_str("Wrote the goal"),
            Self::Step(title) => write!(f, "Wrote the step \"{title}\""),
            Self::Task(title) => write!(f, "Added the task \"{title}\""),
            Self::Answered(question) => write!(f, "Answered \"{question}\""),
            Self::Closed(title) => write!(f, "Closed the step \"{title}\""),
            Self::Removed(title) => write!(f, "Somebody removed \"{title}\"; going on"),
            Self::GotThePen(owner) => write!(f, "{owner} handed over the pen"),
            Self::HandedOff(To::Queue(queue)) => write!(
                f,
                "Handed the pen to the queue \"{queue}\": claim it on the page, decide and edit, \
                 then hand it back"
            ),
            Self::HandedOff(To::Member(member)) => {
                write!(f, "Offered the pen to {member}, with a briefing")
            }
            Self::NobodyCame => f.write_str(
                "Nobody came. The draft is saved and waits for a person; with --stay I would too",
            ),
            Self::CaughtUp { decisions, digest } => {
                write!(f, "Back, with {decisions} decision(s). {}", digest.trim())
            }
            Self::Acted(title) => write!(f, "Acted on the decision \"{title}\""),
            Self::Asked(title) => write!(f, "Asked for approval: {title}"),
            Self::NobodyAnswered => f.write_str("Nobody answered; I took the question back"),
            Self::NotPublished(why) => write!(f, "Not published: {why}"),
            Self::Published(uri) => write!(f, "Approved, and published once: {uri}"),
            Self::Finished => f.write_str("Done; everything is saved"),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            steps,
            tasks,
            answers,
            closed,
            decisions,
            published,
        } = self;
        write!(
            f,
            "{steps} step(s) written, {tasks} task(s) added, {answers} question(s) answered, {closed} step(s) closed"
        )?;
        if *decisions > 0 {
            write!(f, ", {decisions} decision(s) acted on")?;
        }
        if *published > 0 {
            write!(f, ", published once")?;
        }
        Ok(())
    }
}
