// A typed client of the HTTP API: what goes into a request and what comes out of it is as the
// server's description says. One error says what the caller can do.
import type { components, paths } from "../generated/api";
import { randomId } from "./random";

/** What the server calls a shape. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

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
  missing?: Schema<"Missing">[];
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

type Method = "get" | "post" | "put" | "delete";
type Path<M extends Method> = {
  [P in keyof paths]: paths[P][M] extends object ? P : never;
}[keyof paths];

type Part<Name extends "path" | "query", O> = O extends {
  parameters: { [N in Name]: infer Given };
}
  ? { [N in Name]: Given }
  : O extends { parameters: { [N in Name]?: infer Given } }
    ? { [N in Name]?: Given }
    : unknown;
type Body<O> = O extends { requestBody: { content: { "application/json": infer Given } } }
  ? { body: Given }
  : O extends { requestBody?: { content: { "application/json": infer Given } } }
    ? { body?: Given }
    : unknown;
type Given<O> = Part<"path", O> & Part<"query", O> & Body<O>;
type Answer<O> = O extends {
  responses: { 200: { content: { "application/json": infer Found } } };
}
  ? Found
  : O extends { responses: { 201: { content: { "application/json": infer Made } } } }
    ? Made
    : undefined;

/** What a route answers. */
export type AnswerOf<M extends Method, P extends Path<M>> = Answer<paths[P][M]>;

/** Asks the server. A command whose answer is lost is sent once more under the same key, which
 * does nothing twice. */
export async function call<M extends Method, P extends Path<M>>(
  method: M,
  path: P,
  ...[given]: object extends Given<paths[P][M]>
    ? [given?: Given<paths[P][M]>]
    : [given: Given<paths[P][M]>]
): Promise<AnswerOf<M, P>> {
  const response = await send(method, path, given ?? {});
  if (response.ok) {
    const hasNothing = response.status === 204;
    // The description is held against the server by its tests.
    return (hasNothing ? undefined : await response.json()) as AnswerOf<M, P>;
  }
  const problem: Problem = await response.json().catch(() => ({}));
  const message = problem.detail ?? problem.title ?? `The server answered ${response.status}.`;
  throw new ApiError(failureOf(response.status), sentence(message), problem);
}

interface Parts {
  path?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
}

/** The address of a route, to be followed as a stream. */
export function addressOf(route: keyof paths, { path = {}, query = {} }: Parts): string {
  const filled = route.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ""),
  );
  const asked = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const search = new URLSearchParams(asked.map(([name, value]) => [name, String(value)]));
  return `/api/v1${filled}${asked.length > 0 ? `?${search}` : ""}`;
}

async function send(method: Method, route: keyof paths, parts: Parts): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  const init: RequestInit = { method: method.toUpperCase(), headers, credentials: "same-origin" };
  if (parts.body !== undefined) {
    headers["content-type"] = "application/json";
    headers["idempotency-key"] = randomId();
    init.body = JSON.stringify(parts.body);
  }
  const ask = () => fetch(addressOf(route, parts), init);
  try {
    return await ask().catch(() => later(AGAIN_MS).then(ask));
  } catch {
    throw new ApiError("offline", "The server cannot be reached.");
  }
}

/** The server's details begin in lower case, since they follow a name in its log. */
function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
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

const AGAIN_MS = 300;
