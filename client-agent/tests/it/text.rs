//! What tests say often.

use std::{future::Future, time::Duration};

use penhold_agent::{Config, Link, Peer, Status};

use crate::fake_server::FakeServer;

pub(crate) fn config(server: &FakeServer) -> Config {
    Config::new(&server.url(), "launch", "secret-token").unwrap()
}

pub(crate) async fn connected(server: &FakeServer, name: &str) -> Peer {
    let peer = Peer::connect(config(server).named(name));
    soon(peer.synced()).await.unwrap();
    peer
}

/// What takes longer than this never comes.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .expect("did not happen in time")
}

pub(crate) async fn until(peer: &Peer, wanted: impl FnMut(&Status) -> bool) -> Status {
    soon(peer.status().wait_for(wanted)).await.unwrap().clone()
}

pub(crate) fn is_offline(status: &Status) -> bool {
    matches!(status.link, Link::Offline(_))
}
