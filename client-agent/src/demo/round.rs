//! The whole round: draft, hand off, and, once a person has handed back, catch up, act on what
//! was decided, ask, and act once.

use std::time::Duration;

use crdt_schema::{
    ids::ElementId,
    item::Item,
    ownership::{HoldingView, Owner, Pending, PendingTask, QueueName, Reason, Trigger},
};
use tokio::time::timeout;

use super::{
    DemoError, Progress, Round, Summary, briefing, decisions,
    planner::{Planner, read},
    publish,
    script::Script,
};
use crate::{
    Client, ClientError, Cursor, HandOff, Leases, Need, Needs, Parting, Scope, Since, To, Wanted,
};

/// The agent on its round.
pub(super) struct Rounds<'a, P> {
    pub(super) planner: Planner<'a, P>,
    pub(super) client: Client,
    pub(super) round: &'a Round,
}

impl<P: FnMut(&Progress) + Send> Rounds<'_, P> {
    /// Plays the round to its end, and lets go of everything in any case.
    pub(super) async fn play(mut self) -> Result<Summary, DemoError> {
        let leases = Leases::new(self.client.clone());
        let played = self.rounds(&leases).await;
        let parting = Parting::HandOff {
            to: people(),
            reason: reason("The demo is over.", None),
        };
        for (item, error) in leases.close(&parting).await {
            tracing::debug!(%item, %error, "not let go of");
        }
        played.map(|()| self.planner.summary)
    }

    async fn rounds(&mut self, leases: &Leases) -> Result<(), DemoError> {
        let holding = self.take_up().await?;
        leases.keep(holding.clone());
        let before = read(self.planner.peer).await?;
        let script = Script::from(&before);
        self.planner.draft(script, &before).await?;
        self.planner.conclude().await?;
        let handoff = self.hand_off(&holding).await?;
        leases.forget(&holding.item);
        let Some(item) = self.await_return().await? else {
            self.planner.say(&Progress::NobodyCame);
            return Ok(());
        };
        leases.keep(self.catch_up(&item, &Since::Handoff(handoff)).await?);
        self.act_on_decisions().await?;
        self.planner.react().await?;
        self.publish().await?;
        self.planner.say(&Progress::Finished);
        Ok(())
    }

    /// Gets the pen of the workspace: by a claim, or from the host.
    async fn take_up(&mut self) -> Result<HoldingView, DemoError> {
        let me = self.client.me().await?.id;
        let item = Item::Workspace;
        let found = self.client.item(&item).await?;
        match &found.owner {
            Owner::Member(owner) if *owner == me => {}
            Owner::Member(_) => self.borrow(&found, To::Member(me)).await?,
            Owner::Nobody => drop(self.client.claim(&item, found.epoch).await?),
            Owner::Queue(_) => match self.client.claim(&item, found.epoch).await {
                Ok(_) => {}
                Err(_) => self.borrow(&found, To::Member(me)).await?,
            },
        }
        self.catch_up(&item, &Since::LastVisit).await
    }

    async fn borrow(&mut self, found: &HoldingView, me: To) -> Result<(), DemoError> {
        let Some(host) = &self.round.host else {
            let owner = found.owner_name.clone();
            return Err(DemoError::NoPen(owner));
        };
        let reason = Reason {
            trigger: Trigger::ExplicitRequest,
            note: "Show what an agent does here.".to_owned(),
            confidence: None,
        };
        let handoff = HandOff::cold(found.item.clone(), found.epoch, me, reason);
        handed(&Client::new(host), handoff).await?;
        self.planner
            .say(&Progress::GotThePen(found.owner_name.clone()));
        Ok(())
    }

    async fn hand_off(&mut self, holding: &HoldingView) -> Result<ElementId, DemoError> {
        briefing::complete(self.planner.peer).await?;
        self.planner.peer.flush().await?;
        let reason = reason(
            "The plan is drafted. What is open is for a person to decide.",
            Some(0.6),
        );
        let (item, epoch) = (holding.item.clone(), holding.epoch);
        let handoff = match &self.round.to {
            to @ To::Member(_) => HandOff::warm(item, epoch, to.clone(), reason),
            to @ To::Queue(_) => HandOff::cold(item, epoch, to.clone(), reason),
        };
        let id = handed(&self.client, handoff).await?;
        self.planner
            .say(&Progress::HandedOff(self.round.to.clone()));
        Ok(id)
    }

    /// Waits until a person hands something back; `None` if nobody does in time or wants it.
    async fn await_return(&mut self) -> Result<Option<Item>, DemoError> {
        let mut needs = Needs::new(self.client.clone(), Wanted::Handoff, None).await?;
        let returned = async {
            loop {
                match needs.next().await? {
                    Need::Received { item, .. } => return Ok(Some(item)),
                    Need::Unwanted(_) => return Ok(None),
                    Need::Pending(Pending { task, .. }) => match task {
                        PendingTask::Resume { item, .. } => return Ok(Some(item)),
                        PendingTask::Receive { handoff, item, .. } => {
                            let summary = "I have read it, and go on from there.";
                            self.client.brief(&handoff, summary).await?;
                            self.client.accept(&handoff).await?;
                            return Ok(Some(item));
                        }
                        PendingTask::Claim { item, epoch, .. } => {
                            self.client.claim(&item, epoch).await?;
                            return Ok(Some(item));
                        }
                        PendingTask::Answer { .. }
                        | PendingTask::Decision { .. }
                        | PendingTask::Act { .. }
                        | PendingTask::Reply { .. } => {}
                    },
                    Need::Answered(_) => {}
                }
            }
        };
        self.round.in_time(returned).await.unwrap_or(Ok(None))
    }

    /// Reads what changed, tells, and acknowledges it.
    async fn catch_up(&mut self, item: &Item, since: &Since) -> Result<HoldingView, DemoError> {
        let holding = self.client.item(item).await?;
        let Some(gate) = &holding.gate else {
            return Ok(holding);
        };
        let digest = self.client.digest_markdown(since, DIGEST_CHARS).await?;
        self.planner.say(&Progress::CaughtUp {
            decisions: gate.decisions.len(),
            digest,
        });
        let resumed = self
            .client
            .resume(item, holding.epoch, &gate.decisions, gate.cursor)
            .await?;
        Ok(resumed)
    }

    async fn act_on_decisions(&mut self) -> Result<(), DemoError> {
        let now = Cursor::default();
        let waiting = self.client.await_change(&now, Scope::Records).await?;
        for pending in waiting.pending {
            let PendingTask::Decision { decision, .. } = pending.task else {
                continue;
            };
            let taken = match self.client.take(&decision).await {
                Ok(taken) => taken,
                // Somebody was faster, or took it back.
                Err(ClientError::Refused(_)) => continue,
                Err(error) => return Err(error.into()),
            };
            let outcome = decisions::act(&mut self.planner, &taken.decision).await?;
            self.client
                .consume(&decision, &taken.lease, &outcome)
                .await?;
            self.planner.summary.decisions += 1;
            self.planner.say(&Progress::Acted(taken.decision.title));
        }
        Ok(())
    }

    async fn publish(&mut self) -> Result<(), DemoError> {
        let ask = publish::ask(&read(self.planner.peer).await?);
        let asked = self.client.ask(&ask).await?;
        self.planner.say(&Progress::Asked(asked.title.clone()));
        let answer = self.client.await_answer(&asked.id);
        match self.round.in_time(answer).await.transpose()? {
            Some(answered) => {
                let end = publish::end(&mut self.planner, &self.client, answered).await?;
                self.planner.say(&end);
            }
            None => {
                self.client.withdraw_approval(&asked.id).await?;
                self.planner.say(&Progress::NobodyAnswered);
            }
        }
        Ok(())
    }
}

impl Round {
    /// Waits as long as the agent stays.
    async fn in_time<T>(&self, wait: impl Future<Output = T>) -> Option<T> {
        match self.pace.linger {
            Duration::MAX => Some(wait.await),
            linger => timeout(linger, wait).await.ok(),
        }
    }
}

/// Hands off; as an emergency if the briefing has gaps that only people can fill.
async fn handed(client: &Client, handoff: HandOff) -> Result<ElementId, ClientError> {
    let made = match client.hand_off(&handoff).await {
        Err(error) if error.is("incomplete") => client.hand_off(&handoff.in_emergency()).await,
        made => made,
    };
    Ok(made?.id)
}

/// The queue that every workspace has.
pub(super) fn people() -> To {
    To::Queue(QueueName::people())
}

fn reason(note: &str, confidence: Option<f64>) -> Reason {
    Reason {
        trigger: Trigger::PlanReview,
        note: note.to_owned(),
        confidence,
    }
}

/// Longest digest that is told, in characters.
const DIGEST_CHARS: usize = 2_000;
