// Commands about who holds the pen, and the questions that go with them. The server decides; what
// it answers shows in the document, which every page watches.
import { ApiError, call } from "./api";
import type {
  Action,
  ApprovalView,
  HandoffView,
  HoldingView,
  Inbox,
  Receiver,
  Trigger,
  Verdict,
} from "./ledger";

interface Page<Entry> {
  items: Entry[];
  next_cursor?: string | null;
}

export interface HandOff {
  item: string;
  to: Receiver;
  mode: "warm" | "cold";
  note: string;
  trigger: Trigger;
  epoch: number;
  emergency?: boolean;
}

export function handOff(ws: string, { note, trigger, ...rest }: HandOff): Promise<HandoffView> {
  return call("POST", at(ws, "handoffs"), { ...rest, reason: { trigger, note } });
}

export function withdrawHandoff(ws: string, id: string): Promise<HandoffView> {
  return call("POST", at(ws, "handoffs", id, "withdraw"), {});
}

/** A person who takes an offer has read it: one press does both. */
export async function takeOffer(ws: string, id: string, isBriefed: boolean): Promise<HandoffView> {
  if (!isBriefed) await call("POST", at(ws, "handoffs", id, "brief"), { summary: "" });
  return call("POST", at(ws, "handoffs", id, "accept"), {});
}

export function declineOffer(ws: string, id: string, reason: string): Promise<HandoffView> {
  return call("POST", at(ws, "handoffs", id, "decline"), { reason });
}

/** The newest handoff of an item that changed its owner, if it is still known. */
export async function lastHandoff(ws: string, item: string): Promise<HandoffView | null> {
  const query = `?status=ended&limit=10&item=${encodeURIComponent(item)}`;
  const { items } = await call<Page<HandoffView>>("GET", at(ws, "handoffs") + query);
  return items.find(({ status }) => status === "accepted") ?? null;
}

export function claim(ws: string, item: string, epoch: number): Promise<HoldingView> {
  return call("POST", at(ws, "items", item, "claim"), { epoch });
}

export function takeOver(ws: string, item: string, epoch: number): Promise<HoldingView> {
  return call("POST", at(ws, "items", item, "take-over"), { epoch, note: "" });
}

export function release(ws: string, item: string, epoch: number): Promise<HoldingView> {
  return call("POST", at(ws, "items", item, "release"), { epoch });
}

export function approval(ws: string, id: string): Promise<ApprovalView> {
  return call("GET", at(ws, "approvals", id));
}

export interface Answer {
  verdict: Verdict;
  note: string;
  /** The content hash that the person was shown. */
  seen: string;
  action?: Action;
}

export function answerApproval(ws: string, id: string, answer: Answer): Promise<ApprovalView> {
  return call("POST", at(ws, "approvals", id, "answer"), answer);
}

export interface NewDecision {
  item: string;
  question?: string;
  title: string;
  note: string;
}

export function postDecision(ws: string, decision: NewDecision): Promise<unknown> {
  return call("POST", at(ws, "decisions"), decision);
}

export function inbox(): Promise<Inbox> {
  return call("GET", "/inbox");
}

export function snooze(workspace: string, id: string, untilMs: number): Promise<void> {
  return call("POST", "/inbox/snooze", { workspace, id, until_ms: untilMs });
}

/** Takes a suggestion over as it is, or as edited. */
export function acceptSuggestion(ws: string, id: string, edited?: string): Promise<unknown> {
  const body = edited === undefined ? {} : { edited };
  return call("POST", at(ws, "suggestions", id, "accept"), body);
}

/** What a person reads when a command was refused: who was faster, before anything else. */
export function refusal(error: unknown): string {
  if (!(error instanceof ApiError)) return "That did not work.";
  const { code, owner_name: owner } = error.problem;
  const isLate = code === "stale" || code === "not_claimable";
  return isLate && owner ? `${owner} has it now: they were a moment faster.` : error.message;
}

function at(ws: string, ...parts: string[]): string {
  return `/workspaces/${[ws, ...parts].map(encodeURIComponent).join("/")}`;
}
