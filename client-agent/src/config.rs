//! Where a peer connects, and as whom.

use std::fmt;

use crdt_schema::ids::{BadId, WorkspaceId};
use sync_protocol::ext;
use tokio_tungstenite::tungstenite::{
    client::IntoClientRequest,
    handshake::client::Request,
    http::{HeaderValue, header::AUTHORIZATION},
};
use url::Url;

/// Which workspace of which server, and as whom: for a [`Peer`](crate::Peer) and a
/// [`Client`](crate::Client) alike.
#[derive(Clone)]
pub struct Config {
    server: Url,
    socket: Url,
    workspace: WorkspaceId,
    bearer: HeaderValue,
    pub(crate) name: Option<String>,
}

/// Why a configuration cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The server's address is not one.
    #[error("{url:?} is not the address of a server: use http://HOST:PORT or https://HOST")]
    Url {
        /// The rejected address.
        url: String,
    },
    /// The workspace's id is not one.
    #[error(transparent)]
    Workspace(#[from] BadId),
    /// The token holds characters that no token has.
    #[error("the token holds characters that no token has")]
    Token,
}

impl Config {
    /// A peer of `workspace` on the server at `url` (`http://` or `https://`), under the member
    /// that `token` stands for. The token travels in a header, never in the address.
    ///
    /// # Errors
    /// When one of them cannot be what it should be; nothing is looked up.
    pub fn new(url: &str, workspace: &str, token: &str) -> Result<Self, ConfigError> {
        let workspace: WorkspaceId = workspace.parse()?;
        let bad = || ConfigError::Url {
            url: url.to_owned(),
        };
        let server = server_url(url).ok_or_else(bad)?;
        let socket = socket_url(&server, &workspace).ok_or_else(bad)?;
        let bearer = HeaderValue::from_str(&format!("Bearer {}", token.trim()));
        let mut bearer = bearer.map_err(|_| ConfigError::Token)?;
        bearer.set_sensitive(true);
        Ok(Self {
            server,
            socket,
            workspace,
            bearer,
            name: None,
        })
    }

    /// The name to show to others, where the server does not know a better one.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The workspace.
    #[must_use]
    pub fn workspace(&self) -> &WorkspaceId {
        &self.workspace
    }

    /// The same server and member, another workspace.
    #[must_use]
    pub fn in_workspace(&self, workspace: WorkspaceId) -> Self {
        let socket = socket_url(&self.server, &workspace);
        Self {
            socket: socket.expect("the server's address bears one workspace as well as another"),
            workspace,
            ..self.clone()
        }
    }

    /// The server's address: `http` or `https`, no query, no slash at its end.
    pub(crate) fn server(&self) -> &Url {
        &self.server
    }

    /// The value of the `Authorization` header; marked as sensitive.
    pub(crate) fn bearer(&self) -> &HeaderValue {
        &self.bearer
    }

    pub(crate) fn request(&self) -> Request {
        let request = self.socket.as_str().into_client_request();
        let mut request = request.expect("a WebSocket address was made of a parsed address");
        request
            .headers_mut()
            .insert(AUTHORIZATION, self.bearer.clone());
        request
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("socket", &self.socket.as_str())
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

fn server_url(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    let scheme = match url.scheme() {
        "http" | "ws" => "http",
        "https" | "wss" => "https",
        _ => return None,
    };
    url.set_scheme(scheme).ok()?;
    url.host()?;
    url.set_fragment(None);
    url.set_query(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.path_segments_mut().ok()?.pop_if_empty();
    Some(url)
}

fn socket_url(server: &Url, workspace: &WorkspaceId) -> Option<Url> {
    let mut url = server.clone();
    let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
    url.set_scheme(scheme).ok()?;
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(["sync", workspace.as_str()]);
    let (key, value) = ext::OPT_IN;
    url.query_pairs_mut().append_pair(key, value);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn socket(url: &str) -> Option<String> {
        Config::new(url, "launch", "t")
            .ok()
            .map(|config| config.socket.to_string())
    }

    #[test]
    fn syn_the_socket_is_found_below_the_servers_address() {
        for (url, expected) in [
            (
                "http://127.0.0.1:8787",
                "ws://127.0.0.1:8787/sync/launch?penhold=1",
            ),
            (
                "https://pen.example/",
                "wss://pen.example/sync/launch?penhold=1",
            ),
            (
                "https://pen.example/team?x=1#y",
                "wss://pen.example/team/sync/launch?penhold=1",
            ),
        ] {
            assert_eq!(socket(url).as_deref(), Some(expected));
        }
        assert_eq!(socket("ftp://pen.example"), None);
        assert_eq!(socket("pen.example:80"), None);
    }

    #[test]
    fn auth_the_token_is_in_a_header_and_nowhere_else() {
        let config = Config::new("http://localhost:1", "launch", "s3cret").expect("valid");
        let request = config.request();
        assert_eq!(request.headers()[AUTHORIZATION], "Bearer s3cret");
        assert!(!request.uri().to_string().contains("s3cret"));
        assert!(!format!("{config:?} {request:?}").contains("s3cret"));
    }

    #[test]
    fn auth_what_cannot_be_a_token_or_a_workspace_is_refused_at_once() {
        let token = Config::new("http://localhost:1", "launch", "a\nb");
        assert_eq!(token.err(), Some(ConfigError::Token));
        assert!(matches!(
            Config::new("http://localhost:1", "no/such", "t"),
            Err(ConfigError::Workspace(_))
        ));
    }
}
