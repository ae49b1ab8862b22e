//! The contract that every store adapter passes, and what is particular to each.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "tests: titles say what they hold, nobody imports them, and a panic is a failure"
)]

#[path = "storage_contract/bed.rs"]
mod bed;
#[path = "storage_contract/carried.rs"]
mod carried;
#[path = "storage_contract/compaction.rs"]
mod compaction;
#[path = "storage_contract/contract.rs"]
mod contract;
#[path = "storage_contract/faults.rs"]
mod faults;
#[path = "storage_contract/files.rs"]
mod files;
#[path = "storage_contract/kept.rs"]
mod kept;
#[path = "storage_contract/kill.rs"]
mod kill;
#[path = "storage_contract/ledger.rs"]
mod ledger;
#[path = "storage_contract/model.rs"]
mod model;
#[path = "storage_contract/records.rs"]
mod records;
#[path = "storage_contract/recovery.rs"]
mod recovery;
#[path = "storage_contract/sled.rs"]
mod sled_only;
