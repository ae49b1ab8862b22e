//! A simulated world: members who type, drop out and come back, a network that delays, a store
//! that fails, a server that dies, and time that passes only when something happens. Whatever
//! goes wrong, at the end everybody has everything that was acknowledged.
//!
//! `SIMULATION_SEEDS=20000` tries more worlds, `SIMULATION_SEED=7` tells the story of one.

#![allow(missing_docs, reason = "a test's title says what it holds")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "simulation/disk.rs"]
mod disk;
#[path = "simulation/editor.rs"]
mod editor;
#[path = "simulation/member.rs"]
mod member;
#[path = "simulation/plain.rs"]
mod plain;
#[path = "simulation/rng.rs"]
mod rng;
#[path = "simulation/room.rs"]
mod room;
#[path = "simulation/time.rs"]
mod time;
#[path = "simulation/verdict.rs"]
mod verdict;
#[path = "simulation/world.rs"]
mod world;

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use parking_lot::Mutex;

use self::world::{Trace, World};

/// Seeds that failed once; they run first, always.
const PINNED: [u64; 8] = [22, 30, 104, 177, 732, 2046, 2253, 3321];
const SEEDS: u64 = 1_000;

#[test]
fn syn1_dur1_whatever_goes_wrong_everybody_ends_with_everything_acknowledged() {
    if let Some(seed) = number("SIMULATION_SEED") {
        return live(seed, Trace::On);
    }
    let seeds: Vec<u64> = PINNED
        .into_iter()
        .chain(0..number("SIMULATION_SEEDS").unwrap_or(SEEDS))
        .collect();
    let failures = try_all(&seeds);
    let report: Vec<String> = failures.iter().take(10).map(ToString::to_string).collect();
    assert!(
        failures.is_empty(),
        "{} of {} worlds went wrong; replay one with\n  \
         SIMULATION_SEED={} cargo test -p penhold-tests --test simulation\n{}",
        failures.len(),
        seeds.len(),
        failures[0].seed,
        report.join("\n"),
    );
}

struct Failure {
    seed: u64,
    why: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let why: String = self.why.chars().take(400).collect();
        write!(f, "seed {}: {why}", self.seed)
    }
}

fn try_all(seeds: &[u64]) -> Vec<Failure> {
    let next = AtomicU64::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(&seed) = seeds.get(next.fetch_add(1, Ordering::Relaxed) as usize) {
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| live(seed, Trace::Off))) {
                        let text = panic.downcast_ref::<String>().cloned();
                        let text = text.or(panic.downcast_ref::<&str>().map(ToString::to_string));
                        failures.lock().push(Failure {
                            seed,
                            why: text.unwrap_or_default(),
                        });
                    }
                }
            });
        }
    });
    failures.into_inner()
}

fn live(seed: u64, trace: Trace) {
    let mut world = World::new(seed, trace);
    world.run();
    verdict::check(&mut world);
}

fn number(name: &str) -> Option<u64> {
    let text = env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is a number, not {text:?}")),
    )
}
