//! A client made of raw messages, so that nothing is hidden.

use crdt_schema::member::{Kind, Role};
use penhold_server::auth::{NewToken, Scope};
use penhold_tests::harness::House;
use reqwest::{RequestBuilder, Response, header::HeaderMap};
use serde_json::{Value, json};

/// The revision in which every request stands alone.
pub(crate) const ALONE: &str = "2026-07-28";
/// The newest revision that begins with `initialize`.
pub(crate) const SESSION: &str = "2025-11-25";

/// Whoever speaks the protocol.
#[derive(Clone)]
pub(crate) struct Agent {
    address: String,
    pub(crate) token: String,
    http: reqwest::Client,
}

/// What a call of a tool came to.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) is_error: bool,
    /// The texts, one below the other.
    pub(crate) told: String,
    pub(crate) structured: Value,
}

impl Agent {
    /// An agent with the role editor, in every workspace.
    pub(crate) fn new(house: &House, name: &str) -> Self {
        Self::with(house, name, Kind::Agent, Scope::All)
    }

    pub(crate) fn with(house: &House, name: &str, kind: Kind, workspaces: Scope) -> Self {
        let issued = house.authority.issue(NewToken {
            name: name.to_owned(),
            kind,
            role: Role::Editor,
            workspaces,
            expires_ms: None,
        });
        Self {
            address: format!("http://{}/mcp", house.address),
            token: issued.unwrap().token,
            http: reqwest::Client::new(),
        }
    }

    /// The same one, to whom `workspace` is meant when none is named.
    pub(crate) fn at(&self, workspace: &str) -> Self {
        Self {
            address: format!("{}?workspace={workspace}", self.address),
            ..self.clone()
        }
    }

    /// A request of `body`, with what every request needs.
    pub(crate) fn post(&self, body: &Value) -> RequestBuilder {
        let request = self.http.post(&self.address).json(body);
        request
            .bearer_auth(&self.token)
            .header("Accept", "application/json, text/event-stream")
    }

    /// A request for the stream of the session `id`.
    pub(crate) fn listen_in(&self, id: &str) -> RequestBuilder {
        let request = self.http.get(&self.address).bearer_auth(&self.token);
        request
            .header("Accept", "text/event-stream")
            .header("Mcp-Session-Id", id)
            .header("MCP-Protocol-Version", SESSION)
    }

    /// A request that stands alone.
    pub(crate) fn alone(&self, method: &str, params: Value) -> RequestBuilder {
        let name = params.get("name").or_else(|| params.get("uri"));
        let name = name.and_then(Value::as_str).map(str::to_owned);
        let mut params = params;
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": ALONE,
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let body = json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params });
        let mut request = self.post(&body).header("MCP-Protocol-Version", ALONE);
        request = request.header("Mcp-Method", method);
        match name {
            Some(name) => request.header("Mcp-Name", name),
            None => request,
        }
    }

    /// The answer to a request that stands alone: the result, or the error.
    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        let response = self.alone(method, params).send().await.unwrap();
        let answer = last_message(response).await;
        answer.get("result").unwrap_or(&answer["error"]).clone()
    }

    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Outcome {
        let params = json!({ "name": tool, "arguments": arguments });
        let result = self.ask("tools/call", params).await;
        let blocks = result["content"]
            .as_array()
            .unwrap_or_else(|| panic!("{tool}: {result}"));
        let texts = blocks.iter().filter_map(|block| block["text"].as_str());
        Outcome {
            is_error: result["isError"] == true,
            told: texts.collect::<Vec<_>>().join("\n"),
            structured: result["structuredContent"].clone(),
        }
    }

    /// Begins a session; its id.
    pub(crate) async fn begin(&self) -> String {
        let hello = self.post(&initialize(SESSION)).send().await.unwrap();
        let id = session_id(hello.headers()).unwrap();
        let agreed = last_message(hello).await;
        assert_eq!(agreed["result"]["protocolVersion"], SESSION, "{agreed}");
        let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        let accepted = self.in_session(&id, &ready).await;
        assert_eq!(accepted.status(), 202);
        id
    }

    /// Sends `body` in a session.
    pub(crate) async fn in_session(&self, id: &str, body: &Value) -> Response {
        let request = self.post(body).header("Mcp-Session-Id", id);
        let request = request.header("MCP-Protocol-Version", SESSION);
        request.send().await.unwrap()
    }
}

impl Outcome {
    /// The structured answer of a call that succeeded.
    #[track_caller]
    pub(crate) fn done(self) -> Value {
        assert!(!self.is_error, "{}", self.told);
        self.structured
    }

    /// What a call that failed says.
    #[track_caller]
    pub(crate) fn refused(self) -> String {
        assert!(self.is_error, "{}", self.structured);
        self.told
    }
}

pub(crate) fn initialize(version: &str) -> Value {
    json!({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {
            "protocolVersion": version, "capabilities": {},
            "clientInfo": { "name": "raw", "version": "1" },
        },
    })
}

pub(crate) fn session_id(headers: &HeaderMap) -> Option<String> {
    Some(headers.get("mcp-session-id")?.to_str().unwrap().to_owned())
}

/// The last message of an answer, be it JSON or a stream of events.
pub(crate) async fn last_message(response: Response) -> Value {
    let text = response.text().await.unwrap();
    let mut events = text.lines().filter_map(|line| line.strip_prefix("data:"));
    let last = events.rfind(|data| !data.trim().is_empty());
    serde_json::from_str(last.unwrap_or(&text)).unwrap_or_else(|_| panic!("{text}"))
}

/// The messages of a stream, as they come.
pub(crate) struct Messages {
    response: Response,
    unread: String,
}

impl Messages {
    pub(crate) fn of(response: Response) -> Self {
        assert_eq!(response.status(), 200);
        Self {
            response,
            unread: String::new(),
        }
    }

    /// The next message; `None` when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Value> {
        loop {
            while let Some((line, rest)) = self.unread.split_once('\n') {
                let message = line.strip_prefix("data:").map(str::trim);
                let message = message.and_then(|data| serde_json::from_str(data).ok());
                self.unread = rest.to_owned();
                if message.is_some() {
                    return message;
                }
            }
            let bytes = self.response.chunk().await.ok()??;
            self.unread.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }
}
