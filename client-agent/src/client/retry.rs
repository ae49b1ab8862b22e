//! How long to wait before asking again.

use std::time::Duration;

/// The wait before attempt number `attempt` (the second is 1): doubling up to a limit, and
/// spread by `entropy`, so that clients that failed together do not come back together.
pub(crate) fn backoff(attempt: u32, entropy: u64) -> Duration {
    let full = (FIRST_MS << attempt.saturating_sub(1).min(16)).min(LIMIT_MS);
    Duration::from_millis(full / 2 + entropy % (full / 2 + 1))
}

const FIRST_MS: u64 = 100;
const LIMIT_MS: u64 = 5_000;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agt2_waits_grow_are_spread_and_have_a_limit(attempt in 1..200u32, entropy: u64) {
            let full = Duration::from_millis(100)
                .saturating_mul(2_u32.saturating_pow(attempt - 1))
                .min(Duration::from_secs(5));
            let wait = backoff(attempt, entropy);
            prop_assert!(full / 2 <= wait && wait <= full);
        }
    }
}
