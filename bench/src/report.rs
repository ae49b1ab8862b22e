//! What was measured, against what it should be: a table for people, JSON for programs.

use std::{fs, io::Write as _, path::Path, time::Duration};

use hdrhistogram::Histogram;
use serde::Serialize;

/// Latencies in microseconds.
pub(crate) type Latencies = Histogram<u64>;

/// One measured value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Measurement {
    scenario: &'static str,
    metric: String,
    value: f64,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Target>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
}

/// What a value should be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
    Under(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Verdict {
    Ok,
    Miss,
}

/// Everything that one run measured.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// When it began, in UTC.
    date: String,
    /// The measured program.
    server: String,
    /// Whether the run was a shortened one.
    quick: bool,
    /// CPUs of the machine, shared by server and generator.
    cpus: usize,
    measurements: Vec<Measurement>,
}

/// Measurements of one scenario.
#[derive(Debug)]
pub(crate) struct Sheet {
    scenario: &'static str,
    rows: Vec<Measurement>,
}

impl Sheet {
    /// An empty sheet.
    pub(crate) fn of(scenario: &'static str) -> Self {
        let rows = Vec::new();
        Self { scenario, rows }
    }

    /// Notes a value that has a target.
    pub(crate) fn judge(
        &mut self,
        metric: impl Into<String>,
        (value, unit): (f64, &'static str),
        target: Target,
    ) {
        self.row(metric.into(), value, unit, Some(target));
    }

    /// Notes a value without a target.
    pub(crate) fn note(&mut self, metric: impl Into<String>, (value, unit): (f64, &'static str)) {
        self.row(metric.into(), value, unit, None);
    }

    /// Everything that was noted.
    pub(crate) fn rows(self) -> Vec<Measurement> {
        self.rows
    }

    fn row(&mut self, metric: String, value: f64, unit: &'static str, target: Option<Target>) {
        let scenario = self.scenario;
        let verdict = target.map(|target| target.judge(value));
        self.rows.push(Measurement {
            scenario,
            metric,
            value,
            unit,
            target,
            verdict,
        });
    }
}

impl Target {
    fn judge(self, value: f64) -> Verdict {
        let is_met = match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
            Self::Under(bound) => value < bound,
        };
        if is_met { Verdict::Ok } else { Verdict::Miss }
    }

    fn text(self) -> String {
        match self {
            Self::AtLeast(bound) => format!("≥ {}", number(bound)),
            Self::AtMost(bound) => format!("≤ {}", number(bound)),
            Self::Under(bound) => format!("< {}", number(bound)),
        }
    }
}

impl Report {
    /// An empty report on `server`, begun now.
    pub(crate) fn new(server: &Path, quick: bool) -> Self {
        let now = jiff::Timestamp::now();
        Self {
            date: now.strftime("%Y-%m-%dT%H-%M-%SZ").to_string(),
            server: server.display().to_string(),
            quick,
            cpus: std::thread::available_parallelism().map_or(1, usize::from),
            measurements: Vec::new(),
        }
    }

    /// Adds a scenario's rows.
    pub(crate) fn add(&mut self, rows: Vec<Measurement>) {
        self.measurements.extend(rows);
    }

    /// Writes the table of `rows`, with its head if they are the first.
    pub(crate) fn print(rows: &[Measurement], head: Head) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        let line = |cells: [&str; 5]| {
            let [scenario, metric, measured, target, verdict] = cells;
            format!("{scenario:<11} {metric:<46} {measured:>16} {target:>10}  {verdict}")
        };
        if head == Head::Shown {
            let titles = ["scenario", "metric", "measured", "target", "verdict"];
            writeln!(out, "{}\n{}", line(titles), "-".repeat(96))?;
        }
        for row in rows {
            let measured = format!("{} {}", number(row.value), row.unit);
            let target = row.target.map(Target::text).unwrap_or_default();
            let verdict = match row.verdict {
                Some(Verdict::Ok) => "ok",
                Some(Verdict::Miss) => "MISS",
                None => "",
            };
            let cells = [row.scenario, &row.metric, measured.trim(), &target, verdict];
            writeln!(out, "{}", line(cells).trim_end())?;
        }
        out.flush()
    }

    /// Writes the report as `DATE.json` and `latest.json` into `dir`.
    pub(crate) fn save(&self, dir: &Path) -> anyhow::Result<()> {
        let json = serde_json::to_vec_pretty(self)?;
        fs::create_dir_all(dir)?;
        for name in [self.date.as_str(), "latest"] {
            fs::write(dir.join(format!("{name}.json")), &json)?;
        }
        Ok(())
    }
}

/// Whether the table's head is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    Shown,
    Left,
}

/// An empty histogram of latencies up to ten minutes, exact to one in a hundred.
pub(crate) fn latencies() -> Latencies {
    Histogram::new_with_bounds(1, 600_000_000, 2).expect("the bounds are in order")
}

/// Notes one latency.
pub(crate) fn note_latency(into: &mut Latencies, latency: Duration) {
    into.saturating_record(u64::try_from(latency.as_micros()).unwrap_or(u64::MAX));
}

/// The latency below which `quantile` (0 to 1) of all lie, in milliseconds.
pub(crate) fn quantile_ms(latencies: &Latencies, quantile: f64) -> (f64, &'static str) {
    (latencies.value_at_quantile(quantile) as f64 / 1000.0, "ms")
}

/// The middle of `values`.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// `value` in milliseconds.
pub(crate) fn ms(value: Duration) -> f64 {
    value.as_secs_f64() * 1000.0
}

/// Three digits that matter, with spaces between thousands.
fn number(value: f64) -> String {
    let size = value.abs();
    if size >= 1000.0 {
        return thousands(value);
    }
    let digits = match size {
        _ if size >= 100.0 || value.fract() == 0.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 1.0 => 2,
        _ => 3,
    };
    format!("{value:.digits$}")
}

fn thousands(value: f64) -> String {
    let plain = format!("{value:.0}");
    let mut spaced = String::new();
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) && !spaced.ends_with('-') {
            spaced.push(' ');
        }
        spaced.push(digit);
    }
    spaced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_readable() {
        let shown = [0.1234, 1.5, 12.34, 999.4, 1234567.0, -1234.0, 50.0].map(number);
        assert_eq!(
            shown,
            ["0.123", "1.50", "12.3", "999", "1 234 567", "-1 234", "50"]
        );
    }

    #[test]
    fn targets_judge_on_the_right_side() {
        assert_eq!(Target::AtLeast(2.0).judge(2.0), Verdict::Ok);
        assert_eq!(Target::AtMost(2.0).judge(2.1), Verdict::Miss);
        assert_eq!(Target::Under(2.0).judge(2.0), Verdict::Miss);
    }
}
