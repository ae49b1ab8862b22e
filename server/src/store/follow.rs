//! Following a log: what is stored, then what becomes durable.
//!
//! Invariant: entries come in log order, each once. A follower reads at its own pace, so a slow
//! one costs no memory; the head only tells it that there is more to read.

use std::{collections::VecDeque, future::Future};

use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};
use tokio::sync::watch;

use super::{Entry, Seq, StoreError};

/// Entries read from the store at a time.
pub(super) const FOLLOW_PAGE: usize = 256;

type Item = Result<(Seq, Entry), StoreError>;

/// Streams the entries after `from`; `head` is the last durable position and `read(after)` returns
/// the next durable entries. When `head`'s sender is gone, the workspace was deleted or the store
/// closed, and the stream ends with [`StoreError::NotFound`].
pub(super) fn stream<R, F>(
    from: Seq,
    head: watch::Receiver<Seq>,
    read: R,
) -> BoxStream<'static, Item>
where
    R: Fn(Seq) -> F + Send + Sync + 'static,
    F: Future<Output = Result<Vec<(Seq, Entry)>, StoreError>> + Send + 'static,
{
    let follower = Follower {
        at: from,
        head,
        page: VecDeque::new(),
        read,
    };
    stream::try_unfold(follower, |mut follower| async move {
        let item = follower.next().await?;
        Ok(Some((item, follower)))
    })
    .boxed()
}

/// A stream of one error.
pub(super) fn failed(error: StoreError) -> BoxStream<'static, Item> {
    stream::iter([Err(error)]).boxed()
}

struct Follower<R> {
    at: Seq,
    head: watch::Receiver<Seq>,
    page: VecDeque<(Seq, Entry)>,
    read: R,
}

impl<R, F> Follower<R>
where
    R: Fn(Seq) -> F,
    F: Future<Output = Result<Vec<(Seq, Entry)>, StoreError>>,
{
    async fn next(&mut self) -> Item {
        loop {
            if let Some((seq, entry)) = self.page.pop_front() {
                self.at = seq;
                return Ok((seq, entry));
            }
            let at = self.at;
            if self.head.wait_for(|head| *head > at).await.is_err() {
                return Err(StoreError::NotFound);
            }
            self.page = (self.read)(at).await?.into();
            if self.page.front().is_none_or(|(seq, _)| *seq != at + 1) {
                return Err(StoreError::Failed(format!(
                    "log entry {} is no longer stored",
                    at + 1
                )));
            }
        }
    }
}
