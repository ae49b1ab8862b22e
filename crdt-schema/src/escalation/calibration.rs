//! How much an agent's confidence is worth, learnt from people's judgements.
//!
//! Half of the judgements fit one temperature (Guo et al., "On calibration of modern neural
//! networks", 2017); the other half sets the least confidence that goes without asking, by
//! split conformal risk control (Angelopoulos et al., "Conformal risk control", 2022).

/// Fewest judgements from which anything is learnt; with fewer, people are always asked.
pub const SAMPLES_MIN: usize = 40;

/// One confidence that a person judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// How sure the agent was, from 0 to 1.
    pub confidence: f64,
    /// Whether it was right.
    pub right: bool,
}

/// What was learnt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    temperature: f64,
    /// Least calibrated confidence that goes without asking; above 1 when none does.
    threshold: f64,
}

impl Calibration {
    /// Learns from judgements. At most the share `miss_max` of an agent's work is expected to be
    /// wrong without anybody having been asked, as long as work is like what was judged.
    /// `None` when there are too few judgements to say anything.
    #[must_use]
    pub fn fit(samples: &[Sample], miss_max: f64) -> Option<Self> {
        if samples.len() < SAMPLES_MIN {
            return None;
        }
        let half = |keep| {
            let odd = move |at: &usize| at % 2 == keep;
            let at = (0..samples.len()).filter(odd);
            at.map(|at| samples[at]).collect::<Vec<_>>()
        };
        let temperature = temperature(&half(0));
        Some(Self {
            temperature,
            threshold: threshold(&half(1), temperature, miss_max),
        })
    }

    /// How often an agent that says `confidence` is right, from 0 to 1.
    #[must_use]
    pub fn confidence(&self, confidence: f64) -> f64 {
        scale(confidence, self.temperature)
    }

    /// Whether that is enough to go on without asking.
    #[must_use]
    pub fn trusts(&self, confidence: f64) -> bool {
        self.confidence(confidence) >= self.threshold
    }
}

/// The temperature with the least negative log-likelihood, among steps of a tenth of an octave
/// from 1/8 to 8.
fn temperature(samples: &[Sample]) -> f64 {
    let loss = |temperature: f64| -> f64 {
        let each = samples.iter().map(|sample| {
            let sure = scale(sample.confidence, temperature);
            -(if sample.right { sure } else { 1.0 - sure })
                .max(f64::MIN_POSITIVE)
                .ln()
        });
        each.sum()
    };
    let candidates = (-30..=30).map(|step| 2_f64.powf(f64::from(step) / 10.0));
    candidates
        .min_by(|a, b| loss(*a).total_cmp(&loss(*b)))
        .unwrap_or(1.0)
}

/// The least confidence at which `(wrong and trusted + 1) / (n + 1)` is at most `miss_max`.
fn threshold(samples: &[Sample], temperature: f64, miss_max: f64) -> f64 {
    let mut wrong: Vec<f64> = samples
        .iter()
        .filter(|sample| !sample.right)
        .map(|sample| scale(sample.confidence, temperature))
        .collect();
    wrong.sort_by(|a, b| b.total_cmp(a));
    let allowed = miss_max * (samples.len() + 1) as f64 - 1.0;
    if allowed < 0.0 {
        return f64::INFINITY;
    }
    // As many of the surest mistakes as allowed may lie at or above the threshold.
    match wrong.get(allowed as usize) {
        Some(surest_not_allowed) => surest_not_allowed.next_up(),
        None => 0.0,
    }
}

fn scale(confidence: f64, temperature: f64) -> f64 {
    let sure = confidence.clamp(1e-6, 1.0 - 1e-6);
    let logit = (sure / (1.0 - sure)).ln() / temperature;
    1.0 / (1.0 + (-logit).exp())
}
