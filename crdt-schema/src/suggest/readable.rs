//! Differences between texts, cut so that people can judge them.

use crate::schema::{Hunk, hunks};

/// What tells `new` from `old`, with differences joined that have next to nothing between them:
/// "the quick brown fox" to "a slow red fox" is one change, not three.
pub(super) fn readable(old: &str, new: &str) -> Vec<Hunk> {
    join(old, hunks(old, new), |_| false)
}

/// Joins differences that have next to nothing between them, but none that stands `apart`.
pub(crate) fn join(old: &str, hunks: Vec<Hunk>, apart: impl Fn(&Hunk) -> bool) -> Vec<Hunk> {
    let mut joined: Vec<Hunk> = Vec::new();
    for hunk in hunks {
        match joined.last_mut() {
            Some(last) if belong_together(old, last, &hunk) && !apart(last) && !apart(&hunk) => {
                extend(last, &hunk);
            }
            _ => joined.push(hunk),
        }
    }
    joined
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
    let mut joined: Vec<Hunk> = Vec::new();
    for hunk in hunks {
        match joined.last_mut() {
            Some(last) if gap(last, &hunk) <= gap_max => extend(last, &hunk),
            _ => joined.push(hunk),
        }
    }
    joined
}

fn belong_together(old: &str, one: &Hunk, next: &Hunk) -> bool {
    let between = &old[one.old.end..next.old.start];
    let has_words = between.contains(char::is_alphanumeric);
    !between.contains('\n') && (!has_words || between.len() <= size(one).min(size(next)))
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
