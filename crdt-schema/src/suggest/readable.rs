//! Differences between texts, cut so that people can judge them.

use crate::schema::{Hunk, hunks};

/// What tells `new` from `old`, with differences joined that have next to nothing between them:
/// "the quick brown fox" to "a slow red fox" is one change, not three.
pub(super) fn readable(old: &str, new: &str) -> Vec<Hunk> {
    join(hunks(old, new), |one, next| is_little(old, one, next))
}

/// Joins neighbours that belong together.
pub(crate) fn join(hunks: Vec<Hunk>, belong: impl Fn(&Hunk, &Hunk) -> bool) -> Vec<Hunk> {
    let mut joined: Vec<Hunk> = Vec::new();
    for hunk in hunks {
        match joined.last_mut() {
            Some(last) if belong(last, &hunk) => extend(last, &hunk),
            _ => joined.push(hunk),
        }
    }
    joined
}

/// Whether no word and no end of a line stands between two differences of `old`.
pub(crate) fn is_wordless(old: &str, one: &Hunk, next: &Hunk) -> bool {
    !old[one.old.end..next.old.start].contains(|c: char| c.is_alphanumeric() || c == '\n')
}

/// Whether less stands between two differences of `old`, on one line, than they make up.
pub(crate) fn is_little(old: &str, one: &Hunk, next: &Hunk) -> bool {
    let between = &old[one.old.end..next.old.start];
    let is_short = between.len() <= size(one).min(size(next)) && !between.contains('\n');
    is_short || is_wordless(old, one, next)
}

/// Joins the differences with the least between them until at most `count_max` are left.
pub(super) fn at_most(count_max: usize, hunks: Vec<Hunk>) -> Vec<Hunk> {
    let Some(surplus) = hunks
        .len()
        .checked_sub(count_max)
        .filter(|count| *count > 0)
    else {
        return hunks;
    };
    let mut gaps: Vec<usize> = hunks
        .windows(2)
        .map(|pair| gap(&pair[0], &pair[1]))
        .collect();
    gaps.sort_unstable();
    let gap_max = gaps[surplus - 1];
    join(hunks, |one, next| gap(one, next) <= gap_max)
}

fn extend(one: &mut Hunk, next: &Hunk) {
    one.old.end = next.old.end;
    one.new.end = next.new.end;
}

fn gap(one: &Hunk, next: &Hunk) -> usize {
    next.old.start - one.old.end
}

fn size(hunk: &Hunk) -> usize {
    hunk.old.len().max(hunk.new.len())
}
