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

export class ApiError extends Error {
  constructor(
    readonly failure: Failure,
    message: string,
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

interface Problem {
  title?: string;
  detail?: string;
}

export async function call<Answer>(
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<Answer> {
  const response = await request(method, path, body);
  if (response.ok) return response.status === 204 ? ({} as Answer) : await response.json();
  const problem: Problem = await response.json().catch(() => ({}));
  const message = problem.detail ?? problem.title ?? `The server answered ${response.status}.`;
  throw new ApiError(failureOf(response.status), message);
}

async function request(method: string, path: string, body?: object): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body) {
    headers["content-type"] = "application/json";
    headers["idempotency-key"] = crypto.randomUUID();
  }
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body) init.body = JSON.stringify(body);
  try {
    return await fetch(`/api/v1${path}`, init);
  } catch {
    throw new ApiError("offline", "The server cannot be reached.");
  }
}

function failureOf(status: number): Failure {
  if (status === 401) return "signed-out";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 410) return "missing";
  if (status < 500) return "refused";
  return status >= 502 && status <= 504 ? "offline" : "broken";
}

/** Workspaces listed at most; past this a search is the better tool. */
const LISTED_MAX = 1000;
