//! The Rust SDK, driven like the others.

use crdt_schema::schema::{
    NewStep, Place, TextField, Workspace,
    words::{StepStatus, Word as _},
};
use penhold_agent::{Config, Peer};
use serde_json::Value;
use tokio::sync::watch;
use yrs::{GetString as _, ReadTxn, StateVector, TransactionMut, types::ToJson as _};

use super::{client::Target, script::Edit, seen::Seen};

pub(crate) struct Sdk {
    peer: Peer,
    tell: watch::Sender<Seen>,
}

impl Sdk {
    pub(crate) fn connect(target: &Target) -> (Self, watch::Receiver<Seen>) {
        let url = format!("http://{}", target.address);
        let peer = Peer::connect(Config::new(&url, &target.workspace, &target.token).unwrap());
        let (tell, seen) = watch::channel(Seen::default());
        tokio::spawn(watch(peer.clone(), tell.clone()));
        (Self { peer, tell }, seen)
    }

    pub(crate) async fn edit(&self, edit: Edit) {
        self.peer.edit(move |txn| make(txn, edit)).await.unwrap();
        look(&self.peer, &self.tell).await;
        self.tell.send_modify(|seen| seen.obeyed += 1);
    }
}

async fn watch(peer: Peer, tell: watch::Sender<Seen>) {
    let mut changes = peer.changes();
    peer.synced().await.unwrap();
    look(&peer, &tell).await;
    tell.send_modify(|seen| seen.synced = true);
    while changes.next().await.is_some() {
        look(&peer, &tell).await;
    }
}

async fn look(peer: &Peer, tell: &watch::Sender<Seen>) {
    let (notes, plan, update) = peer.read(read).await.unwrap();
    tell.send_modify(|seen| {
        seen.notes = notes;
        seen.plan = plan;
        seen.update = update;
    });
}

/// Without the typed views, as the other clients read.
fn read(txn: &yrs::Transaction<'_>) -> (String, Value, Vec<u8>) {
    let notes = txn.get_text("notes").unwrap().get_string(txn);
    let plan = txn.get_map("plan").unwrap().to_json(txn);
    let update = txn.encode_state_as_update_v1(&StateVector::default());
    (notes, serde_json::to_value(plan).unwrap(), update)
}

fn make(txn: &mut TransactionMut<'_>, edit: Edit) {
    let steps = Workspace.plan().steps();
    let notes = Workspace.notes();
    match edit {
        Edit::Insert { at, text } => {
            notes.insert(txn, place(txn, &notes, at), &text).unwrap();
        }
        Edit::Delete { from, to } => {
            let range = place(txn, &notes, from)..place(txn, &notes, to);
            notes.delete(txn, range).unwrap();
        }
        Edit::Add { id, title, order } => {
            let step = NewStep {
                id: Some(id.parse().unwrap()),
                order: Some(order),
                title,
                ..NewStep::default()
            };
            steps.add(txn, &mut rand::rng(), Place::Last, step).unwrap();
        }
        Edit::Status { pick, status } => {
            if let Some(id) = chosen(txn, pick) {
                let status = StepStatus::from_word(status).unwrap();
                steps.get(&id).set_status(txn, status).unwrap();
            }
        }
        Edit::Body { pick, at, text } => {
            if let Some(id) = chosen(txn, pick) {
                let body = steps.get(&id).body();
                body.insert(txn, place(txn, &body, at), &text).unwrap();
            }
        }
        Edit::Remove { pick } => {
            if let Some(id) = chosen(txn, pick) {
                steps.remove(txn, &id);
            }
        }
    }
}

fn chosen<T: ReadTxn>(txn: &T, pick: usize) -> Option<crdt_schema::ids::ElementId> {
    let mut ids = Workspace.plan().steps().ids(txn);
    ids.sort();
    let at = pick * ids.len() / 1000;
    ids.into_iter().nth(at)
}

fn place<T: ReadTxn>(txn: &T, field: &TextField, thousandths: usize) -> u32 {
    let text = field.read(txn);
    let before = thousandths * text.chars().count() / 1000;
    let units: usize = text.chars().take(before).map(char::len_utf16).sum();
    u32::try_from(units).unwrap()
}
