//! Signals, the thresholds of a domain, and the verdict.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::calibration::{Calibration, Sample};
use crate::ownership::Trigger;
pub use crate::schema::words::Sentiment;

/// What an agent notices about its own work. What is absent says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Signals {
    /// How sure it is, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<f64>,
    /// How often somebody has asked for the same thing again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeats: Option<u32>,
    /// The tone of the people involved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<Sentiment>,
    /// Whether somebody asked for a person.
    pub explicit_request: bool,
    /// How intricate the work is, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub complexity: Option<f64>,
    /// How much depends on it, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stakes: Option<f64>,
}

/// A kind of work with usual thresholds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// Anything.
    #[default]
    General,
    /// Drafts and notes, where a mistake costs little.
    Drafting,
    /// Research, where a wrong claim spreads.
    Research,
    /// Changes to running systems.
    Operations,
    /// Money, law, health.
    Regulated,
}

/// Where an agent's reason to ask becomes a must.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Least confidence that goes without asking, from 0 to 1.
    pub confidence_min: f64,
    /// Most repetitions that go without asking.
    pub repeats_max: u32,
    /// Most complexity that goes without asking, from 0 to 1.
    pub complexity_max: f64,
    /// Most stakes that go without asking, from 0 to 1.
    pub stakes_max: f64,
    /// When set, confidence counts by how often people found it justified: the share of an
    /// agent's work that may be wrong without anybody having been asked, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub miss_max: Option<f64>,
}

/// Whether to ask a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Nothing speaks for it.
    GoOn,
    /// Ask, and say why.
    Ask(Trigger),
}

impl Domain {
    /// The thresholds that are usual there.
    #[must_use]
    pub fn thresholds(self) -> Thresholds {
        let (confidence_min, repeats_max, complexity_max, stakes_max) = match self {
            Self::General => (0.7, 2, 0.8, 0.7),
            Self::Drafting => (0.5, 3, 0.9, 0.8),
            Self::Research => (0.75, 2, 0.8, 0.7),
            Self::Operations => (0.85, 1, 0.7, 0.5),
            Self::Regulated => (0.95, 1, 0.6, 0.3),
        };
        Thresholds {
            confidence_min,
            repeats_max,
            complexity_max,
            stakes_max,
            miss_max: None,
        }
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Domain::General.thresholds()
    }
}

impl Thresholds {
    /// Whether a person must be asked. `samples` are earlier confidences that people judged; they
    /// bear on confidence alone, so stakes and explicit requests are never trained away.
    #[must_use]
    pub fn advise(&self, signals: &Signals, samples: &[Sample]) -> Advice {
        let checks = [
            (signals.explicit_request, Trigger::ExplicitRequest),
            (exceeds(signals.stakes, self.stakes_max), Trigger::Stakes),
            (
                signals.sentiment == Some(Sentiment::Frustrated),
                Trigger::Sentiment,
            ),
            (
                signals
                    .repeats
                    .is_some_and(|found| found > self.repeats_max),
                Trigger::Loop,
            ),
            (
                exceeds(signals.complexity, self.complexity_max),
                Trigger::Complexity,
            ),
            (
                signals
                    .confidence
                    .is_some_and(|found| !self.trusts(found, samples)),
                Trigger::Confidence,
            ),
        ];
        checks
            .into_iter()
            .find_map(|(must, trigger)| must.then_some(Advice::Ask(trigger)))
            .unwrap_or(Advice::GoOn)
    }

    fn trusts(&self, confidence: f64, samples: &[Sample]) -> bool {
        match self.miss_max {
            None => confidence >= self.confidence_min,
            Some(miss_max) => Calibration::fit(samples, miss_max)
                .is_some_and(|calibration| calibration.trusts(confidence)),
        }
    }

    /// Whether every number lies where it may.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        [
            Some(self.confidence_min),
            Some(self.complexity_max),
            Some(self.stakes_max),
            self.miss_max,
        ]
        .into_iter()
        .flatten()
        .all(|number| (0.0..=1.0).contains(&number))
    }
}

impl Signals {
    /// Whether every number lies where it may.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        [self.confidence, self.complexity, self.stakes]
            .into_iter()
            .flatten()
            .all(|number| (0.0..=1.0).contains(&number))
    }
}

/// Whether a number is above its bound; one that is no number is.
fn exceeds(found: Option<f64>, max: f64) -> bool {
    found.is_some_and(|found| found > max || found.is_nan())
}
