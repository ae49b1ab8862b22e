//! Logs and counts of the whole process.

use std::{
    io::{IsTerminal as _, stderr},
    sync::OnceLock,
};

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::{EnvFilter, filter::ParseError, util::SubscriberInitExt as _};

use crate::config::LogFormat;

/// Upper bounds of the buckets for durations, in seconds.
const SECONDS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0,
];

/// A library that writes several lines for each request, and an error for each client that leaves.
/// It is heard when the filter names it.
const TALKATIVE: &str = "rmcp";

/// Starts writing log lines to standard error. Only the first call in a process has an effect.
///
/// # Errors
/// When `filter` is not `level` or `module=level,…`.
pub fn log(filter: &str, format: LogFormat) -> Result<(), ParseError> {
    let filter = if filter.contains(TALKATIVE) {
        EnvFilter::try_new(filter)?
    } else {
        EnvFilter::try_new(format!("{filter},{TALKATIVE}=off"))?
    };
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr);
    let started = match format {
        LogFormat::Text => lines.finish().try_init(),
        LogFormat::Json => lines.json().finish().try_init(),
    };
    if started.is_err() {
        tracing::debug!("log lines are written already");
    }
    Ok(())
}

/// The counts of this process. The first call starts counting.
pub fn metrics() -> &'static PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE.get_or_init(|| {
        let recorder = builder()
            .expect("the buckets are not empty")
            .build_recorder();
        let handle = recorder.handle();
        if metrics::set_global_recorder(recorder).is_err() {
            tracing::warn!("something else counts in this process; /metrics will be empty");
        }
        handle
    })
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
}
