//! Reading records from the store, a page at a time.

use bytes::{BufMut as _, Bytes, BytesMut};
use crdt_schema::ownership::Record;
use futures_util::{Stream, stream};

use super::{RecordPage, filter::Filter};
use crate::{
    http::{desk::Desk, problem::Problem},
    store::StoreError,
};

/// Records read from the store at once.
pub(super) const READ_AT_ONCE: usize = 500;
/// Records looked through for one page.
const LOOKED_THROUGH_MAX: u64 = 10_000;

/// Up to `limit` wanted records after number `after`, of those up to `newest`.
pub(super) async fn page(
    desk: &Desk,
    (after, newest): (u64, u64),
    limit: usize,
    filter: &Filter,
) -> Result<RecordPage, Problem> {
    let mut items = Vec::new();
    let mut at = after;
    while at < newest && at - after < LOOKED_THROUGH_MAX && items.len() < limit {
        for (no, bytes) in read(desk, at).await? {
            at = no;
            if filter.wants(&bytes) {
                items.push(Record::from_json(&bytes).map_err(Problem::internal)?);
            }
            if items.len() == limit {
                break;
            }
        }
    }
    Ok(RecordPage {
        items,
        next_after: (at < newest).then_some(at),
    })
}

/// The wanted records after number `after` up to `newest`, one a line. Ends with an error, and so
/// cuts the answer off, if one of them cannot be read.
pub(super) fn lines(
    desk: Desk,
    after: u64,
    newest: u64,
    filter: Filter,
) -> impl Stream<Item = Result<Bytes, StoreError>> + Send + 'static {
    stream::try_unfold(
        (desk, after, filter),
        move |(desk, at, filter)| async move {
            if at >= newest {
                return Ok(None);
            }
            let records = read(&desk, at).await?;
            let last = records.last().map_or(newest, |(no, _)| *no);
            let mut lines = BytesMut::new();
            for (_, record) in records.iter().filter(|(_, record)| filter.wants(record)) {
                lines.put_slice(record);
                lines.put_u8(b'\n');
            }
            Ok(Some((lines.freeze(), (desk, last, filter))))
        },
    )
}

/// The next records after number `at`, of which there are some.
async fn read(desk: &Desk, at: u64) -> Result<Vec<(u64, Bytes)>, StoreError> {
    let records = desk.app.store.records(&desk.ws, at, READ_AT_ONCE).await?;
    if records.is_empty() {
        let missing = format!("record {} cannot be read", at + 1);
        return Err(StoreError::Failed(missing));
    }
    Ok(records)
}
