//! Named limits on how often a member or an address may ask.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use crdt_schema::ids::MemberId;
use governor::{
    DefaultKeyedRateLimiter, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use serde::{Deserialize, Serialize};

/// So many a second on average, and so many at once after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Sustained rate, per second.
    pub per_second: NonZeroU32,
    /// Most at once.
    pub burst: NonZeroU32,
}

/// The rates of all limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rates {
    /// Requests and socket openings of one member.
    pub requests_per_member: Rate,
    /// Requests and socket openings of one address (IPv6: of one /64 network).
    pub requests_per_address: Rate,
    /// Refused credentials of one address.
    pub refused_credentials_per_address: Rate,
}

/// A limit that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "over the limit {name}: {} a second, {} at once; try again in {} ms",
    rate.per_second, rate.burst, retry_after.as_millis()
)]
pub struct Exceeded {
    /// The limit's name, as in the configuration.
    pub name: &'static str,
    /// The limit's value.
    pub rate: Rate,
    /// When the next one will be let through.
    pub retry_after: Duration,
}

/// Counts per member and per address.
#[derive(Debug)]
pub struct RateLimits {
    members: Limit<MemberId>,
    addresses: Limit<IpAddr>,
    refusals: Limit<IpAddr>,
}

#[derive(Debug)]
struct Limit<K: Hash + Eq + Clone> {
    name: &'static str,
    rate: Rate,
    counts: DefaultKeyedRateLimiter<K>,
    clock: DefaultClock,
}

impl RateLimits {
    /// Starts counting.
    #[must_use]
    pub fn new(rates: &Rates) -> Self {
        Self {
            members: Limit::new("requests_per_member", rates.requests_per_member),
            addresses: Limit::new("requests_per_address", rates.requests_per_address),
            refusals: Limit::new(
                "refused_credentials_per_address",
                rates.refused_credentials_per_address,
            ),
        }
    }

    /// Counts a request or socket of `member`.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn member(&self, member: &MemberId) -> Result<(), Exceeded> {
        self.members.count(member)
    }

    /// Counts a request or socket from `address`.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn address(&self, address: IpAddr) -> Result<(), Exceeded> {
        self.addresses.count(&network(address))
    }

    /// Counts a credential from `address` that was refused.
    ///
    /// # Errors
    /// When it is one too many.
    pub fn refused(&self, address: IpAddr) -> Result<(), Exceeded> {
        self.refusals.count(&network(address))
    }

    /// Forgets who has been quiet for long, so that the counts stay small.
    pub fn forget_the_quiet(&self) {
        self.members.forget_the_quiet();
        self.addresses.forget_the_quiet();
        self.refusals.forget_the_quiet();
    }
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(name: &'static str, rate: Rate) -> Self {
        let quota = governor::Quota::per_second(rate.per_second).allow_burst(rate.burst);
        let counts = RateLimiter::keyed(quota);
        Self {
            name,
            rate,
            counts,
            clock: DefaultClock::default(),
        }
    }

    fn count(&self, key: &K) -> Result<(), Exceeded> {
        self.counts.check_key(key).map_err(|until| {
            metrics::counter!("penhold_rate_limited_total", "limit" => self.name).increment(1);
            let retry_after = until.wait_time_from(self.clock.now());
            Exceeded {
                name: self.name,
                rate: self.rate,
                retry_after,
            }
        })
    }

    fn forget_the_quiet(&self) {
        self.counts.retain_recent();
        self.counts.shrink_to_fit();
    }
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            requests_per_member: Rate::of(200, 2_000),
            requests_per_address: Rate::of(1_000, 10_000),
            refused_credentials_per_address: Rate::of(5, 100),
        }
    }
}

impl Rate {
    const fn of(per_second: u32, burst: u32) -> Self {
        Self {
            per_second: NonZeroU32::new(per_second).expect("a rate is not zero"),
            burst: NonZeroU32::new(burst).expect("a burst is not zero"),
        }
    }
}

/// Whoever has an IPv6 address has a /64 network of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into()
        }
    }
}
