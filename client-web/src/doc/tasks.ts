// Tasks in order, each with a status.
import type { Readable } from "svelte/store";
import * as Y from "yjs";
import type { Task as Generated } from "../generated/workspace";
import { change, removeEntry, rootsOf } from "./document";
import { newId } from "./ids";
import { inOrder, keyAtEnd, moveBy } from "./order";
import { mapIn, stringIn, textIn, wordIn } from "./read";
import { newText } from "./new-text";
import { watchMap } from "./watch";

export type TaskStatus = Generated["status"];
export const TASK_STATUSES: readonly TaskStatus[] = [
  "todo",
  "doing",
  "waiting",
  "done",
  "cancelled",
];

export type Priority = Generated["priority"];
export const PRIORITIES: readonly Priority[] = ["low", "normal", "high", "urgent"];

export interface Task {
  id: string;
  map: Y.Map<unknown>;
  title: Y.Text | null;
  notes: Y.Text | null;
  status: TaskStatus;
  priority: Priority;
  step: string;
  due: string;
  /** Ids of the tasks that have to be done before it. */
  blockedBy: string[];
}

export function watchTasks(doc: Y.Doc): Readable<Task[]> {
  const { tasks } = rootsOf(doc);
  return watchMap(tasks, () => inOrder(tasks).map(({ id, map }) => readTask(id, map)));
}

export function addTask(doc: Y.Doc, title: string, status: TaskStatus): string {
  const { tasks } = rootsOf(doc);
  const id = newId();
  change(tasks, () => {
    const task = new Y.Map<unknown>();
    task.set("title", newText(title));
    task.set("notes", newText(""));
    task.set("status", status);
    task.set("order", keyAtEnd(tasks));
    tasks.set(id, task);
  });
  return id;
}

export function setTaskStatus(task: Task, status: TaskStatus): void {
  change(task.map, () => task.map.set("status", status));
}

/** Sets a plain field; an empty value takes it away. */
export function setTaskField(task: Task, field: "priority" | "step" | "due", value: string): void {
  change(task.map, () => (value === "" ? task.map.delete(field) : task.map.set(field, value)));
}

/** Says that a task has to wait for another one. */
export function waitFor(task: Task, other: string): void {
  change(task.map, () => {
    const known = mapIn(task.map, "blocked_by");
    if (known) known.set(other, true);
    else task.map.set("blocked_by", new Y.Map([[other, true]]));
  });
}

export function stopWaitingFor(task: Task, other: string): void {
  const known = mapIn(task.map, "blocked_by");
  if (known) change(known, () => known.delete(other));
}

/** Whether a task is no longer in anybody's way. */
export function isOver({ status }: Task): boolean {
  return status === "done" || status === "cancelled";
}

export function moveTask(doc: Y.Doc, id: string, places: -1 | 1): boolean {
  return moveBy(rootsOf(doc).tasks, id, places);
}

export function removeTask(doc: Y.Doc, id: string): void {
  removeEntry(rootsOf(doc).tasks, id);
}

function readTask(id: string, map: Y.Map<unknown>): Task {
  return {
    id,
    map,
    title: textIn(map, "title"),
    notes: textIn(map, "notes"),
    status: wordIn(map, "status", TASK_STATUSES, "todo"),
    priority: wordIn(map, "priority", PRIORITIES, "normal"),
    step: stringIn(map, "step"),
    due: stringIn(map, "due"),
    blockedBy: [...(mapIn(map, "blocked_by")?.keys() ?? [])].sort(),
  };
}
