//! What both faces share: what a sync frame means in a room, and how much a member may write.

use bytes::Bytes;
use crdt_schema::ids::MemberId;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;
use sync_protocol::{FrameError, close, state_vector};
use yrs::{StateVector, block::ClientID};

use crate::room::{Goodbye, Incoming};

/// How much one member may write, over all its sockets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UpdateRates {
    /// Update frames per second, sustained; twice that at once.
    pub updates_per_member: NonZeroU32,
    /// Kibibytes of updates per second, sustained; twice that at once.
    pub update_kib_per_member: NonZeroU32,
}

impl Default for UpdateRates {
    fn default() -> Self {
        Self {
            updates_per_member: NonZeroU32::new(100_000).expect("not zero"),
            update_kib_per_member: NonZeroU32::new(32 << 10).expect("not zero"),
        }
    }
}

/// Counts what members write.
pub(super) struct WriteBudget {
    rates: UpdateRates,
    updates: DefaultKeyedRateLimiter<MemberId>,
    kib: DefaultKeyedRateLimiter<MemberId>,
}

impl WriteBudget {
    pub(super) fn new(rates: &UpdateRates) -> Self {
        let keyed = |rate: NonZeroU32| {
            let burst = rate.saturating_mul(NonZeroU32::new(2).expect("not zero"));
            RateLimiter::keyed(Quota::per_second(rate).allow_burst(burst))
        };
        Self {
            rates: *rates,
            updates: keyed(rates.updates_per_member),
            kib: keyed(rates.update_kib_per_member),
        }
    }

    /// Counts what `member` writes.
    pub(super) fn spend(&self, member: &MemberId, frames: &[Incoming]) -> Result<(), Goodbye> {
        let bytes = frames.iter().map(|frame| match frame {
            Incoming::Update(update) | Incoming::Step2(update) => update.len(),
            Incoming::Step1(_) => 0,
        });
        let kib = u32::try_from(bytes.sum::<usize>() >> 10).unwrap_or(u32::MAX);
        let count = u32::try_from(frames.len()).unwrap_or(u32::MAX);
        let over = |name: &str, rate: NonZeroU32| {
            Goodbye::new(
                close::RATE,
                format!("{name} is {rate} a second; write less at once"),
            )
        };
        if !affords(&self.updates, member, count) {
            return Err(over("updates_per_member", self.rates.updates_per_member));
        }
        if !affords(&self.kib, member, kib) {
            return Err(over(
                "update_kib_per_member",
                self.rates.update_kib_per_member,
            ));
        }
        Ok(())
    }
}

fn affords(limiter: &DefaultKeyedRateLimiter<MemberId>, member: &MemberId, count: u32) -> bool {
    NonZeroU32::new(count)
        .is_none_or(|count| matches!(limiter.check_key_n(member, count), Ok(Ok(()))))
}

/// An encoded state vector, as a room wants it.
pub(super) fn step1(payload: &[u8]) -> Result<Incoming, FrameError> {
    let have = state_vector::StateVector::decode(payload)?;
    let clocks = have
        .iter()
        .map(|(client, clock)| (ClientID::new(client), clock));
    Ok(Incoming::Step1(clocks.collect::<StateVector>()))
}

/// The part of `message` that `payload` borrows, without copying it.
pub(super) fn owned(message: &Bytes, payload: &[u8]) -> Bytes {
    message.slice_ref(payload)
}
