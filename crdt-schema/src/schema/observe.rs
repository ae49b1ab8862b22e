//! Word of what changed, by place and by item.

use std::{
    collections::BTreeSet,
    sync::{Arc, Weak},
};

use yrs::{
    DeepObservable, Doc, Origin, Out, ReadTxn, Transact, TransactionMut,
    types::{Event, Events, PathSegment},
};

use crate::{
    item::Item,
    path::DocPath,
    shape::{self, Shape},
};

/// The document is inside a transaction, so nothing can be subscribed to it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the document is busy with a transaction: subscribe before or after it")]
pub struct Busy;

/// What one transaction changed under one root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// The texts that changed, and the map entries that were set or removed.
    pub paths: BTreeSet<DocPath>,
    /// The items that those belong to.
    pub items: BTreeSet<Item>,
}

/// Keeps an observer alive; dropping it ends the observation.
#[derive(Debug)]
pub struct Subscription {
    token: Option<Arc<Token>>,
    doc: Doc,
}

/// Stands for a live subscription. Its address names the subscription, so it has a size.
#[derive(Debug)]
struct Token(#[expect(dead_code, reason = "gives the token an address of its own")] u8);

/// Calls `changed` after every transaction that changed something, once for each root that it
/// changed. `control` and the roots of embedding applications are not observed.
///
/// `changed` runs inside the transaction's end: it may read through the transaction that it is
/// given, and must not open another.
///
/// # Errors
/// When a transaction is under way.
pub fn observe(
    doc: &Doc,
    changed: impl Fn(&TransactionMut<'_>, Changes) + Send + Sync + 'static,
) -> Result<Subscription, Busy> {
    let token = Arc::new(Token(0));
    let key = key_of(&token);
    let changed = Arc::new(changed);
    let txn = doc.try_transact_mut().map_err(|_| Busy)?;
    for (root, shape) in shape::ROOTS {
        let alive = Arc::downgrade(&token);
        let changed = Arc::clone(&changed);
        let report = move |txn: &TransactionMut<'_>, events: &Events<'_>| {
            if Weak::strong_count(&alive) > 0 {
                changed(txn, changes(root, txn, events));
            }
        };
        if *shape == Shape::Free {
            continue;
        }
        match txn.get(root) {
            Some(Out::YText(text)) => text.observe_deep(key.clone(), report),
            Some(Out::YMap(map)) => map.observe_deep(key.clone(), report),
            _ => {}
        }
    }
    drop(txn);
    Ok(Subscription {
        token: Some(token),
        doc: doc.clone(),
    })
}

impl Drop for Subscription {
    /// Ends the observation. Within a transaction the callback cannot be taken out, so it is left
    /// behind, deaf.
    fn drop(&mut self) {
        let Some(token) = self.token.take() else {
            return;
        };
        let Ok(txn) = self.doc.try_transact_mut() else {
            return;
        };
        let key = key_of(&token);
        for (root, _) in shape::ROOTS {
            if let Some(Out::YText(text)) = txn.get(root) {
                text.unobserve_deep(key.clone());
            }
            if let Some(Out::YMap(map)) = txn.get(root) {
                map.unobserve_deep(key.clone());
            }
        }
    }
}

fn key_of(token: &Arc<Token>) -> Origin {
    Origin::from(Arc::as_ptr(token).addr().to_be_bytes().as_slice())
}

fn changes(root: &str, txn: &TransactionMut<'_>, events: &Events<'_>) -> Changes {
    let mut changes = Changes::default();
    for event in events.iter() {
        let mut keys = vec![root.to_owned()];
        keys.extend(event.path().into_iter().map(|segment| match segment {
            PathSegment::Key(key) => key.to_string(),
            PathSegment::Index(index) => index.to_string(),
        }));
        match event {
            Event::Map(map) => {
                for key in map.keys(txn).keys() {
                    let entry = keys.iter().map(String::as_str).chain([&**key]);
                    changes.add(entry);
                }
            }
            Event::Text(_) | Event::Array(_) | Event::XmlFragment(_) | Event::XmlText(_) => {
                changes.add(keys.iter().map(String::as_str));
            }
        }
    }
    changes
}

impl Changes {
    /// Places that the schema does not know are left out: no view shows them.
    fn add<'a>(&mut self, keys: impl Iterator<Item = &'a str>) {
        if let Ok(path) = DocPath::new(keys) {
            self.items.insert(path.item());
            self.paths.insert(path);
        }
    }
}
