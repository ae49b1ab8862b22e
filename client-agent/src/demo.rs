//! A planning agent that follows a script: it needs no model, and shows what an agent does here.
//!
//! It reads the briefing, writes the goal if there is none, then steps and tasks, with its cursor
//! where it writes. In between it looks at what people do: it answers questions that they add,
//! and closes steps whose boxes they ticked. It ends with a summary.

mod pen;
mod planner;
mod reaction;
mod script;

use std::{fmt, time::Duration};

use self::{
    planner::{Planner, read},
    reaction::Watch,
    script::Script,
};
use crate::{Change, ChangeStream, Config, Peer, PeerError};

/// How fast the agent goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// For each letter.
    pub letter: Duration,
    /// Before each new text.
    pub pause: Duration,
    /// How long it waits for people at the end, counted from the last thing it reacted to.
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
    /// It waits for people.
    Waiting,
    /// It wrote its summary, and everything is saved.
    Finished,
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
}

/// Joins the workspace, plays the script and leaves.
///
/// # Errors
/// When the server refuses an edit, or closes for good.
pub async fn run(
    config: Config,
    pace: Pace,
    progress: impl FnMut(&Progress) + Send,
) -> Result<Summary, PeerError> {
    let peer = Peer::connect(config);
    let refused = refusal(peer.changes());
    let planned = tokio::select! {
        planned = plan(&peer, pace, progress) => planned,
        Some(refused) = refused => Err(refused),
    };
    peer.close().await;
    planned
}

async fn plan(
    peer: &Peer,
    pace: Pace,
    progress: impl FnMut(&Progress) + Send,
) -> Result<Summary, PeerError> {
    peer.synced().await?;
    let changes = peer.changes();
    let before = read(peer).await?;
    let script = Script::from(&before);
    let planner = Planner {
        peer,
        pace,
        changes,
        progress,
        watch: Watch::from(&before),
        summary: Summary::default(),
    };
    planner.play(script, &before).await
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
            Self::Waiting => {
                f.write_str("Waiting: tick the boxes of a step, or add a question to the briefing")
            }
            Self::Finished => f.write_str("Wrote the summary; everything is saved"),
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
        } = self;
        write!(
            f,
            "{steps} step(s) written, {tasks} task(s) added, {answers} question(s) answered, {closed} step(s) closed"
        )
    }
}
