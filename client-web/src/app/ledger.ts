// What the server answers about who holds the pen, by the names that its API gives it.
import type { Schema } from "./call";

export type Owner = Schema<"Owner">;
export type Receiver = Schema<"To">;
export type Trigger = Schema<"Trigger">;
export type Verdict = Schema<"Verdict">;
export type HandoffView = Schema<"HandoffView">;
export type HoldingView = Schema<"HoldingView">;
export type Action = Schema<"ApprovalAction">;

/** An approval with what stands at the places of its scope now. */
export type ApprovalView = Schema<"Shown">;

/** Something that waits for this person. */
export type Waiting = Schema<"InboxEntry">;

/** An agent that holds something. */
export type AtWork = Schema<"AtWork">;
export type Inbox = Schema<"Inbox">;
