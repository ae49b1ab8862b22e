//! The port, said in commands to the committer and reads by the readers.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use crdt_schema::ids::WorkspaceId;
use futures_util::{
    StreamExt,
    stream::{self, BoxStream},
};

use super::{
    ENTRY_BYTES_MAX, SledStore,
    apply::Command,
    archive, blobs,
    database::{Database, ReadError},
    entry::entry_bytes,
    load::{self, settled},
    records, verify,
};
use crate::store::{
    Contents, Damage, Entry, Loaded, Seq, Shelf, Snapshot, Store, StoreError, WorkspaceRecord,
    follow::{self, FOLLOW_PAGE},
};

#[async_trait]
impl Store for SledStore {
    async fn import(&self, record: WorkspaceRecord, contents: Contents) -> Result<(), StoreError> {
        check_sizes(&contents.entries)?;
        let ws = record.id.clone();
        let prepare = move |_: &Database| {
            let blobs = contents.blobs();
            let blobs = blobs
                .map(|(shelf, name, content)| blobs::prepare(&ws, shelf, name, content))
                .collect::<Result<_, _>>()?;
            Ok((contents.entries, blobs))
        };
        let (first, blobs) = self.readers.run(prepare).await?;
        self.commit(Command::Create {
            record,
            first,
            blobs,
        })
        .await
        .map(drop)
    }

    async fn record(&self, ws: &WorkspaceId) -> Result<WorkspaceRecord, StoreError> {
        self.read(ws, |db, logs, ws| {
            let record = db.record(ws)?.filter(|_| !logs.is_creating(ws));
            record.ok_or(StoreError::NotFound)
        })
        .await
    }

    async fn list(
        &self,
        after: Option<&WorkspaceId>,
        limit: usize,
    ) -> Result<Vec<WorkspaceRecord>, StoreError> {
        let (logs, after) = (Arc::clone(&self.logs), after.cloned());
        self.readers
            .run(move |db| {
                let records = db.records_after(after.as_ref());
                let readable = records.filter_map(|record| match record {
                    Ok(record) => (!logs.is_creating(&record.id)).then_some(Ok(record)),
                    Err(ReadError::Damaged(Damage { record, problem })) => {
                        tracing::error!(record, problem, "left out of the list");
                        None
                    }
                    Err(error) => Some(Err(error.into())),
                });
                readable.take(limit).collect()
            })
            .await
    }

    async fn set_record(&self, record: WorkspaceRecord) -> Result<(), StoreError> {
        self.commit(Command::SetRecord(record)).await.map(drop)
    }

    async fn delete(&self, ws: &WorkspaceId) -> Result<(), StoreError> {
        self.commit(Command::Delete(ws.clone())).await.map(drop)
    }

    async fn append(
        &self,
        ws: &WorkspaceId,
        entries: Vec<Entry>,
        expect: Option<Seq>,
    ) -> Result<Seq, StoreError> {
        check_sizes(&entries)?;
        self.commit(Command::Append {
            ws: ws.clone(),
            entries,
            expect,
        })
        .await
    }

    async fn load(&self, ws: &WorkspaceId) -> Result<Loaded, StoreError> {
        self.read(ws, load::load).await
    }

