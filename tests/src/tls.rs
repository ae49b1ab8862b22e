//! A proxy that ends TLS, as operators put one in front of a server.

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context as _, Result};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
use tempfile::TempDir;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// Passes on what comes over TLS until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    url: String,
    certificate: PathBuf,
    _folder: TempDir,
    serving: JoinHandle<()>,
}

impl Proxy {
    /// Listens on a free port, in front of the server at `address`.
    ///
    /// # Errors
    /// When there is no port, or no certificate can be made.
    pub async fn before(address: &str) -> Result<Self> {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".into()])?;
        let folder = TempDir::with_prefix("penhold-test-")?;
        let certificate = folder.path().join("certificate.pem");
        std::fs::write(&certificate, cert.pem())?;
        let key =
            PrivateKeyDer::try_from(signing_key.serialize_der()).map_err(anyhow::Error::msg)?;
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.into()], key)?;
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Self {
            url: format!("https://localhost:{port}"),
            certificate,
            _folder: folder,
            serving: tokio::spawn(serve(listener, acceptor, address.to_owned())),
        })
    }

    /// Where clients find it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The file with the certificate that clients are to trust.
    #[must_use]
    pub const fn certificate(&self) -> &PathBuf {
        &self.certificate
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, address: String) {
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, address) = (acceptor.clone(), address.clone());
        // A client that does not trust the certificate goes; that is its own affair.
        tokio::spawn(async move { pass_on(stream, acceptor, &address).await.ok() });
    }
}

async fn pass_on(stream: TcpStream, acceptor: TlsAcceptor, address: &str) -> Result<()> {
    let mut client = acceptor.accept(stream).await?;
    let mut server = TcpStream::connect(address)
        .await
        .context("the server is there")?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
