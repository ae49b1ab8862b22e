// The HTTP face of the server: typed answers, and one error that says what the caller can do.
export type Role = "viewer" | "reviewer" | "editor" | "admin";
export type Kind = "human" | "agent";

export interface Member {
  id: string;
  name: string;
  kind: Kind;
  role: Role;
}

export interface WorkspaceSummary {
  id: string;
  title: string;
  updated_ms: number;
}

/** `offline` when no answer came, otherwise what the status asks of the caller. */
export type Failure = "offline" | "signed-out" | "forbidden" | "missing" | "refused" | "broken";

/** An answer that refuses, as RFC 9457 has it, with what Penhold adds to it. */
export interface Problem {
  title?: string;
  detail?: string;
  /** The refusal's stable name, such as `stale`. */
  code?: string;
  owner_name?: string;
  /** What a briefing lacks. */
  missing?: { part: string; what: string }[];
}

export class ApiError extends Error {
  constructor(
    readonly failure: Failure,
    message: string,
    readonly problem: Problem = {},
  ) {
    super(message);
  }
}

export function me(): Promise<Member> {
  return call<{ member: Member }>("GET", "/me").then((answer) => answer.member);
}

export async function signIn(code: string): Promise<void> {
  await call("POST", "/sign-in", { code });
}

export async function workspaces(): Promise<WorkspaceSummary[]> {
  const all: WorkspaceSummary[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
    const page = await call<WorkspacePage>("GET", `/workspaces${query}`);
    all.push(...page.items);
    cursor = page.next_cursor ?? null;
  } while (cursor !== null && all.length < LISTED_MAX);
  return all;
}

export function createWorkspace(title: string): Promise<{ id: string }> {
  return call("POST", "/workspaces", { title });
}

interface WorkspacePage {
  items: WorkspaceSummary[];
  next_cursor?: string | null;
}

/** Asks the server. A command whose answer is lost is sent once more under the same key, which
 * does nothing twice. */
export async function call<Answer>(method: Method, path: string, body?: object): Promise<Answer> {
  const response = await request(method, path, body);
  if (response.ok) return response.status === 204 ? ({} as Answer) : await response.json();
  const problem: Problem = await response.json().catch(() => ({}));
  const message = problem.detail ?? problem.title ?? `The server answered ${response.status}.`;
  throw new ApiError(failureOf(response.status), sentence(message), problem);
}

/** The server's details begin in lower case, since they follow a name in its log. */
function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}

async function request(method: Method, path: string, body?: object): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body) {
    headers["content-type"] = "application/json";
    headers["idempotency-key"] = crypto.randomUUID();
  }
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body) init.body = JSON.stringify(body);
  const send = () => fetch(`/api/v1${path}`, init);
  try {
    return await send().catch(() => later(AGAIN_MS).then(send));
  } catch {
    throw new ApiError("offline", "The server cannot be reached.");
  }
}

function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function failureOf(status: number): Failure {
  if (status === 401) return "signed-out";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 410) return "missing";
  if (status < 500) return "refused";
  return status >= 502 && status <= 504 ? "offline" : "broken";
}

type Method = "GET" | "POST" | "PUT" | "DELETE";
const AGAIN_MS = 300;
/** Workspaces listed at most; past this a search is the better tool. */
const LISTED_MAX = 1000;
