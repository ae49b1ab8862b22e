//! ESC: when an agent should ask a person.

use crdt_schema::{
    escalation::{
        Advice, Calibration, Domain, SAMPLES_MIN, Sample, Sentiment, Signals, Thresholds,
    },
    ownership::Trigger,
};
use proptest::prelude::*;
use rand::{Rng, SeedableRng, rngs::StdRng};

fn sure(confidence: f64) -> Signals {
    Signals {
        confidence: Some(confidence),
        ..Signals::default()
    }
}

/// Judgements of an agent that says `claimed` and is right as often as `right` of it.
fn judged(count: usize, seed: u64, right: impl Fn(f64) -> f64) -> Vec<Sample> {
    let mut rng = StdRng::seed_from_u64(seed);
    let sample = |_| {
        let confidence = rng.random_range(0.5..1.0);
        Sample {
            confidence,
            right: rng.random_bool(right(confidence)),
        }
    };
    (0..count).map(sample).collect()
}

proptest! {
    #[test]
    fn esc1_stakes_and_explicit_requests_are_never_trained_away(
        confidence in 0.0..=1.0,
        stakes in 0.0..=1.0,
        explicit_request: bool,
        count in 0usize..200,
        miss_max in prop::option::of(0.0..=1.0),
    ) {
        // As good as an agent can have been judged.
        let samples = vec![Sample { confidence, right: true }; count];
        let thresholds = Thresholds { miss_max, ..Domain::General.thresholds() };
        let signals = Signals {
            stakes: Some(stakes),
            explicit_request,
            ..sure(confidence)
        };
        let advice = thresholds.advise(&signals, &samples);
        if explicit_request {
            prop_assert_eq!(advice, Advice::Ask(Trigger::ExplicitRequest));
        } else if stakes > thresholds.stakes_max {
            prop_assert_eq!(advice, Advice::Ask(Trigger::Stakes));
        }
    }

    #[test]
    fn esc2_with_too_few_judgements_people_are_asked(
        confidence in 0.0..=1.0,
        count in 0..SAMPLES_MIN,
    ) {
        let samples = vec![Sample { confidence: 0.9, right: true }; count];
        let thresholds = Thresholds { miss_max: Some(0.5), ..Thresholds::default() };
        let advice = thresholds.advise(&sure(confidence), &samples);
        prop_assert_eq!(advice, Advice::Ask(Trigger::Confidence));
    }

    #[test]
    fn esc3_more_confidence_never_leads_to_more_asking(
        seed: u64,
        (a, b) in (0.0..=1.0, 0.0..=1.0),
        miss_max in 0.0..=1.0,
    ) {
        let samples = judged(100, seed, |confidence| confidence);
        let calibration = Calibration::fit(&samples, miss_max).unwrap();
        let (less, more) = if a < b { (a, b) } else { (b, a) };
        prop_assert!(!calibration.trusts(less) || calibration.trusts(more));
        prop_assert!(calibration.confidence(less) <= calibration.confidence(more));
    }
}

#[test]
fn esc3_on_average_no_more_than_the_allowed_share_goes_wrong_unasked() {
    let boastful = |confidence: f64| confidence * 0.8;
    for miss_max in [0.05, 0.1, 0.2] {
        let mut missed = 0.0;
        for seed in 0..200 {
            let calibration = Calibration::fit(&judged(120, seed, boastful), miss_max).unwrap();
            let fresh = judged(200, seed + 1_000, boastful);
            let wrong = fresh
                .iter()
                .filter(|sample| !sample.right && calibration.trusts(sample.confidence));
            missed += wrong.count() as f64 / 200.0 / 200.0;
        }
        assert!(missed <= miss_max + 0.01, "{missed} over {miss_max}");
        assert!(
            missed >= miss_max - 0.04,
            "{missed}: asks more than it has to"
        );
    }
}

#[test]
fn esc3_an_agent_that_boasts_is_believed_less_than_it_says() {
    let samples = judged(400, 1, |confidence| 0.5 + (confidence - 0.5) / 2.0);
    let calibration = Calibration::fit(&samples, 0.1).unwrap();
    let believed = calibration.confidence(0.95);
    assert!((0.6..0.9).contains(&believed), "{believed}");
}

#[test]
fn esc4_each_signal_past_its_threshold_asks_and_says_why() {
    let signals = Signals::default();
    let cases = [
        (
            Signals {
                stakes: Some(0.71),
                ..signals
            },
            Trigger::Stakes,
        ),
        (
            Signals {
                explicit_request: true,
                ..signals
            },
            Trigger::ExplicitRequest,
        ),
        (
            Signals {
                repeats: Some(3),
                ..signals
            },
            Trigger::Loop,
        ),
        (
            Signals {
                complexity: Some(0.9),
                ..signals
            },
            Trigger::Complexity,
        ),
        (
            Signals {
                sentiment: Some(Sentiment::Frustrated),
                ..signals
            },
            Trigger::Sentiment,
        ),
        (sure(0.69), Trigger::Confidence),
    ];
    let general = Domain::General.thresholds();
    for (signals, trigger) in cases {
        assert_eq!(general.advise(&signals, &[]), Advice::Ask(trigger));
    }
    assert_eq!(general.advise(&signals, &[]), Advice::GoOn);
    assert_eq!(general.advise(&sure(0.7), &[]), Advice::GoOn);
    let regulated = Domain::Regulated.thresholds();
    assert_eq!(
        regulated.advise(&sure(0.9), &[]),
        Advice::Ask(Trigger::Confidence)
    );
}
