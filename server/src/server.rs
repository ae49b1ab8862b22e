//! One server from start to drained end.

use std::{future::IntoFuture as _, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, routing::get, serve::ListenerExt as _};
use tokio::{net::TcpListener, task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    auth::Authority,
    config::Config,
    health,
    http::{App, ops, router},
    store::Store,
    telemetry,
};

/// How long requests that are under way may take to end.
const DRAIN_MAX: Duration = Duration::from_secs(10);
/// How long sockets may take to send their goodbye.
const GOODBYE_MAX: Duration = Duration::from_secs(3);
/// How often the counts of those who have been quiet are dropped, and the metrics kept up.
const UPKEEP: Duration = Duration::from_secs(10);
/// How often handoff health is measured.
const MEASURE: Duration = Duration::from_secs(30);

/// Serves until `shutdown`, then stops accepting, closes the sockets with 1012, saves every room
/// and returns when all is on disk. The store stays open: its owner closes it. `ready` is called
/// when whoever asks is answered at once.
///
/// # Errors
/// When the configuration cannot be served, a listener fails or `ready` does.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    store: Arc<dyn Store>,
    authority: Authority,
    shutdown: CancellationToken,
    ready: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    telemetry::metrics();
    let metrics =
        match config.metrics_listen {
            Some(address) => Some(TcpListener::bind(address).await.map_err(|error| {
                anyhow::anyhow!("cannot listen on {address} for metrics: {error}")
            })?),
            None => None,
        };
    let app = App::new(config, store, authority.clone())?;
    let routes = router(&app);
    ready()?;
    let stopping = app.stopping.clone();
    let mut helpers = JoinSet::new();
    let stop = stopping.clone();
    helpers.spawn(async move { authority.follow_registry(stop).await });
    helpers.spawn(keep_up(app.clone()));
    helpers.spawn(keep_time(app.clone()));
    helpers.spawn(keep_measuring(app.clone()));
    if let Some(listener) = metrics {
        let routes = Router::new().route("/metrics", get(ops::metrics));
        let serving = axum::serve(listener, routes);
        let stop = stopping.clone();
        helpers.spawn(async move {
            if let Some(Err(error)) = stop.run_until_cancelled(serving.into_future()).await {
                tracing::error!(%error, "metrics are no longer served");
            }
        });
    }
    let served = accept(&app, routes, listener, shutdown).await;
    stopping.cancel();
    while helpers.join_next().await.is_some() {}
    Ok(served?)
}

/// Accepts until `shutdown`, then drains requests and rooms side by side.
async fn accept(
    app: &App,
    routes: Router,
    listener: TcpListener,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection cannot send without delay");
        }
    });
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service)
        .with_graceful_shutdown(shutdown.clone().cancelled_owned())
        .into_future();
    tokio::pin!(serving);
    tokio::select! {
        biased;
        // At a shutdown, serving may end in the same moment; the rooms are still to be drained.
        () = shutdown.cancelled() => {}
        served = &mut serving => return served,
    }
    tracing::info!("shutting down");
    app.stopping.cancel();
    let (served, ()) = tokio::join!(timeout(DRAIN_MAX, serving), app.rooms.shutdown());
    if timeout(GOODBYE_MAX, sockets_closed(app)).await.is_err() {
        tracing::warn!(
            open = app.sockets.open(),
            "some sockets did not close in time"
        );
    }
    served.unwrap_or_else(|_| {
        tracing::warn!("some requests did not end in time and were cut");
        Ok(())
    })
}

/// Returns when every socket has sent its goodbye.
async fn sockets_closed(app: &App) {
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while app.sockets.open() > 0 {
        looks.tick().await;
    }
}

/// Learns what is pending in all workspaces, then lets time pass in them.
async fn keep_time(app: App) {
    let time = async {
        if let Err(error) = app.rooms.board().fill(&*app.store).await {
            tracing::error!(%error, "what is pending in sleeping workspaces is not known");
        }
        app.rooms.keep_time().await;
    };
    app.stopping.run_until_cancelled(time).await;
}

/// Keeps the figures of handoff health among the counts.
async fn keep_measuring(app: App) {
    let mut ticks = tokio::time::interval(MEASURE);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while app
        .stopping
        .run_until_cancelled(ticks.tick())
        .await
        .is_some()
    {
        if let Err(error) = health::measure(&app).await {
            tracing::warn!(%error, "handoff health is not known");
        }
    }
}

async fn keep_up(app: App) {
    let mut ticks = tokio::time::interval(UPKEEP);
    while app
        .stopping
        .run_until_cancelled(ticks.tick())
        .await
        .is_some()
    {
        app.rates.forget_the_quiet();
        telemetry::metrics().run_upkeep();
    }
}
