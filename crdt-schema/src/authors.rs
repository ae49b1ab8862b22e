//! Who wrote what, as the server records it in the document's `control` root.
//!
//! A client id belongs to the member who writes under it. The server's own client ids serve
//! everybody (an accepted suggestion, an edit over HTTP), so for them it records ranges of clocks.

use std::ops::Range;

use yrs::{Any, Map, MapRef, Out, ReadTxn, TransactionMut, WriteTxn};

use crate::{attribution::OnBehalf, ids::MemberId, member::Member};

/// The client ids that belong to one member each.
pub fn clients<T: ReadTxn>(txn: &T) -> Vec<(u64, MemberId)> {
    let mut clients = strings(txn, "authors");
    let parse =
        |(client, member): (String, String)| Some((client.parse().ok()?, member.parse().ok()?));
    clients.drain(..).filter_map(parse).collect()
}

/// What the server wrote, and for whom.
pub fn on_behalf<T: ReadTxn>(txn: &T) -> OnBehalf {
    let mut ranges: Vec<(u64, Range<u32>, MemberId)> = strings(txn, "attributed")
        .into_iter()
        .filter_map(|(start, end)| {
            let (client, start) = parse_start(&start)?;
            let (end, member) = parse_end(&end)?;
            Some((client, start..end, member))
        })
        .collect();
    ranges.sort_by_key(|(client, clocks, _)| (*client, clocks.start));
    let mut on_behalf = OnBehalf::default();
    for (client, clocks, member) in ranges {
        on_behalf.note(client, clocks, &member);
    }
    on_behalf
}

/// Records that `member` writes under these client ids, and what the member is called.
pub fn bind(txn: &mut TransactionMut<'_>, clients: &[u64], member: &Member) {
    let control = txn.get_or_insert_map("control");
    let authors: MapRef = control.get_or_init(txn, "authors");
    for client in clients {
        authors.insert(txn, client.to_string(), member.id.as_str());
    }
    introduce(txn, member);
}

/// Records what a member is called.
pub fn introduce(txn: &mut TransactionMut<'_>, member: &Member) {
    let control = txn.get_or_insert_map("control");
    let members: MapRef = control.get_or_init(txn, "members");
    let card: MapRef = members.get_or_init(txn, member.id.as_str());
    card.try_update(txn, "name", member.name.as_str());
    card.try_update(txn, "kind", member.kind.as_str());
    card.try_update(txn, "role", member.role.as_str());
}

/// Records that the server wrote `clocks` under its own client id `client` for `member`. `last` is
/// what the previous call for this client id was about: a range that goes on is made longer.
/// Returns what to pass as `last` to the next call.
#[must_use]
pub fn attribute(
    txn: &mut TransactionMut<'_>,
    client: u64,
    clocks: Range<u32>,
    member: &MemberId,
    last: Option<Attributed>,
) -> Attributed {
    let start = match last {
        Some(last) if last.member == *member => last.start,
        _ => clocks.start,
    };
    let control = txn.get_or_insert_map("control");
    let attributed: MapRef = control.get_or_init(txn, "attributed");
    attributed.insert(
        txn,
        format!("{client}:{start}"),
        format!("{}:{member}", clocks.end),
    );
    Attributed {
        start,
        member: member.clone(),
    }
}

/// The last range that was attributed under a client id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attributed {
    start: u32,
    member: MemberId,
}

fn strings<T: ReadTxn>(txn: &T, key: &str) -> Vec<(String, String)> {
    let map = txn
        .get_map("control")
        .and_then(|control| control.get(txn, key))
        .and_then(|map| MapRef::try_from(map).ok());
    let entries = map.iter().flat_map(|map| map.iter(txn));
    entries
        .filter_map(|(key, value)| match value {
            Out::Any(Any::String(value)) => Some((key.to_owned(), value.to_string())),
            _ => None,
        })
        .collect()
}

fn parse_start(key: &str) -> Option<(u64, u32)> {
    let (client, start) = key.split_once(':')?;
    Some((client.parse().ok()?, start.parse().ok()?))
}

fn parse_end(value: &str) -> Option<(u32, MemberId)> {
    let (end, member) = value.split_once(':')?;
    Some((end.parse().ok()?, member.parse().ok()?))
}
