// Who is signed in. The last answer is kept, so that a reload while offline still knows.
import { writable, type Readable } from "svelte/store";
import { ApiError, me, type Member } from "./api";

export type Session =
  | { state: "unknown" }
  | { state: "signed-in"; member: Member }
  | { state: "signed-out" }
  | { state: "unreachable"; message: string };

const store = writable<Session>({ state: "unknown" });
export const session: Readable<Session> = store;

export async function refreshSession(): Promise<void> {
  try {
    const member = await me();
    remember(member);
    store.set({ state: "signed-in", member });
  } catch (error) {
    store.set(withoutAnswer(error));
  }
}

export function signedOut(): void {
  localStorage.removeItem(KEY);
  store.set({ state: "signed-out" });
}

function withoutAnswer(error: unknown): Session {
  if (error instanceof ApiError && error.failure === "signed-out") return { state: "signed-out" };
  const member = recall();
  if (member) return { state: "signed-in", member };
  return { state: "unreachable", message: error instanceof Error ? error.message : "" };
}

function remember(member: Member): void {
  localStorage.setItem(KEY, JSON.stringify(member));
}

function recall(): Member | null {
  const text = localStorage.getItem(KEY);
  return text === null ? null : (JSON.parse(text) as Member);
}

const KEY = "penhold.me";
