// What statuses are called, and how they look. Colour is never the only cue: the word is there.
import type { Outcome, Sentiment } from "../doc/briefing";
import type { StepStatus } from "../doc/plan";
import type { TaskStatus } from "../doc/tasks";
import type { Tone } from "../ui/Status.svelte";

interface Look {
  name: string;
  tone: Tone;
}

export const STEP: Record<StepStatus, Look> = {
  draft: { name: "Draft", tone: "quiet" },
  ready: { name: "Ready", tone: "accent" },
  doing: { name: "Doing", tone: "agent" },
  needs_decision: { name: "Needs decision", tone: "attention" },
  done: { name: "Done", tone: "human" },
  dropped: { name: "Dropped", tone: "faint" },
};

export const TASK: Record<TaskStatus, Look> = {
  todo: { name: "To do", tone: "quiet" },
  doing: { name: "Doing", tone: "accent" },
  waiting: { name: "Waiting on you", tone: "attention" },
  done: { name: "Done", tone: "human" },
  cancelled: { name: "Cancelled", tone: "faint" },
};

export const OUTCOME: Record<Outcome, Look> = {
  pending: { name: "Under way", tone: "accent" },
  done: { name: "Worked", tone: "human" },
  failed: { name: "Failed", tone: "attention" },
  declined: { name: "Declined", tone: "quiet" },
};

export const SENTIMENT: Record<Sentiment, string> = {
  neutral: "Neutral",
  positive: "Positive",
  frustrated: "Frustrated",
  urgent: "Urgent",
};
