//! The configuration: defaults, then a TOML file, then `PENHOLD_*`, then flags; validated once.
//!
//! Invariant: a [`Config`] that [`Config::load`] returned is safe to serve with. Nothing in it is
//! a secret, so it may be printed.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};
use serde::{Deserialize, Serialize};

use crate::{
    auth::{
        origin::{BadOrigin, Origins},
        rate::Rates,
    },
    room::RoomConfig,
    ws::{SocketLimits, UpdateRates},
};

/// The file that is read when none is named, if it exists.
pub const FILE: &str = "penhold.toml";

/// Everything that can be configured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address to listen on; port 0 picks one.
    pub listen: SocketAddr,
    /// The data directory.
    pub data: PathBuf,
    /// Whether a proxy that speaks TLS stands in front: cookies are then marked secure, and the
    /// last `X-Forwarded-For` entry is the client's address.
    pub behind_proxy: bool,
    /// The address under which browsers reach this server, if not the one it listens on.
    pub public_url: Option<String>,
    /// Origins whose pages may use this server, besides its own.
    pub allowed_origins: Vec<String>,
    /// Address of a separate listener for `/metrics`; without it the main listener serves them.
    pub metrics_listen: Option<SocketAddr>,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// What is logged, as `level` or `module=level,…`.
    pub log: String,
    /// Limits on requests.
    pub limits: Limits,
    /// Limits on rates of requests and socket openings.
    pub rates: Rates,
    /// Limits on rates of writing.
    pub writes: UpdateRates,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Named limits on requests and sockets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Longest body of a request, in bytes.
    pub body_bytes_max: usize,
    /// Longest body of an import, in bytes.
    pub import_bytes_max: usize,
    /// Largest artifact, in bytes.
    pub artifact_bytes_max: usize,
    /// All artifacts of one workspace, in bytes.
    pub workspace_artifacts_bytes_max: usize,
    /// How long a request may take, in milliseconds.
    pub request_ms_max: u64,
    /// How long a command waits for the edits that its author had seen, in milliseconds.
    pub seen_ms_max: u64,
    /// Sockets that are open at once.
    pub sockets_max: usize,
    /// Longest message on a socket, in bytes.
    pub message_bytes_max: usize,
    /// Workspaces that are open at once.
    pub rooms_max: usize,
    /// How long a workspace without anybody stays open, in milliseconds.
    pub room_idle_ms: u64,
    /// Sessions in one workspace at once.
    pub sessions_per_room_max: usize,
    /// Largest document, in bytes of its encoded state.
    pub document_bytes_max: usize,
}

