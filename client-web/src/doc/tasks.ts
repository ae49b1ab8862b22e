// Tasks in order, each with a status.
import type { Readable } from "svelte/store";
import * as Y from "yjs";
import type { Task as Generated } from "../generated/workspace";
import { change, removeEntry, rootsOf } from "./document";
import { newId } from "./ids";
import { inOrder, keyAtEnd, moveBy } from "./order";
import { stringIn, textIn, wordIn } from "./read";
import { newText } from "./text";
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
  };
}
