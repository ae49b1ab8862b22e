//! Fractional order keys: text that sorts, with always room for another key in between.
//!
//! The format is that of the npm package `fractional-indexing` with its default digits, and the
//! results are the same: an integer part, whose first letter gives its length, then a fraction,
//! both in base 62. Keys compare byte by byte. What two writers insert at the same place at the
//! same time gets equal keys, so elements sort by (key, id).

/// Why no key can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// A bound is not an order key.
    #[error("{0:?} is not an order key")]
    NotAKey(String),
    /// The lower bound is not below the upper one.
    #[error("no order key lies between {0:?} and {1:?}: the first must sort before the second")]
    NotAscending(String, String),
}

/// A key strictly between `lower` and `upper`; `None` leaves that side open.
///
/// # Errors
/// When a bound is not an order key, or the bounds are not in ascending order.
pub fn between(lower: Option<&str>, upper: Option<&str>) -> Result<String, OrderError> {
    let low = lower.map(Key::parse).transpose()?;
    let high = upper.map(Key::parse).transpose()?;
    if let (Some(lower), Some(upper)) = (lower, upper)
        && lower >= upper
    {
        return Err(OrderError::NotAscending(lower.into(), upper.into()));
    }
    Ok(match (low, high) {
        (None, None) => "a0".to_owned(),
        (None, Some(high)) => below(high),
        (Some(low), None) => above(low),
        (Some(low), Some(high)) => inside(low, high),
    })
}

/// `count` ascending keys strictly between `lower` and `upper`, as short as may be.
///
/// # Errors
/// As for [`between`].
pub fn n_between(
    lower: Option<&str>,
    upper: Option<&str>,
    count: usize,
) -> Result<Vec<String>, OrderError> {
    let mut keys: Vec<String> = Vec::with_capacity(count);
    match (lower, upper) {
        _ if count == 0 => {}
        (_, None) => {
            for _ in 0..count {
                keys.push(between(keys.last().map(String::as_str).or(lower), None)?);
            }
        }
        (None, Some(_)) => {
            for _ in 0..count {
                keys.push(between(None, keys.last().map(String::as_str).or(upper))?);
            }
            keys.reverse();
        }
        (Some(_), Some(_)) => {
            let middle = between(lower, upper)?;
            let left = count / 2;
            keys = n_between(lower, Some(&middle), left)?;
            let right = n_between(Some(&middle), upper, count - left - 1)?;
            keys.push(middle);
            keys.extend(right);
        }
    }
    Ok(keys)
}

/// Whether `text` is an order key.
#[must_use]
pub fn is_key(text: &str) -> bool {
    Key::parse(text).is_ok()
}

#[derive(Clone, Copy)]
struct Key<'a> {
    integer: &'a str,
    fraction: &'a str,
}

impl<'a> Key<'a> {
    fn parse(text: &'a str) -> Result<Self, OrderError> {
        let bad = || OrderError::NotAKey(text.chars().take(64).collect());
        let head = *text.as_bytes().first().ok_or_else(bad)?;
        let length = integer_length(head).ok_or_else(bad)?;
        let is_sound = text.len() >= length
            && text.bytes().all(|b| b.is_ascii_alphanumeric())
            && (text.len() == length || !text.ends_with('0'))
            && !is_smallest(text);
        if !is_sound {
            return Err(bad());
        }
        let (integer, fraction) = text.split_at(length);
        Ok(Self { integer, fraction })
    }
}

fn below(high: Key<'_>) -> String {
    if is_smallest(high.integer) {
        return high.integer.to_owned() + &midpoint("", Some(high.fraction));
    }
    if !high.fraction.is_empty() {
        return high.integer.to_owned();
    }
    step(high.integer, Direction::Down).expect("only the smallest integer has none below")
}

fn above(low: Key<'_>) -> String {
    step(low.integer, Direction::Up)
        .unwrap_or_else(|| low.integer.to_owned() + &midpoint(low.fraction, None))
}

fn inside(low: Key<'_>, high: Key<'_>) -> String {
    if low.integer == high.integer {
        return low.integer.to_owned() + &midpoint(low.fraction, Some(high.fraction));
    }
    let next = step(low.integer, Direction::Up).expect("a greater integer exists: the upper one");
    if next.as_str() < high.integer || (next == high.integer && !high.fraction.is_empty()) {
        return next;
    }
    low.integer.to_owned() + &midpoint(low.fraction, None)
}

/// A fraction strictly between two fractions, where `None` stands for one.
/// Needs `low < high`, neither of them ending in a zero.
fn midpoint(low: &str, high: Option<&str>) -> String {
    let mut low = low.as_bytes();
    let mut high = high.map(str::as_bytes);
    let mut out = String::new();
    if let Some(bound) = high {
        let padded = low.iter().chain(std::iter::repeat(&b'0'));
        let shared = padded.zip(bound).take_while(|(a, b)| a == b).count();
        out.extend(bound[..shared].iter().copied().map(char::from));
        low = low.get(shared..).unwrap_or_default();
        high = Some(&bound[shared..]);
    }
    loop {
        let from = low.first().map_or(0, |digit| value(*digit));
        let to = high.map_or(DIGITS.len(), |bound| value(bound[0]));
        if to - from > 1 {
            out.push(digit((from + to).div_ceil(2)));
            return out;
        }
        if let Some(bound) = high
            && bound.len() > 1
        {
            out.push(char::from(bound[0]));
            return out;
        }
        out.push(digit(from));
        low = low.get(1..).unwrap_or_default();
        high = None;
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Up,
    Down,
}

/// The integer next to `integer`, or `None` at the end of all integers.
fn step(integer: &str, direction: Direction) -> Option<String> {
    let (first, last) = match direction {
        Direction::Up => (b'0', b'z'),
        Direction::Down => (b'z', b'0'),
    };
    let mut bytes = integer.as_bytes().to_vec();
    if let Some(at) = bytes.iter().skip(1).rposition(|b| *b != last) {
        let at = at + 1;
        bytes[at + 1..].fill(first);
        bytes[at] = neighbour(bytes[at], direction);
    } else {
        let head = next_head(bytes[0], direction)?;
        let length = integer_length(head).expect("a neighbour of a head is a head");
        bytes = vec![first; length];
        bytes[0] = head;
    }
    Some(bytes.into_iter().map(char::from).collect())
}

fn neighbour(byte: u8, direction: Direction) -> u8 {
    match direction {
        Direction::Up => DIGITS[value(byte) + 1],
        Direction::Down => DIGITS[value(byte) - 1],
    }
}

fn next_head(head: u8, direction: Direction) -> Option<u8> {
    match (direction, head) {
        (Direction::Up, b'z') | (Direction::Down, b'A') => None,
        (Direction::Up, b'Z') => Some(b'a'),
        (Direction::Down, b'a') => Some(b'Z'),
        (Direction::Up, _) => Some(head + 1),
        (Direction::Down, _) => Some(head - 1),
    }
}

fn integer_length(head: u8) -> Option<usize> {
    match head {
        b'a'..=b'z' => Some(usize::from(head - b'a') + 2),
        b'A'..=b'Z' => Some(usize::from(b'Z' - head) + 2),
        _ => None,
    }
}

fn is_smallest(integer: &str) -> bool {
    integer.len() == 27 && integer.starts_with('A') && integer[1..].bytes().all(|b| b == b'0')
}

fn value(digit: u8) -> usize {
    DIGITS
        .iter()
        .position(|d| *d == digit)
        .expect("keys are checked to be alphanumeric")
}

fn digit(value: usize) -> char {
    char::from(DIGITS[value])
}

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
