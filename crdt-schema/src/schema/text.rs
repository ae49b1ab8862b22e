//! A view of one text of the document.

use std::ops::Range;

use yrs::{GetString, Map, Out, ReadTxn, Text, TextRef, TransactionMut, WriteTxn};

use super::{
    edit,
    field::{EditError, container},
};
use crate::{path::DocPath, shape::Shape};

/// A text of the document, Markdown with line feeds alone. Offsets count UTF-16 code units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextField(DocPath);

impl TextField {
    pub(super) fn new(path: DocPath) -> Self {
        Self(path)
    }

    /// The text at a place, or `None` when the schema has no text there.
    #[must_use]
    pub fn at(path: DocPath) -> Option<Self> {
        matches!(path.shape(), Shape::Text).then_some(Self(path))
    }

    /// Where the text is.
    #[must_use]
    pub fn path(&self) -> &DocPath {
        &self.0
    }

    /// The text as it stands; empty when there is none.
    pub fn read<T: ReadTxn>(&self, txn: &T) -> String {
        self.find(txn)
            .map_or_else(String::new, |text| text.get_string(txn))
    }

    /// The length of the text, in UTF-16 code units.
    pub fn len<T: ReadTxn>(&self, txn: &T) -> u32 {
        self.find(txn).map_or(0, |text| text.len(txn))
    }

    /// Whether there is no text.
    pub fn is_empty<T: ReadTxn>(&self, txn: &T) -> bool {
        self.len(txn) == 0
    }

    /// Makes the text read `wanted`, with the fewest edits of whole words that do it.
    ///
    /// # Errors
    /// When the element that the text belongs to does not exist.
    pub fn set(&self, txn: &mut TransactionMut<'_>, wanted: &str) -> Result<(), EditError> {
        let text = self.open(txn)?;
        let current = text.get_string(txn);
        let whole = (0..current.len(), edit::normalize(wanted));
        edit::rewrite(&text, txn, &current, &[whole]);
        Ok(())
    }

    /// Makes each passage read what stands next to it, with the fewest edits of whole words that
    /// do it. Passages are given in order and do not overlap.
    ///
    /// # Errors
    /// When the element does not exist, or a passage does not lie in the text, overlaps the one
    /// before it, or cuts a character. Nothing is changed then.
    pub fn rewrite(
        &self,
        txn: &mut TransactionMut<'_>,
        changes: &[(Range<u32>, &str)],
    ) -> Result<(), EditError> {
        let text = self.open(txn)?;
        let current = text.get_string(txn);
        let mut done = 0;
        let mut passages = Vec::with_capacity(changes.len());
        for (range, wanted) in changes {
            let bytes = self.bytes(&current, range)?;
            if bytes.start < done {
                return Err(self.out_of_range(&current, range));
            }
            done = bytes.end;
            passages.push((bytes, edit::normalize(wanted)));
        }
        edit::rewrite(&text, txn, &current, &passages);
        Ok(())
    }

    /// Inserts `chunk` before the offset `at`.
    ///
    /// # Errors
    /// When the element does not exist, or `at` is past the end or inside a character.
    pub fn insert(
        &self,
        txn: &mut TransactionMut<'_>,
        at: u32,
        chunk: &str,
    ) -> Result<(), EditError> {
        self.replace(txn, at..at, chunk)
    }

    /// Appends `chunk`.
    ///
    /// # Errors
    /// When the element does not exist.
    pub fn push(&self, txn: &mut TransactionMut<'_>, chunk: &str) -> Result<(), EditError> {
        let text = self.open(txn)?;
        text.push(txn, &edit::normalize(chunk));
        Ok(())
    }

    /// Deletes what stands in `range`.
    ///
    /// # Errors
    /// When the element does not exist, or an end is past the text's end or inside a character.
    pub fn delete(&self, txn: &mut TransactionMut<'_>, range: Range<u32>) -> Result<(), EditError> {
        self.replace(txn, range, "")
    }

    /// Puts `chunk` in the place of what stands in `range`.
    ///
    /// # Errors
    /// When the element does not exist, or an end is past the text's end or inside a character.
    pub fn replace(
        &self,
        txn: &mut TransactionMut<'_>,
        range: Range<u32>,
        chunk: &str,
    ) -> Result<(), EditError> {
        let text = self.open(txn)?;
        let current = text.get_string(txn);
        self.bytes(&current, &range)?;
        text.insert(txn, range.end, &edit::normalize(chunk));
        if !range.is_empty() {
            text.remove_range(txn, range.start, range.end - range.start);
        }
        Ok(())
    }

    /// The bytes of `current`, which the text reads, that a range of UTF-16 code units names.
    fn bytes(&self, current: &str, range: &Range<u32>) -> Result<Range<usize>, EditError> {
        let ends = (
            edit::byte_at(current, range.start),
            edit::byte_at(current, range.end),
        );
        match ends {
            (Some(start), Some(end)) if start <= end => Ok(start..end),
            _ => Err(self.out_of_range(current, range)),
        }
    }

    fn out_of_range(&self, current: &str, range: &Range<u32>) -> EditError {
        EditError::OutOfRange {
            path: self.0.clone(),
            start: range.start,
            end: range.end,
            length: edit::utf16_len(current),
        }
    }

    /// Makes sure that the container exists.
    pub(super) fn touch(&self, txn: &mut TransactionMut<'_>) {
        let made = self.open(txn);
        debug_assert!(
            made.is_ok(),
            "the frame has no elements that could be missing"
        );
    }

    pub(crate) fn find<T: ReadTxn>(&self, txn: &T) -> Option<TextRef> {
        match self.0.resolve(txn)? {
            Out::YText(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn open(&self, txn: &mut TransactionMut<'_>) -> Result<TextRef, EditError> {
        match self.0.keys().split_last() {
            Some((key, [])) => Ok(txn.get_or_insert_text(key.clone())),
            Some((key, parents)) => {
                let parent = container(txn, parents)?;
                Ok(parent.get_or_init(txn, key.clone()))
            }
            None => unreachable!("a path has at least a root"),
        }
    }
}
