//! The WebSocket faces: `/sync/{workspace}` for y-websocket, `/hocuspocus` for Hocuspocus.
//!
//! Invariant: a socket is always accepted and then closed with a code, because clients retry a
//! refused upgrade for ever; and it speaks for one verified access, cut when that ends.
//! Knows frames and rooms; knows nothing about documents.

mod conversation;
mod hocuspocus;
mod pulse;
mod socket;
mod yws;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    extract::{ConnectInfo, Path, Query, State, WebSocketUpgrade},
    http::HeaderMap,
    response::Response,
    routing::get,
};
use serde::Deserialize;
use sync_protocol::close;

pub use self::conversation::UpdateRates;
use self::socket::Socket;
use crate::{
    auth::{Access, Authority, Denied, origin::Origins, rate::RateLimits},
    room::{Goodbye, Rooms},
};

/// Named limits of sockets.
#[derive(Debug, Clone)]
pub struct SocketLimits {
    /// Sockets open at once.
    pub sockets_max: usize,
    /// Longest message, in bytes.
    pub message_bytes_max: usize,
    /// Documents that one Hocuspocus socket may open.
    pub documents_max: usize,
    /// Bytes that may wait on a Hocuspocus socket for authentication, per document.
    pub unauthenticated_bytes_max: usize,
    /// How much one member may write.
    pub rates: UpdateRates,
}

impl Default for SocketLimits {
    fn default() -> Self {
        Self {
            sockets_max: 20_000,
            message_bytes_max: 16 << 20,
            documents_max: 256,
            unauthenticated_bytes_max: 1 << 20,
            rates: UpdateRates::default(),
        }
    }
}

/// What every socket needs. Cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
}

struct Inner {
    rooms: Rooms,
    authority: Authority,
    origins: Origins,
    rates: Arc<RateLimits>,
    limits: SocketLimits,
    writes: conversation::WriteBudget,
    open: AtomicUsize,
}

/// The query parameters of a socket's address. Never logged.
#[derive(Deserialize)]
struct SocketQuery {
    token: Option<String>,
    penhold: Option<String>,
    lineage: Option<String>,
    page: Option<String>,
}

/// Longest name that a page gives itself, in bytes.
const PAGE_BYTES_MAX: usize = 64;

impl Gateway {
    /// Sockets into `rooms`.
    #[must_use]
    pub fn new(
        rooms: Rooms,
        authority: Authority,
        origins: Origins,
        rates: Arc<RateLimits>,
        limits: SocketLimits,
    ) -> Self {
        let writes = conversation::WriteBudget::new(&limits.rates);
        let open = AtomicUsize::new(0);
        Self {
            inner: Arc::new(Inner {
                rooms,
                authority,
                origins,
                rates,
                limits,
                writes,
                open,
            }),
        }
    }

    /// The routes of both faces. The server must provide [`ConnectInfo`].
    pub fn router(self) -> Router {
        Router::new()
            .route("/sync/{workspace}", get(sync))
            .route("/hocuspocus", get(hocuspocus))
            .with_state(self)
    }

    /// Sockets that are open now.
    #[must_use]
    pub fn open(&self) -> usize {
        self.inner.open.load(Ordering::Relaxed)
    }

    fn limit(&self, upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
        // Small buffers keep idle sockets small; large messages grow their own.
        upgrade
            .read_buffer_size(2 << 10)
            .write_buffer_size(2 << 10)
            .max_write_buffer_size(self.inner.limits.message_bytes_max * 2)
            .max_message_size(self.inner.limits.message_bytes_max)
            .max_frame_size(self.inner.limits.message_bytes_max)
    }

    /// Counts a socket from `address`.
    fn admit(&self, address: SocketAddr) -> Result<Place, Goodbye> {
        let sockets_max = self.inner.limits.sockets_max;
        let place = Place::take(self);
        if self.open() > sockets_max {
            return Err(Goodbye::new(
                close::RATE,
                format!("sockets_max is {sockets_max}, and all are in use"),
            ));
        }
        self.inner
            .rates
            .address(address.ip())
            .map_err(|over| Goodbye::new(close::RATE, over.to_string()))?;
        Ok(place)
    }

    fn greet(
        &self,
        access: Result<Access, Denied>,
        address: SocketAddr,
    ) -> Result<Access, Goodbye> {
        let access = access.map_err(|denied| {
            // Over this limit the answer is the same: no.
            self.inner.rates.refused(address.ip()).ok();
            Goodbye::new(close::UNAUTHENTICATED, denied.to_string())
        })?;
        let counted = self.inner.rates.member(&access.member.id);
        counted.map_err(|over| Goodbye::new(close::RATE, over.to_string()))?;
        Ok(access)
    }
}

async fn sync(
    State(gateway): State<Gateway>,
    Path(workspace): Path<String>,
    Query(query): Query<SocketQuery>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let inner = &gateway.inner;
    let access =
        inner
            .authority
            .verify_upgrade(&headers, query.token.as_deref(), &inner.origins, now_ms());
    gateway.limit(upgrade).on_upgrade(move |socket| async move {
        let mut socket = Socket::new(socket);
        let place = match gateway.admit(address) {
            Ok(place) => place,
            Err(goodbye) => return socket.close(&goodbye).await,
        };
        let visit = yws::Visit {
            access: gateway.greet(access, address),
            workspace,
            is_extended: query.penhold.as_deref() == Some(sync_protocol::ext::OPT_IN.1),
            lineage: query.lineage,
            page: query
                .page
                .filter(|page| page.len() <= PAGE_BYTES_MAX)
                .map(Into::into),
        };
        yws::serve(&gateway, &mut socket, visit).await;
        drop(place);
    })
}

async fn hocuspocus(
    State(gateway): State<Gateway>,
    Query(query): Query<SocketQuery>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let inner = &gateway.inner;
    let access =
        inner
            .authority
            .verify_upgrade(&headers, query.token.as_deref(), &inner.origins, now_ms());
    gateway.limit(upgrade).on_upgrade(move |socket| async move {
        let mut socket = Socket::new(socket);
        match gateway.admit(address) {
            Ok(place) => {
                hocuspocus::serve(&gateway, socket, access, address).await;
                drop(place);
            }
            Err(goodbye) => socket.close(&goodbye).await,
        }
    })
}

/// One counted socket; gives its place back when dropped.
struct Place(Gateway);

impl Place {
    fn take(gateway: &Gateway) -> Self {
        let open = gateway.inner.open.fetch_add(1, Ordering::Relaxed) + 1;
        metrics::gauge!("penhold_sockets_open").set(open as f64);
        Self(gateway.clone())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let open = self.0.inner.open.fetch_sub(1, Ordering::Relaxed) - 1;
        metrics::gauge!("penhold_sockets_open").set(open as f64);
    }
}

fn now_ms() -> u64 {
    crate::clock::now_ms()
}
