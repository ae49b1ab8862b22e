//! What happens in a workspace, as somebody would tell it: not single operations.
//!
//! One task follows the changes feed, through restarts of the server; the other tells what comes.
//! Edits are gathered until their writer pauses. Titles are read from the peer's copy.

mod sentence;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use crdt_schema::{
    attribution::{People, Who},
    ids::MemberId,
    ownership::Event,
    path::DocPath,
};
use futures_util::Stream;
use tokio::{sync::mpsc, task::JoinSet, time::sleep_until};

use crate::{ChangeItem, Changes, Client, ClientError, Cursor, Peer, Scope};

/// Something that happened. `Display` is one sentence, such as `task "Draft the page" became
/// yours` or `the body of step "Cost" was changed by Mara`.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// What happened.
    pub what: What,
    text: String,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Something about ownership, decisions or approvals.
    Happened {
        /// Who brought it about; nobody when time did.
        by: Option<Who>,
        /// What it was.
        event: Box<Event>,
        /// Where to go on from after a restart.
        cursor: Cursor,
    },
    /// Others edited one place, and have paused.
    Edited {
        /// The place.
        path: DocPath,
        /// Those who did.
        by: Vec<Who>,
    },
    /// Too much happened to be told one by one: read what you need again.
    Gap,
}

/// A stream of [`Notice`]s; after an error it ends.
///
/// ```no_run
/// use penhold_agent::{Client, Config, Cursor, Peer, Watch};
///
/// # async fn example(config: Config) -> anyhow::Result<()> {
/// let client = Client::new(&config);
/// let peer = Peer::connect(config.named("Planner"));
/// let mut watch = Watch::new(&peer, &client, Cursor::default()).await?;
/// while let Some(notice) = watch.next().await {
///     println!("{}", notice?);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Watch {
    notices: mpsc::Receiver<Result<Notice, ClientError>>,
    _tasks: JoinSet<()>,
}

impl Watch {
    /// Tells what happens from now on, or what has happened since `cursor`.
    ///
    /// # Errors
    /// When the server does not say who this is.
    pub async fn new(peer: &Peer, client: &Client, cursor: Cursor) -> Result<Self, ClientError> {
        let me = client.me().await?.id;
        let (fed, feed) = mpsc::channel(1);
        let (out, notices) = mpsc::channel(NOTICES_MAX);
        let teller = Teller {
            peer: peer.clone(),
            me,
            feed,
            gathered: Gathered::default(),
            out,
        };
        let mut tasks = JoinSet::new();
        tasks.spawn(follow(client.clone(), cursor, fed));
        tasks.spawn(async move {
            // Whoever ends it knows.
            teller.run().await.ok();
        });
        Ok(Self {
            notices,
            _tasks: tasks,
        })
    }

    /// The next notice; `None` after an error, or once the peer is closed. Cancel safe.
    pub async fn next(&mut self) -> Option<Result<Notice, ClientError>> {
        self.notices.recv().await
    }
}

impl Stream for Watch {
    type Item = Result<Notice, ClientError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.notices.poll_recv(cx)
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The reader is gone, or the peer is.
struct Over;

async fn follow(
    client: Client,
    mut cursor: Cursor,
    out: mpsc::Sender<Result<Changes, ClientError>>,
) {
    loop {
        let changes = client.await_change(&cursor, Scope::Everything).await;
        match &changes {
            Ok(changes) => cursor = changes.cursor.clone(),
            Err(_) => return drop(out.send(changes).await),
        }
        if out.send(changes).await.is_err() {
            return;
        }
    }
}

struct Teller {
    peer: Peer,
    me: MemberId,
    feed: mpsc::Receiver<Result<Changes, ClientError>>,
    gathered: Gathered,
    out: mpsc::Sender<Result<Notice, ClientError>>,
}

/// Edits that have not been told yet.
#[derive(Default)]
struct Gathered {
    places: BTreeMap<DocPath, BTreeSet<MemberId>>,
    since: Option<Instant>,
    until: Option<Instant>,
}

impl Teller {
    async fn run(mut self) -> Result<(), Over> {
        loop {
            tokio::select! {
                fed = self.feed.recv() => match fed.ok_or(Over)? {
                    Ok(changes) => self.take_in(changes).await?,
                    Err(error) => return self.out.send(Err(error)).await.map_err(|_| Over),
                },
                () = pause(self.gathered.until) => self.tell_edits().await?,
                () = ended(&self.peer) => return Err(Over),
            }
        }
    }

    async fn take_in(&mut self, changes: Changes) -> Result<(), Over> {
        if changes.gap {
            let text = "much has happened; read again".to_owned();
            let what = What::Gap;
            self.tell(Notice { what, text }).await?;
        }
        for item in changes.items {
            match item {
                ChangeItem::Edited { by, .. } if by == self.me => {}
                ChangeItem::Edited { path, by, .. } => self.gathered.add(path, by, Instant::now()),
                ChangeItem::Record { by, events, .. } => {
                    for event in events {
                        self.tell_event(by.clone(), event, changes.cursor.clone())
                            .await?;
                    }
                }
            }
        }
        Ok(())
    }

    async fn tell_event(
        &self,
        by: Option<MemberId>,
        event: Event,
        cursor: Cursor,
    ) -> Result<(), Over> {
        let me = self.me.clone();
        let told = self.peer.read(move |txn| {
            let people = People::read(txn);
            let by = by.map(|by| people.who(&by));
            let text = sentence::of_event(&event, by.as_ref(), &me, &people, txn)?;
            let event = Box::new(event);
            Some(Notice {
                what: What::Happened { by, event, cursor },
                text,
            })
        });
        match told.await.map_err(|_| Over)? {
            Some(notice) => self.tell(notice).await,
            None => Ok(()),
        }
    }

    async fn tell_edits(&mut self) -> Result<(), Over> {
        let places = std::mem::take(&mut self.gathered).places;
        let notices = self.peer.read(move |txn| {
            let people = People::read(txn);
            let notice = |(path, by): (DocPath, BTreeSet<MemberId>)| {
                let by: Vec<Who> = by.iter().map(|by| people.who(by)).collect();
                let text = sentence::of_edit(&path, &by, txn);
                let what = What::Edited { path, by };
                Notice { what, text }
            };
            places.into_iter().map(notice).collect::<Vec<_>>()
        });
        for notice in notices.await.map_err(|_| Over)? {
            self.tell(notice).await?;
        }
        Ok(())
    }

    async fn tell(&self, notice: Notice) -> Result<(), Over> {
        self.out.send(Ok(notice)).await.map_err(|_| Over)
    }
}

impl Gathered {
    /// Edits wait until nobody has edited for a moment, but not for ever.
    fn add(&mut self, path: DocPath, by: MemberId, now: Instant) {
        self.places.entry(path).or_default().insert(by);
        let since = *self.since.get_or_insert(now);
        self.until = Some((now + QUIET).min(since + GATHERED_MAX));
    }
}

async fn ended(peer: &Peer) {
    let mut status = peer.status();
    while status.changed().await.is_ok() {}
}

async fn pause(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until.into()).await,
        None => std::future::pending().await,
    }
}

/// Notices that the reader may be behind; then the tasks wait.
const NOTICES_MAX: usize = 256;
/// How long nobody edits before edits are told.
const QUIET: Duration = Duration::from_secs(2);
/// How long edits are gathered when nobody pauses.
const GATHERED_MAX: Duration = Duration::from_secs(15);
