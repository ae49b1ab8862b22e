//! When an agent should ask a person: thresholds, signals, a verdict, and calibration of how sure
//! agents say they are by how often people found them right.
//!
//! It knows nothing of documents or owners.

mod calibration;
mod thresholds;

pub use self::{
    calibration::{Calibration, SAMPLES_MIN, Sample},
    thresholds::{Advice, Domain, Sentiment, Signals, Thresholds},
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The share of agents' items that should reach people.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Band {
    /// Below this, agents ask too seldom.
    pub low: f64,
    /// Above this, agents ask too often.
    pub high: f64,
    /// Above this, something is wrong.
    pub warn: f64,
}

impl Default for Band {
    fn default() -> Self {
        Self {
            low: 0.10,
            high: 0.15,
            warn: 0.20,
        }
    }
}

/// How a rate lies to its band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// There is nothing to measure yet.
    NoData,
    /// Agents ask seldom.
    Below,
    /// As it should be.
    Within,
    /// Agents ask often.
    Above,
    /// Agents ask so often that something is wrong.
    Warn,
}

impl Band {
    /// How `rate` lies to this band.
    #[must_use]
    pub fn read(&self, rate: Option<f64>) -> Reading {
        match rate {
            None => Reading::NoData,
            Some(rate) if rate > self.warn => Reading::Warn,
            Some(rate) if rate > self.high => Reading::Above,
            Some(rate) if rate < self.low => Reading::Below,
            Some(_) => Reading::Within,
        }
    }

    /// Whether the numbers are shares in rising order.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        0.0 <= self.low && self.low <= self.high && self.high <= self.warn && self.warn <= 1.0
    }
}
