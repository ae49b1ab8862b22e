// The columns of the board: every task is in exactly one.
import type { Task, TaskStatus } from "../../doc/tasks";

export const COLUMNS = ["todo", "doing", "waiting", "done"] as const satisfies TaskStatus[];
export type Column = (typeof COLUMNS)[number];

export function columnOf({ status }: Task): Column {
  return status === "cancelled" ? "done" : status;
}

/** The status that a number key stands for. */
export function statusOfKey(key: string): Column | null {
  return COLUMNS[Number(key) - 1] ?? null;
}
