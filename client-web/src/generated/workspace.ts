// Generated from crdt-schema/schema/workspace.schema.json by `npm run types`. Do not edit.

/**
 * A plain value.
 */
export type Primitive = boolean | number | string;
/**
 * Names one element of a document, such as a step or a task, within its collection.
 */
export type ElementId = string;

/**
 * A workspace as read.
 */
export interface WorkspaceDocument {
  briefing: Briefing;
  /**
   * The text that everybody drafts in, in Markdown.
   */
  notes: string;
  plan: Plan;
  /**
   * Version of the schema that the document was made with.
   */
  schema: number;
  /**
   * Proposed changes to texts, oldest first.
   */
  suggestions: Suggestion[];
  /**
   * The tasks, in order.
   */
  tasks: Task[];
  /**
   * Discussions of passages, oldest first.
   */
  threads: Thread[];
  /**
   * The title of the workspace.
   */
  title: string;
}
/**
 * What a newcomer has to know.
 */
export interface Briefing {
  /**
   * What was tried, in order.
   */
  actions: Action[];
  /**
   * How sure the writer is of all this, from 0 to 1.
   */
  confidence?: number | null;
  /**
   * What has to be respected, in order.
   */
  constraints: Constraint[];
  /**
   * Named facts.
   */
  entities: {
    [k: string]: Primitive;
  };
  /**
   * What the people want, in Markdown.
   */
  intent: string;
  /**
   * What comes next, in Markdown.
   */
  next_step: string;
  /**
   * What is open, in order.
   */
  questions: Question[];
  /**
   * The tone of the people involved.
   */
  sentiment: "neutral" | "positive" | "frustrated" | "urgent";
  /**
   * Where things come from, in order.
   */
  sources: Source[];
}
/**
 * One action as read.
 */
export interface Action {
  /**
   * Its id within the briefing.
   */
  id: string;
  /**
   * Its fractional order key; empty when it has none.
   */
  order: string;
  /**
   * What became of it.
   */
  outcome: "done" | "failed" | "declined" | "pending";
  /**
   * What was done, in Markdown.
   */
  text: string;
}
/**
 * One constraint as read.
 */
export interface Constraint {
  /**
   * Its id within the briefing.
   */
  id: string;
  /**
   * Its fractional order key; empty when it has none.
   */
  order: string;
  /**
   * What has to be respected, in Markdown.
   */
  text: string;
}
/**
 * One question as read.
 */
export interface Question {
  /**
   * The answer, in Markdown; empty while the question is open.
   */
  answer: string;
  /**
   * Its id within the briefing.
   */
  id: string;
  /**
   * Its fractional order key; empty when it has none.
   */
  order: string;
  /**
   * What is asked, in Markdown.
   */
  text: string;
}
/**
 * One source as read.
 */
export interface Source {
  /**
   * Its id within the briefing.
   */
  id: string;
  /**
   * What kind of thing it is, in a word.
   */
  kind: string;
  /**
   * Its fractional order key; empty when it has none.
   */
  order: string;
  /**
   * What it is called.
   */
  title: string;
  /**
   * Where it is.
   */
  uri: string;
}
/**
 * The goal and the steps.
 */
export interface Plan {
  /**
   * What the plan is for, in Markdown.
   */
  goal: string;
  /**
   * The steps, in order.
   */
  steps: Step[];
}
/**
 * One step as read.
 */
export interface Step {
  /**
   * What it says, in Markdown.
   */
  body: string;
  /**
   * Its id within the plan.
   */
  id: string;
  /**
   * Its fractional order key; empty when it has none.
   */
  order: string;
  /**
   * How far it is.
   */
  status: "draft" | "ready" | "doing" | "needs_decision" | "done" | "dropped";
  /**
   * Whether it sets the direction or carries it out.
   */
  tier: "strategic" | "tactical";
  /**
   * What it is called.
   */
  title: string;
}
/**
 * One suggestion as read.
 */
export interface Suggestion {
  /**
   * When it was made, in milliseconds since 1970.
   */
  at: number;
  /**
   * Who says to have made it. The server's record of who wrote what has the last word.
   */
  author: string;
  /**
   * Who answered it.
   */
  decided_by?: string | null;
  end?: string | null;
  /**
   * Its id within the workspace.
   */
  id: string;
  /**
   * What the passage read when the suggestion was made.
   */
  quote: string;
  /**
   * Why.
   */
  reason: string;
  /**
   * What it should read.
   */
  replacement: string;
  start?: string | null;
  /**
   * What became of it.
   */
  status: "open" | "accepted" | "rejected" | "stale";
  /**
   * The text that it would change, as a path.
   */
  target: string;
}
/**
 * One task as read.
 */
export interface Task {
  /**
   * The tasks that have to be done before it, sorted.
   */
  blocked_by: ElementId[];
  /**
   * The day or moment it is due, as in ISO 8601.
   */
  due?: string | null;
  /**
   * Names one element of a document, such as a step or a task, within its collection.
   */
  id: string;
  /**
   * What there is to know about it, in Markdown.
   */
  notes: string;
  /**
   * Its fractional order key; empty when it has none.
   */
  order: string;
  /**
   * How pressing it is.
   */
  priority: "low" | "normal" | "high" | "urgent";
  /**
   * How far it is.
   */
  status: "todo" | "doing" | "waiting" | "done" | "cancelled";
  /**
   * The step of the plan that it carries out.
   */
  step?: string | null;
  /**
   * What it is called.
   */
  title: string;
}
/**
 * One thread as read.
 */
export interface Thread {
  /**
   * When it began, in milliseconds since 1970.
   */
  at: number;
  /**
   * What was said, oldest first.
   */
  comments: Comment[];
  end?: string | null;
  /**
   * Names one element of a document, such as a step or a task, within its collection.
   */
  id: string;
  /**
   * What the passage read when the discussion began.
   */
  quote: string;
  /**
   * Whether it is settled.
   */
  resolved: boolean;
  start?: string | null;
  /**
   * What is discussed, as a path.
   */
  target: string;
}
/**
 * One comment as read.
 */
export interface Comment {
  /**
   * When it was written, in milliseconds since 1970.
   */
  at: number;
  /**
   * Who says to have written it. The server's record of who wrote what has the last word.
   */
  author: string;
  /**
   * Its id within the thread.
   */
  id: string;
  /**
   * What it says, in Markdown.
   */
  text: string;
}
