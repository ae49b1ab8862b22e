//! Offsets in a text: bytes here, UTF-16 code units in documents.

/// Converts offsets of one text.
pub(super) struct Ruler {
    /// The unit at each byte, unless they are the same throughout.
    units: Option<Vec<u32>>,
    end: usize,
}

impl Ruler {
    pub(super) fn new(text: &str) -> Self {
        let units = (!text.is_ascii()).then(|| {
            let mut units = Vec::with_capacity(text.len() + 1);
            let mut unit = 0;
            for c in text.chars() {
                units.extend(std::iter::repeat_n(unit, c.len_utf8()));
                unit += if c.len_utf16() == 2 { 2 } else { 1 };
            }
            units.push(unit);
            units
        });
        Self {
            units,
            end: text.len(),
        }
    }

    /// The unit at a byte where a character starts.
    pub(super) fn unit(&self, byte: usize) -> u32 {
        match &self.units {
            Some(units) => units[byte],
            None => u32::try_from(byte).expect("texts are far below 2^32 units"),
        }
    }

    /// The byte at a unit; at the end of the character that the unit cuts, and of the text for
    /// what lies past it.
    pub(super) fn byte(&self, unit: u32) -> usize {
        match &self.units {
            Some(units) => units.partition_point(|at| *at < unit).min(self.end),
            None => (unit as usize).min(self.end),
        }
    }
}
