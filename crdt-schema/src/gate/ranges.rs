//! A set of clocks as sorted, disjoint, non-adjacent half-open ranges.

use std::ops::Range;

#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Ranges(Vec<Range<u32>>);

impl Ranges {
    /// Adds `range`, joining it with what it overlaps or touches.
    pub(super) fn insert(&mut self, range: Range<u32>) {
        if range.is_empty() {
            return;
        }
        let first = self.0.partition_point(|known| known.end < range.start);
        let joined = self.0[first..]
            .iter()
            .take_while(|known| known.start <= range.end)
            .count();
        if joined == 0 {
            self.0.insert(first, range);
            return;
        }
        let last = first + joined - 1;
        let start = self.0[first].start.min(range.start);
        let end = self.0[last].end.max(range.end);
        self.0[first] = start..end;
        self.0.drain(first + 1..=last);
    }

    /// The parts of `range` that are not in the set, in order.
    pub(super) fn missing(&self, range: Range<u32>) -> impl Iterator<Item = Range<u32>> {
        let first = self.0.partition_point(|known| known.end <= range.start);
        let mut known = self.0[first..].iter();
        let mut at = range.start;
        std::iter::from_fn(move || {
            while at < range.end {
                let start = at;
                let end = match known.next() {
                    Some(known) => {
                        at = known.end;
                        known.start.min(range.end)
                    }
                    None => {
                        at = range.end;
                        range.end
                    }
                };
                if start < end {
                    return Some(start..end);
                }
            }
            None
        })
    }

    pub(super) fn bytes_estimate(&self) -> usize {
        self.0.capacity() * size_of::<Range<u32>>()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::Ranges;

    proptest! {
        #[test]
        fn ranges_behave_like_a_set_of_clocks(
            added in prop::collection::vec((0u32..60, 0u32..12), 0..20),
            (start, len) in (0u32..60, 0u32..30),
        ) {
            let mut ranges = Ranges::default();
            let mut model = BTreeSet::new();
            for (start, len) in added {
                ranges.insert(start..start + len);
                model.extend(start..start + len);
            }
            let missing: Vec<u32> = ranges.missing(start..start + len).flatten().collect();
            let expected: Vec<u32> =
                (start..start + len).filter(|clock| !model.contains(clock)).collect();
            prop_assert_eq!(missing, expected);
            prop_assert!(ranges.0.windows(2).all(|pair| pair[0].end < pair[1].start));
        }
    }
}
