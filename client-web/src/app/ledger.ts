// What the server answers about who holds the pen, as its API describes it.
import type { Member } from "./api";

export type OwnerView = { member: string } | { queue: string } | null;
export type Receiver = { member: string } | { queue: string };
export type Trigger =
  | "confidence"
  | "loop"
  | "sentiment"
  | "explicit_request"
  | "complexity"
  | "stakes"
  | "policy"
  | "plan_review"
  | "lease_expired"
  | "other";
export type Verdict = "approve" | "edit" | "decline" | "reply";

export interface HandoffView {
  id: string;
  item: string;
  from: OwnerView;
  to: OwnerView;
  by?: string | null;
  mode: "warm" | "cold";
  reason: { trigger: Trigger; note: string; confidence?: number | null };
  status: "offered" | "briefed" | "accepted" | "declined" | "withdrawn" | "expired" | "superseded";
  at_ms: number;
  ended_ms?: number | null;
  summary?: string | null;
  declined_because?: string | null;
}

export interface HoldingView {
  item: string;
  owner: OwnerView;
  owner_name: string;
  epoch: number;
}

export interface Action {
  kind: string;
  arguments?: unknown;
}

export interface ApprovalView {
  id: string;
  title: string;
  action: Action;
  why: string;
  if_approved: string;
  if_declined: string;
  reversible: boolean;
  risk: number;
  scope: string[];
  /** What stands at the places of the scope now. */
  scope_content: { path: string; content: unknown }[];
  /** Hash of the action and of its scope's content: what an answer passes as `seen`. */
  content: string;
  answers: { by?: string | null; at_ms: number; verdict: Verdict; note: string }[];
}

/** What a member has to do. */
export type PendingTask =
  | { kind: "answer"; approval: string }
  | { kind: "receive"; handoff: string; item: string; briefed: "no" | "yes" }
  | { kind: "claim"; item: string; queue: string; epoch: number }
  | { kind: "decision"; decision: string; item: string }
  | { kind: "act"; approval: string }
  | { kind: "resume"; item: string; epoch: number };

/** Something that waits for this person. */
export type Waiting = PendingTask & {
  id: string;
  workspace: string;
  workspace_title: string;
  by?: Member | null;
  title: string;
  since_ms: number;
  irreversible: boolean;
};

/** An agent that holds something. */
export interface AtWork {
  workspace: string;
  workspace_title: string;
  item: string;
  agent: Member;
  since_ms: number;
}

export interface Inbox {
  needs_you: Waiting[];
  working_without_you: AtWork[];
  snoozed: (Waiting & { snoozed_until_ms: number })[];
}
