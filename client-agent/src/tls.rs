//! Encryption of connections to `https://` servers, checked against the Mozilla roots.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use tokio_tungstenite::Connector;

/// A connector that brings its own cryptography, so that no process-wide choice is needed.
pub(crate) fn connector() -> Connector {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("the provider knows the protocol versions it comes with")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Connector::Rustls(Arc::new(config))
}
