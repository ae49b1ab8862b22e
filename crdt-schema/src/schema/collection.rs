//! Maps of elements: steps, tasks, questions, comments.

use std::marker::PhantomData;

use rand::RngCore;
use yrs::{In, Map, MapPrelim, MapRef, ReadTxn, TransactionMut};

use super::field::{EditError, container, find_map};
use crate::{ids::ElementId, order, path::DocPath};

/// What a collection is sorted by, before the id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A fractional order key; empty when the element has no valid one.
    Order(String),
    /// A moment, in milliseconds since 1970.
    At(i64),
}

/// What lives in a collection.
pub trait Element: Sized {
    /// What one element reads as.
    type Value;
    /// What it takes to make one.
    type New;

    /// The view of the element of this id.
    fn view(id: ElementId, path: DocPath) -> Self;
    /// The id that the writer chose, if any.
    fn chosen_id(new: &Self::New) -> Option<&ElementId>;
    /// The fields as they go into the document; `rng` makes ids for what has none.
    fn fields(new: Self::New, rng: &mut dyn RngCore) -> Vec<(&'static str, In)>;
    /// Reads one element.
    fn read<T: ReadTxn>(id: ElementId, map: &MapRef, txn: &T) -> Self::Value;
    /// What the element is sorted by.
    fn rank<T: ReadTxn>(map: &MapRef, txn: &T) -> Rank;
}

/// An element whose place among its siblings is chosen.
pub trait Ordered: Element {
    /// The order key that the writer chose, if any.
    fn chosen_order(new: &Self::New) -> Option<&str>;
}

/// Where an element goes among its siblings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// Before all others.
    First,
    /// After all others.
    Last,
    /// Right before this one.
    Before(&'a ElementId),
    /// Right after this one.
    After(&'a ElementId),
}

/// A view of all elements of one kind.
#[derive(Debug, Clone)]
pub struct Collection<E> {
    path: DocPath,
    elements: PhantomData<fn() -> E>,
}

impl<E: Element> Collection<E> {
    pub(super) fn new(path: DocPath) -> Self {
        Self {
            path,
            elements: PhantomData,
        }
    }

    /// Where the collection is.
    #[must_use]
    pub fn path(&self) -> &DocPath {
        &self.path
    }

    /// The view of one element, whether it exists or not.
    #[must_use]
    pub fn get(&self, id: &ElementId) -> E {
        E::view(id.clone(), self.path.join(id.as_str()))
    }

    /// Whether there is an element of this id.
    pub fn contains<T: ReadTxn>(&self, txn: &T, id: &ElementId) -> bool {
        find_map(txn, &self.path.join(id.as_str())).is_some()
    }

    /// The ids of all elements, in order.
    pub fn ids<T: ReadTxn>(&self, txn: &T) -> Vec<ElementId> {
        self.sorted(txn).into_iter().map(|(_, id, _)| id).collect()
    }

    /// All elements, in order.
    pub fn read<T: ReadTxn>(&self, txn: &T) -> Vec<E::Value> {
        find_map(txn, &self.path).map_or_else(Vec::new, |map| read_all::<E, T>(&map, txn))
    }

    /// The elements that are `wanted`, in order; of the others nothing else is read.
    pub(super) fn read_some<T: ReadTxn>(
        &self,
        txn: &T,
        wanted: impl Fn(&MapRef) -> bool,
    ) -> Vec<E::Value> {
        let some = find_map(txn, &self.path).map(|map| sorted_some::<E, T>(&map, txn, wanted));
        some.into_iter()
            .flatten()
            .map(|(_, id, map)| E::read(id, &map, txn))
            .collect()
    }

    /// Removes an element with everything in it. Returns whether it was there.
    pub fn remove(&self, txn: &mut TransactionMut<'_>, id: &ElementId) -> bool {
        find_map(txn, &self.path).is_some_and(|map| map.remove(txn, id.as_str()).is_some())
    }

    /// Adds an element that takes its rank from its own fields.
    ///
    /// # Errors
    /// When the collection's own parent does not exist, or the chosen id is taken.
    pub fn insert(
        &self,
        txn: &mut TransactionMut<'_>,
        rng: &mut dyn RngCore,
        new: E::New,
    ) -> Result<ElementId, EditError> {
        let map = container(txn, self.path.keys())?;
        let id = self.free_id(txn, &map, rng, &new)?;
        map.insert(txn, id.as_str(), prelim(E::fields(new, rng)));
        Ok(id)
    }

    /// Fills a new, empty collection with elements that were checked before: in the order given,
    /// with their own order keys where those agree with it.
    pub(crate) fn fill(
        &self,
        txn: &mut TransactionMut<'_>,
        rng: &mut dyn RngCore,
        elements: Vec<E::New>,
    ) where
        E: Ordered,
    {
        let chosen: Vec<_> = elements
            .iter()
            .map(|new| (E::chosen_order(new), E::chosen_id(new)))
            .collect();
        let agree = chosen.iter().all(|(key, _)| key.is_some_and(order::is_key))
            && chosen.is_sorted_by(|a, b| a < b);
        let keys = if agree {
            chosen
                .iter()
                .filter_map(|(key, _)| key.map(str::to_owned))
                .collect()
        } else {
            order::n_between(None, None, elements.len()).expect("open bounds leave room")
        };
        let map = container(txn, self.path.keys()).expect("the frame has been made");
        for (new, key) in elements.into_iter().zip(keys) {
            let id = E::chosen_id(&new).cloned();
            let id = id.unwrap_or_else(|| ElementId::random(rng));
            let mut fields = E::fields(new, rng);
            fields.push(("order", key.into()));
            map.insert(txn, id.as_str(), prelim(fields));
        }
    }

    /// Makes sure that the container exists.
    pub(super) fn touch(&self, txn: &mut TransactionMut<'_>) {
        let made = container(txn, self.path.keys());
        debug_assert!(
            made.is_ok(),
            "the frame has no elements that could be missing"
        );
    }

    fn free_id<T: ReadTxn>(
        &self,
        txn: &T,
        map: &MapRef,
        rng: &mut dyn RngCore,
        new: &E::New,
    ) -> Result<ElementId, EditError> {
        let Some(id) = E::chosen_id(new) else {
            return Ok(ElementId::random(rng));
        };
        if map.contains_key(txn, id.as_str()) {
            return Err(EditError::Exists(self.path.join(id.as_str())));
        }
        Ok(id.clone())
    }

    fn sorted<T: ReadTxn>(&self, txn: &T) -> Vec<(Rank, ElementId, MapRef)> {
        find_map(txn, &self.path).map_or_else(Vec::new, |map| sorted::<E, T>(&map, txn))
    }
}

impl<E: Ordered> Collection<E> {
    /// Adds an element at a place. An order key that `new` brings along wins over the place.
    ///
    /// # Errors
    /// When the chosen id is taken, the neighbour named by the place does not exist, or the
    /// order key is not one.
    pub fn add(
        &self,
        txn: &mut TransactionMut<'_>,
        rng: &mut dyn RngCore,
        place: Place<'_>,
        new: E::New,
    ) -> Result<ElementId, EditError> {
        let map = container(txn, self.path.keys())?;
        let id = self.free_id(txn, &map, rng, &new)?;
        let key = match E::chosen_order(&new) {
            Some(key) if order::is_key(key) => key.to_owned(),
            Some(_) => return Err(self.not_a_key(&id)),
            None => self.key_at(txn, place, None)?,
        };
        let mut fields = E::fields(new, rng);
        fields.push(("order", key.into()));
        map.insert(txn, id.as_str(), prelim(fields));
        Ok(id)
    }

    /// Moves an element to another place.
    ///
    /// # Errors
    /// When the element, or the neighbour named by the place, does not exist.
    pub fn move_to(
        &self,
        txn: &mut TransactionMut<'_>,
        id: &ElementId,
        place: Place<'_>,
    ) -> Result<(), EditError> {
        let path = self.path.join(id.as_str());
        let element = find_map(txn, &path).ok_or(EditError::Missing(path))?;
        let key = self.key_at(txn, place, Some(id))?;
        element.try_update(txn, "order", key);
        Ok(())
    }

    /// An order key for a place among the elements other than `moving`.
    ///
    /// Elements right after the place that share its lower neighbour's key (two writers chose it
    /// at the same time) are given keys of their own, in their order.
    fn key_at(
        &self,
        txn: &mut TransactionMut<'_>,
        place: Place<'_>,
        moving: Option<&ElementId>,
    ) -> Result<String, EditError> {
        let mut others = self.sorted(txn);
        others.retain(|(_, id, _)| Some(id) != moving);
        let index_of = |wanted: &ElementId| {
            others
                .iter()
                .position(|(_, id, _)| id == wanted)
                .ok_or_else(|| EditError::Missing(self.path.join(wanted.as_str())))
        };
        let index = match place {
            Place::First => 0,
            Place::Last => others.len(),
            Place::Before(id) => index_of(id)?,
            Place::After(id) => index_of(id)? + 1,
        };
        let lower = index.checked_sub(1).map_or("", |at| others[at].0.order());
        let (_, after) = others.split_at(index);
        let shared = after
            .iter()
            .take_while(|(rank, _, _)| rank.order() == lower)
            .count();
        let lower = (!lower.is_empty()).then_some(lower);
        let upper = after.get(shared).map(|(rank, _, _)| rank.order());
        let mut keys = order::n_between(lower, upper, shared + 1)
            .expect("ranks are valid keys in ascending order")
            .into_iter();
        let key = keys.next().expect("at least one key was asked for");
        for ((_, _, map), key) in after.iter().zip(keys) {
            map.insert(txn, "order", key);
        }
        Ok(key)
    }

    fn not_a_key(&self, id: &ElementId) -> EditError {
        EditError::Value {
            path: self.path.join(id.as_str()).join("order"),
            expected: "a fractional order key".to_owned(),
        }
    }
}

impl Rank {
    fn order(&self) -> &str {
        match self {
            Self::Order(key) => key,
            Self::At(_) => "",
        }
    }
}

/// All elements of the collection in `map`, in order.
pub(super) fn read_all<E: Element, T: ReadTxn>(map: &MapRef, txn: &T) -> Vec<E::Value> {
    sorted::<E, T>(map, txn)
        .into_iter()
        .map(|(_, id, element)| E::read(id, &element, txn))
        .collect()
}

fn sorted<E: Element, T: ReadTxn>(map: &MapRef, txn: &T) -> Vec<(Rank, ElementId, MapRef)> {
    sorted_some::<E, T>(map, txn, |_| true)
}

fn sorted_some<E: Element, T: ReadTxn>(
    map: &MapRef,
    txn: &T,
    wanted: impl Fn(&MapRef) -> bool,
) -> Vec<(Rank, ElementId, MapRef)> {
    let mut elements: Vec<(Rank, ElementId, MapRef)> = map
        .iter(txn)
        .filter_map(|(id, out)| {
            let element = MapRef::try_from(out).ok().filter(&wanted)?;
            Some((E::rank(&element, txn), id.parse().ok()?, element))
        })
        .collect();
    elements.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    elements
}

fn prelim(fields: Vec<(&'static str, In)>) -> MapPrelim {
    fields.into_iter().collect()
}