    fn follow(
        &self,
        ws: &WorkspaceId,
        from: Seq,
    ) -> BoxStream<'static, Result<(Seq, Entry), StoreError>> {
        let (readers, logs, ws) = (
            Arc::clone(&self.readers),
            Arc::clone(&self.logs),
            ws.clone(),
        );
        let open = async move {
            let (seen, name) = (Arc::clone(&logs), ws.clone());
            let head = readers
                .run(move |db| seen.watch(db, &name)?.ok_or(StoreError::NotFound))
                .await;
            let head = match head {
                Ok(head) => head,
                Err(error) => return follow::failed(error),
            };
            follow::stream(from, head, move |after| {
                let (readers, logs, ws) = (Arc::clone(&readers), Arc::clone(&logs), ws.clone());
                async move {
                    let read = move |db: &Database| {
                        load::entries_after(db, &logs, &ws, after, FOLLOW_PAGE)
                    };
                    readers.run(read).await
                }
            })
        };
        stream::once(open).flatten().boxed()
    }

    async fn records(
        &self,
        ws: &WorkspaceId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Bytes)>, StoreError> {
        self.read(ws, move |db, logs, ws| {
            records::after(db, logs, ws, after, limit)
        })
        .await
    }

    async fn put_snapshot(&self, ws: &WorkspaceId, snapshot: Snapshot) -> Result<(), StoreError> {
        let prepared = self
            .read(ws, move |db, logs, ws| {
                load::prepare_snapshot(db, logs, ws, &snapshot)
            })
            .await?;
        self.commit(Command::PutSnapshot(Box::new(prepared)))
            .await
            .map(drop)
    }

    async fn archived(
        &self,
        ws: &WorkspaceId,
        from: Seq,
        limit: usize,
    ) -> Result<Vec<(Seq, Entry)>, StoreError> {
        self.read(ws, move |db, logs, ws| {
            logs.end(db, ws)?.ok_or(StoreError::NotFound)?;
            Ok(archive::after(db, ws, from, limit)?)
        })
        .await
    }

    async fn expire_archive(&self, before_ms: u64) -> Result<u64, StoreError> {
        let keys = self
            .readers
            .run(move |db| Ok(archive::expired(db, before_ms)?))
            .await?;
        if keys.is_empty() {
            return Ok(0);
        }
        self.commit(Command::ExpireArchive { before_ms, keys })
            .await
    }

    async fn put_blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
        content: Bytes,
    ) -> Result<(), StoreError> {
        let name = name.to_owned();
        let prepared = self
            .read(ws, move |_, _, ws| {
                blobs::prepare(ws, shelf, &name, &content)
            })
            .await?;
        self.commit(Command::PutBlob(ws.clone(), Box::new(prepared)))
            .await
            .map(drop)
    }

    async fn blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
    ) -> Result<Option<Bytes>, StoreError> {
        let name = name.to_owned();
        self.read(ws, move |db, logs, ws| {
            settled(db, logs, ws, |_| {
                Ok(blobs::read(db, logs, ws, shelf, &name)?)
            })
        })
        .await
    }

    async fn blobs(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        self.read(ws, move |db, logs, ws| {
            settled(db, logs, ws, |_| Ok(blobs::list(db, logs, ws, shelf)?))
        })
        .await
    }

    async fn delete_blob(
        &self,
        ws: &WorkspaceId,
        shelf: Shelf,
        name: &str,
    ) -> Result<(), StoreError> {
        let (ws, name) = (ws.clone(), name.to_owned());
        self.commit(Command::DeleteBlob { ws, shelf, name })
            .await
            .map(drop)
    }

    async fn verify(&self) -> Result<Vec<Damage>, StoreError> {
        let logs = Arc::clone(&self.logs);
        self.readers.run(move |db| verify::verify(db, &logs)).await
    }

    async fn close(&self) -> Result<(), StoreError> {
        drop(self.queue.lock().take());
        let committer = self.committer.lock().take();
        if let Some(committer) = committer {
            let joined = tokio::task::spawn_blocking(move || committer.join()).await;
            if !matches!(joined, Ok(Ok(()))) {
                return Err(StoreError::Failed(
                    "the committer did not end cleanly".to_owned(),
                ));
            }
        }
        self.readers.close().await;
        Ok(())
    }
}

fn check_sizes(entries: &[Entry]) -> Result<(), StoreError> {
    let largest = entries.iter().map(entry_bytes).max().unwrap_or(0);
    if largest > ENTRY_BYTES_MAX {
        return Err(StoreError::TooLarge {
            bytes: largest,
            limit: ENTRY_BYTES_MAX,
        });
    }
    Ok(())
}
