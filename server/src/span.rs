//! Spans of time as people write them: `30d`, `12h`, `45m`, `90s`.

use std::{str::FromStr, time::Duration};

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// In milliseconds.
    pub(crate) ms: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("write a number and a unit, such as 30d, 12h, 45m or 90s")]
pub(crate) struct BadSpan;

impl FromStr for Span {
    type Err = BadSpan;

    fn from_str(text: &str) -> Result<Self, BadSpan> {
        let (number, unit) = text
            .split_at_checked(text.len().saturating_sub(1))
            .ok_or(BadSpan)?;
        let unit_ms: u64 = match unit {
            "d" => 24 * 60 * 60 * 1000,
            "h" => 60 * 60 * 1000,
            "m" => 60 * 1000,
            "s" => 1000,
            _ => return Err(BadSpan),
        };
        let number: u64 = number.parse().map_err(|_| BadSpan)?;
        match number.checked_mul(unit_ms) {
            Some(ms) if ms > 0 => Ok(Self { ms }),
            _ => Err(BadSpan),
        }
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        Self::from_millis(span.ms)
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn aut1_an_expiry_is_a_number_and_a_unit() {
        let ms = |text: &str| text.parse::<Span>().ok().map(|span| span.ms);
        assert_eq!(ms("90s"), Some(90_000));
        assert_eq!(ms("45m"), Some(45 * 60_000));
        assert_eq!(ms("12h"), Some(12 * 3_600_000));
        assert_eq!(ms("30d"), Some(30 * 86_400_000));
        for bad in [
            "",
            "d",
            "30",
            "0d",
            "-1d",
            "1w",
            "30 d",
            "ä",
            "99999999999999999999d",
        ] {
            assert_eq!(ms(bad), None, "{bad}");
        }
    }
}