/// Why there is no usable configuration. The text is one line that says what to change.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value is missing, misspelt or of the wrong type.
    #[error("configuration: {0}")]
    Value(String),
    /// The named file does not exist.
    #[error("configuration: there is no file {}", .0.display())]
    NoFile(PathBuf),
    /// Other machines could listen in.
    #[error(
        "listening on {0} would send tokens and documents over the network in the clear; listen \
         on a loopback address such as 127.0.0.1:8787, or put a proxy with TLS in front and add \
         --behind-proxy"
    )]
    Exposed(SocketAddr),
    /// An allowed origin is not one.
    #[error("configuration: public_url or allowed_origins: {0}")]
    Origin(#[from] BadOrigin),
    /// A limit that would refuse everything.
    #[error("configuration: limits.{0} must be more than 0")]
    Zero(&'static str),
}

impl Config {
    /// Reads `file` (or [`FILE`] if that exists), the environment and `flags`, the latter ones
    /// winning.
    ///
    /// # Errors
    /// With the first thing to be changed.
    pub fn load(file: Option<&Path>, flags: impl Serialize) -> Result<Self, ConfigError> {
        let path = match file {
            Some(path) if !path.is_file() => return Err(ConfigError::NoFile(path.to_owned())),
            Some(path) => path,
            None => Path::new(FILE),
        };
        let config: Self = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(path))
            .merge(environment())
            .merge(Serialized::defaults(flags))
            .extract()
            .map_err(|error| ConfigError::Value(one_line(&error)))?;
        config.validate()?;
        Ok(config)
    }

    /// Where pages may come from.
    ///
    /// # Errors
    /// When an allowed origin is not an origin.
    pub fn origins(&self) -> Result<Origins, BadOrigin> {
        let own = self
            .public_url
            .iter()
            .map(|url| url.trim_end_matches('/').to_owned());
        Origins::parse(
            &own.chain(self.allowed_origins.iter().cloned())
                .collect::<Vec<_>>(),
        )
    }

    /// How rooms are to behave.
    #[must_use]
    pub fn rooms(&self) -> RoomConfig {
        RoomConfig {
            rooms_max: self.limits.rooms_max,
            sessions_max: self.limits.sessions_per_room_max,
            document_bytes_max: self.limits.document_bytes_max,
            idle: Duration::from_millis(self.limits.room_idle_ms),
            seen_wait: Duration::from_millis(self.limits.seen_ms_max),
            ..RoomConfig::default()
        }
    }

    /// How sockets are to behave.
    #[must_use]
    pub fn sockets(&self) -> SocketLimits {
        SocketLimits {
            sockets_max: self.limits.sockets_max,
            message_bytes_max: self.limits.message_bytes_max,
            rates: self.writes,
            ..SocketLimits::default()
        }
    }

    fn validate(&self) -> Result<(), ConfigError> {
        if !self.listen.ip().is_loopback() && !self.behind_proxy {
            return Err(ConfigError::Exposed(self.listen));
        }
        self.origins()?;
        let limits = &self.limits;
        let zero = [
            ("body_bytes_max", limits.body_bytes_max),
            ("import_bytes_max", limits.import_bytes_max),
            ("artifact_bytes_max", limits.artifact_bytes_max),
            ("sockets_max", limits.sockets_max),
            ("message_bytes_max", limits.message_bytes_max),
            ("rooms_max", limits.rooms_max),
            ("sessions_per_room_max", limits.sessions_per_room_max),
            ("document_bytes_max", limits.document_bytes_max),
            (
                "request_ms_max",
                usize::try_from(limits.request_ms_max).unwrap_or(usize::MAX),
            ),
        ];
        zero.iter()
            .find(|(_, value)| *value == 0)
            .map_or(Ok(()), |(name, _)| Err(ConfigError::Zero(name)))
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8787)),
            data: "penhold-data".into(),
            behind_proxy: false,
            public_url: None,
            allowed_origins: Vec::new(),
            metrics_listen: None,
            log_format: LogFormat::Text,
            log: "info".to_owned(),
            limits: Limits::default(),
            rates: Rates::default(),
            writes: UpdateRates::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        let (rooms, sockets) = (RoomConfig::default(), SocketLimits::default());
        Self {
            body_bytes_max: 4 << 20,
            import_bytes_max: 128 << 20,
            artifact_bytes_max: 16 << 20,
            workspace_artifacts_bytes_max: 512 << 20,
            request_ms_max: 30_000,
            seen_ms_max: 5_000,
            sockets_max: sockets.sockets_max,
            message_bytes_max: sockets.message_bytes_max,
            rooms_max: rooms.rooms_max,
            room_idle_ms: 30_000,
            sessions_per_room_max: rooms.sessions_max,
            document_bytes_max: rooms.document_bytes_max,
        }
    }
}

/// `PENHOLD_LISTEN`, `PENHOLD_LIMITS__BODY_BYTES_MAX` and so on. Other names with this prefix are
/// left alone: container platforms put some there themselves.
fn environment() -> Env {
    Env::prefixed("PENHOLD_")
        .filter(|key| {
            let top = key
                .as_str()
                .split("__")
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            OPTIONS.contains(&top.as_str())
        })
        .split("__")
}

/// The fields of [`Config`].
const OPTIONS: [&str; 11] = [
    "listen",
    "data",
    "behind_proxy",
    "public_url",
    "allowed_origins",
    "metrics_listen",
    "log_format",
    "log",
    "limits",
    "rates",
    "writes",
];

fn one_line(error: &figment::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}
