// The plan: a goal and steps in order.
import type { Readable } from "svelte/store";
import * as Y from "yjs";
import type { Step as Generated } from "../generated/workspace";
import { change, removeEntry, rootsOf } from "./document";
import { newId } from "./ids";
import { inOrder, keyAtEnd, moveBy, moveTo } from "./order";
import { mapIn, textIn, wordIn } from "./read";
import { newText } from "./new-text";
import { watchAll, watchMap } from "./watch";

export type StepStatus = Generated["status"];
export const STEP_STATUSES: readonly StepStatus[] = [
  "draft",
  "ready",
  "doing",
  "needs_decision",
  "done",
  "dropped",
];

export type Tier = Generated["tier"];
export const TIERS: readonly Tier[] = ["strategic", "tactical"];

export interface Step {
  id: string;
  map: Y.Map<unknown>;
  title: Y.Text | null;
  body: Y.Text | null;
  status: StepStatus;
  tier: Tier;
}

export interface Plan {
  goal: Y.Text | null;
  steps: Step[];
}

export function watchPlan(doc: Y.Doc): Readable<Plan> {
  const { plan } = rootsOf(doc);
  return watchMap(plan, () => ({ goal: textIn(plan, "goal"), steps: readSteps(doc) }));
}

/** What the plan reads, and reads anew with every word. */
export function watchWords(doc: Y.Doc): Readable<Map<string, StepWords>> {
  return watchAll(rootsOf(doc).plan, () => {
    const steps = readSteps(doc).map(({ id, title, body, status }): [string, StepWords] => [
      id,
      { title: title?.toString() ?? "", body: body?.toString() ?? "", status },
    ]);
    return new Map(steps);
  });
}

export interface StepWords {
  title: string;
  body: string;
  status: StepStatus;
}

export function readSteps(doc: Y.Doc): Step[] {
  const steps = stepsMap(doc);
  return steps === null ? [] : inOrder(steps).map(({ id, map }) => readStep(id, map));
}

/** Adds a step at the end, empty if nothing is said, and returns its id. */
export function addStep(doc: Y.Doc, { title, body } = { title: "", body: "" }): string | null {
  const steps = stepsMap(doc);
  if (!steps) return null;
  const id = newId();
  change(steps, () => {
    const step = new Y.Map<unknown>();
    step.set("title", newText(title));
    step.set("body", newText(body));
    step.set("status", "draft");
    step.set("tier", "tactical");
    step.set("order", keyAtEnd(steps));
    steps.set(id, step);
  });
  return id;
}

export function setStatus(step: Step, status: StepStatus): void {
  change(step.map, () => step.map.set("status", status));
}

export function setTier(step: Step, tier: Tier): void {
  change(step.map, () => step.map.set("tier", tier));
}

export function moveStep(doc: Y.Doc, id: string, places: -1 | 1): boolean {
  const steps = stepsMap(doc);
  return steps !== null && moveBy(steps, id, places);
}

/** Moves a step to a place among the others, counted without it. */
export function moveStepTo(doc: Y.Doc, id: string, place: number): boolean {
  const steps = stepsMap(doc);
  return steps !== null && moveTo(steps, id, place);
}

export function removeStep(doc: Y.Doc, id: string): void {
  const steps = stepsMap(doc);
  if (steps) removeEntry(steps, id);
}

function readStep(id: string, map: Y.Map<unknown>): Step {
  return {
    id,
    map,
    title: textIn(map, "title"),
    body: textIn(map, "body"),
    status: wordIn(map, "status", STEP_STATUSES, "draft"),
    tier: wordIn(map, "tier", TIERS, "tactical"),
  };
}

function stepsMap(doc: Y.Doc): Y.Map<unknown> | null {
  return mapIn(rootsOf(doc).plan, "steps");
}
