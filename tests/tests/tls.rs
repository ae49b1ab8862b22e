//! Headless peers behind a proxy that ends TLS, as the real binary.

#![allow(missing_docs, reason = "a test's title says what it holds")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use penhold_tests::{
    binary::{Grant, Server},
    tls::Proxy,
};
use serde_json::json;
use tokio::process::Command;

struct World {
    server: Server,
    proxy: Proxy,
    token: String,
}

impl World {
    async fn new() -> Self {
        let server = Server::start().await.unwrap();
        server.create("launch", &json!({})).await.unwrap();
        let proxy = Proxy::before(server.address()).await.unwrap();
        let token = server.token(Grant::agent("Bot")).await.unwrap();
        Self {
            server,
            proxy,
            token,
        }
    }

    /// A command of somebody who does not know the certificate.
    fn stranger(&self, command: &str) -> Command {
        let arguments = [command, "--url", self.proxy.url(), "--token", &self.token];
        self.server.command(&arguments).unwrap()
    }

    /// A command of somebody whose system trusts the certificate.
    fn friend(&self, command: &str) -> Command {
        let mut command = self.stranger(command);
        command.env("SSL_CERT_FILE", self.proxy.certificate());
        command
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn agt11_an_agent_works_through_tls() {
    let world = World::new().await;
    let mut demo = world.friend("demo");
    demo.args(["--fast", "--workspace", "launch"]);
    let output = demo.output().await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let document = world.server.document("launch").await.unwrap();
    let steps = document["plan"]["steps"].as_array().unwrap();
    assert!(!steps.is_empty(), "{document}");
}

#[tokio::test(flavor = "multi_thread")]
async fn agt11_a_certificate_that_nobody_vouches_for_is_named() {
    let world = World::new().await;
    for command in ["demo", "mcp"] {
        let output = world.stranger(command).output().await.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{command}");
        assert!(
            said.contains(world.proxy.url()) && said.contains("certificate"),
            "{command}: {said}"
        );
        assert_eq!(said.lines().count(), 1, "{command}: {said}");
    }
}
