//! What the protocol asks and how it is answered.

use std::{collections::HashMap, sync::Arc};

use axum::http::request::Parts;
use futures_util::{StreamExt as _, stream};
use parking_lot::Mutex;
use rmcp::{
    RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, ErrorData, Extensions, Implementation,
        ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
        ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult,
        ResourceUpdatedNotificationParam, ServerCapabilities, ServerConfig, SubscribeRequestParams,
        SubscriptionFilter, Tool, UnsubscribeRequestParams,
    },
    service::{Peer, RequestContext, SubscriptionContext},
};
use tokio_util::task::AbortOnDropHandle;

use super::{
    api::Api,
    catalogue::Catalogue,
    entrance::Visitor,
    resources::{self, Address},
    watch::Watch,
};
use crate::{clock::now_ms, http::App};

/// Resources that one session, or one listening request, hears about.
const SUBSCRIPTIONS_MAX: usize = 64;

/// What a model is told before it sees the tools.
const INSTRUCTIONS: &str = "\
Penhold is one live document that people and agents write together: a plan with steps, a briefing, \
tasks and notes. Every item has one owner, who holds the pen. What you own, or nobody owns, you \
write directly; elsewhere your writing becomes suggestions.
Start with workspace_list, then context_packet or workspace_read. Write with workspace_edit, small \
and often. When a person has to decide, keep the briefing up to date and use handoff_create or \
approval_ask, then await_change. People answer in their browser; you can never answer for them, and \
no answer is not a yes. When the pen comes back, read what was decided and changed, then \
resume_ack. Give every command an idempotency_key, and repeat the call with the same key if you do \
not know whether it worked.";

/// What all sessions and requests share.
pub(super) struct Shared {
    pub(super) app: App,
    pub(super) api: Api,
    pub(super) catalogue: Catalogue,
}

/// One session, or one request that stands alone.
pub(super) struct Desk {
    shared: Arc<Shared>,
    /// What this session is told about; ends with it. Never held across an await.
    subscriptions: Mutex<HashMap<String, AbortOnDropHandle<()>>>,
}

impl Desk {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            subscriptions: Mutex::default(),
        }
    }

    async fn watch(&self, visitor: &Visitor, uri: &str) -> Result<Watch, ErrorData> {
        let Address { workspace, .. } = uri.parse()?;
        let gone = || {
            let told = format!("there is no workspace {workspace:?} that you may open");
            ErrorData::resource_not_found(told, None)
        };
        if !visitor.caller.0.may_open(&workspace) {
            return Err(gone());
        }
        let store = Arc::clone(&self.shared.app.store);
        Watch::new(store, workspace.clone())
            .await
            .map_err(|_| gone())
    }
}

impl ServerHandler for Desk {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .enable_resources_subscribe()
            .build();
        let about = "One live document for people and agents, and who holds the pen in it";
        ServerConfig::new(capabilities)
            .with_server_info(
                Implementation::new("penhold", env!("CARGO_PKG_VERSION"))
                    .with_title("Penhold")
                    .with_description(about),
            )
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let visitor = visitor(&context.extensions)?;
        let tools = self.shared.catalogue.tools().iter();
        let cards = tools.map(|tool| tool.card_for(visitor)).collect();
        Ok(ListToolsResult::with_all_items(cards))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        Some(self.shared.catalogue.find(name)?.card())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let visitor = visitor(&context.extensions)?;
        let Some(tool) = self.shared.catalogue.find(&request.name) else {
            let told = format!("there is no tool {:?}; tools/list names them", request.name);
            return Err(ErrorData::invalid_params(told, None));
        };
        let given = request.arguments.unwrap_or_default();
        let called = tool.call(&self.shared.api, visitor, given);
        match context.ct.run_until_cancelled(called).await {
            Some(result) => Ok(result.into()),
            None => Err(ErrorData::internal_error("the call was cancelled", None)),
        }
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let visitor = visitor(&context.extensions)?;
        let cursor = request.and_then(|request| request.cursor);
        let page = resources::list(&self.shared.api, visitor, cursor).await?;
        let mut list = ListResourcesResult::with_all_items(page.resources);
        list.next_cursor = page.next;
        Ok(list)
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(
            resources::templates(),
        ))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let visitor = visitor(&context.extensions)?;
        let address = request.uri.parse()?;
        let contents = resources::read(&self.shared.api, visitor, &address).await?;
        Ok(ReadResourceResult::new(vec![contents]).into())
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        let visitor = visitor(&context.extensions)?;
        let watch = self.watch(visitor, &request.uri).await?;
        let mut subscriptions = self.subscriptions.lock();
        if subscriptions.len() >= SUBSCRIPTIONS_MAX && !subscriptions.contains_key(&request.uri) {
            let told = format!("over the limit subscriptions_max: {SUBSCRIPTIONS_MAX}");
            return Err(ErrorData::invalid_request(told, None));
        }
        let (app, visitor) = (self.shared.app.clone(), visitor.clone());
        let telling = tell(app, visitor, watch, context.peer, request.uri.clone());
        let telling = AbortOnDropHandle::new(tokio::spawn(telling));
        subscriptions.insert(request.uri, telling);
        Ok(())
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.subscriptions.lock().remove(&request.uri);
        Ok(())
    }

    fn accepted_subscription_filter(
        &self,
        requested: &SubscriptionFilter,
    ) -> Option<SubscriptionFilter> {
        let known = requested.resource_subscriptions.iter().flatten();
        let known = known.filter(|uri| uri.parse::<Address>().is_ok());
        Some(
            SubscriptionFilter::builder()
                .resource_subscriptions(known.take(SUBSCRIPTIONS_MAX).cloned())
                .build(),
        )
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let visitor = visitor(&context.request_context().extensions)?;
        let mut changes = stream::SelectAll::new();
        for uri in context.accepted().resource_subscriptions.iter().flatten() {
            let watch = self.watch(visitor, uri).await?;
            changes.push(Box::pin(stream::unfold(
                watch,
                move |mut watch| async move {
                    watch.changed().await?;
                    Some((uri, watch))
                },
            )));
        }
        let telling = async {
            while let Some(uri) = changes.next().await {
                if let Err(error) = context.sink().notify_resource_updated(uri).await {
                    tracing::debug!(%error, "a subscription is over");
                    return;
                }
            }
            // Nothing is left to be told; the client may still wait.
            context.cancelled().await;
        };
        tokio::select! {
            () = telling => {}
            () = context.cancelled() => {}
            () = self.shared.app.stopping.cancelled() => {}
        }
        Ok(())
    }
}

/// Tells a session that the resource at `uri` has changed, as long as its access holds.
async fn tell(app: App, visitor: Visitor, mut watch: Watch, peer: Peer<RoleServer>, uri: String) {
    while watch.changed().await.is_some() {
        if !app.authority.still_valid(&visitor.caller.0, now_ms()) {
            return;
        }
        let update = ResourceUpdatedNotificationParam::new(uri.clone());
        if let Err(error) = peer.notify_resource_updated(update).await {
            tracing::debug!(%error, "a subscription is over");
            return;
        }
    }
}

/// Who asks; the entrance put it there.
fn visitor(extensions: &Extensions) -> Result<&Visitor, ErrorData> {
    let parts = extensions.get::<Parts>();
    parts
        .and_then(|parts| parts.extensions.get())
        .ok_or_else(|| ErrorData::internal_error("the request came in past the entrance", None))
}
