// Commands about who holds the pen, and the questions that go with them. The server decides; what
// it answers shows in the document, which every page watches.
import { ApiError, call, type Schema } from "./call";
import type { Member } from "./api";
import type { ApprovalView, HandoffView, HoldingView, Inbox, Trigger } from "./ledger";

export type HandOff = Omit<Schema<"NewHandoff">, "reason"> & { note: string; trigger: Trigger };

export function handOff(ws: string, { note, trigger, ...rest }: HandOff): Promise<HandoffView> {
  const body = { ...rest, reason: { trigger, note } };
  return call("post", "/workspaces/{ws}/handoffs", { path: { ws }, body });
}

export function withdrawHandoff(ws: string, id: string): Promise<HandoffView> {
  return call("post", "/workspaces/{ws}/handoffs/{id}/withdraw", { path: { ws, id } });
}

/** A person who takes an offer has read it: one press does both. */
export async function takeOffer(ws: string, id: string, isBriefed: boolean): Promise<HandoffView> {
  const path = { ws, id };
  if (!isBriefed) {
    await call("post", "/workspaces/{ws}/handoffs/{id}/brief", { path, body: { summary: "" } });
  }
  return call("post", "/workspaces/{ws}/handoffs/{id}/accept", { path });
}

export function declineOffer(ws: string, id: string, reason: string): Promise<HandoffView> {
  const path = { ws, id };
  return call("post", "/workspaces/{ws}/handoffs/{id}/decline", { path, body: { reason } });
}

/** Everybody who may work here, also those who never have. */
export async function members(ws: string): Promise<Member[]> {
  const { items } = await call("get", "/workspaces/{ws}/members", { path: { ws } });
  return items;
}

/** The newest handoff of an item that changed its owner, if it is still known. */
export async function lastHandoff(ws: string, item: string): Promise<HandoffView | null> {
  const query = { status: "ended", limit: 10, item } as const;
  const { items } = await call("get", "/workspaces/{ws}/handoffs", { path: { ws }, query });
  return items.find(({ status }) => status === "accepted") ?? null;
}

export function claim(ws: string, item: string, epoch: number): Promise<HoldingView> {
  const path = { ws, item };
  return call("post", "/workspaces/{ws}/items/{item}/claim", { path, body: { epoch } });
}

export function takeOver(ws: string, item: string, epoch: number): Promise<HoldingView> {
  const path = { ws, item };
  return call("post", "/workspaces/{ws}/items/{item}/take-over", { path, body: { epoch } });
}

export function release(ws: string, item: string, epoch: number): Promise<HoldingView> {
  const path = { ws, item };
  return call("post", "/workspaces/{ws}/items/{item}/release", { path, body: { epoch } });
}

export function approval(ws: string, id: string): Promise<ApprovalView> {
  return call("get", "/workspaces/{ws}/approvals/{id}", { path: { ws, id } });
}

/** `seen` is the content hash that the person was shown. */
export type Answer = Schema<"Answering">;

export function answerApproval(ws: string, id: string, body: Answer): Promise<ApprovalView> {
  return call("post", "/workspaces/{ws}/approvals/{id}/answer", { path: { ws, id }, body });
}

export async function postDecision(ws: string, body: Schema<"NewDecision">): Promise<void> {
  await call("post", "/workspaces/{ws}/decisions", { path: { ws }, body });
}

export function inbox(): Promise<Inbox> {
  return call("get", "/inbox");
}

export async function snooze(workspace: string, id: string, untilMs: number): Promise<void> {
  await call("post", "/inbox/snooze", { body: { workspace, id, until_ms: untilMs } });
}

/** Takes a suggestion over as it is, or as edited. */
export async function acceptSuggestion(ws: string, id: string, edited?: string): Promise<void> {
  const body = edited === undefined ? {} : { edited };
  await call("post", "/workspaces/{ws}/suggestions/{id}/accept", { path: { ws, id }, body });
}

/** What a person reads when a command was refused: who was faster, before anything else. */
export function refusal(error: unknown): string {
  if (!(error instanceof ApiError)) return "That did not work.";
  const { code, owner_name: owner } = error.problem;
  const isLate = code === "stale" || code === "not_claimable";
  return isLate && owner ? `${owner} has it now: they were a moment faster.` : error.message;
}
