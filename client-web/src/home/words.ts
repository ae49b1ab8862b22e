// The inbox in words.
import type { AtWork, Waiting } from "../app/ledger";

/** What has to be done, in a line under the workspace's title. */
export function taskLine(waiting: Waiting): string {
  const who = waiting.by?.name ?? "Somebody";
  switch (waiting.kind) {
    case "answer":
      return waiting.title;
    case "receive":
      return `${who} offers you ${itemName(waiting.item)}`;
    case "claim":
      return `${capital(itemName(waiting.item))} waits in the queue “${waiting.queue}”`;
    case "decision":
      return `Decided: ${waiting.title}`;
    case "act":
      return `Approved: ${waiting.title}`;
    case "reply":
      return `${who} replied: ${waiting.title}`;
    case "resume":
      return `Catch up on ${itemName(waiting.item)}`;
  }
}

export function workLine({ agent, item }: AtWork): string {
  return `${agent.name} holds ${itemName(item)}`;
}

/** The tab on which it is dealt with, with the place on it. */
export function placeOf(waiting: Waiting): string {
  const base = `/w/${waiting.workspace}`;
  if (waiting.kind === "answer" || waiting.kind === "act" || waiting.kind === "reply") {
    return `${base}/plan#approval-${waiting.approval}`;
  }
  return base + tabOf(waiting.item);
}

export function tabOf(item: string): string {
  const [kind, id] = item.split(":");
  if (kind === "step") return `/plan#step-${id}`;
  if (kind === "task") return `/tasks#task-${id}`;
  return kind === "briefing" || kind === "notes" ? `/${kind}` : "/plan";
}

/** "Three things are waiting for you. Two are moving on their own." */
export function summary(needs: number, working: number): string {
  const alone =
    working === 0
      ? ""
      : ` ${number(working)} ${working === 1 ? "is" : "are"} moving on ${working === 1 ? "its" : "their"} own.`;
  if (needs === 0) {
    const agents =
      working === 0
        ? "Nothing is waiting."
        : working === 1
          ? "One agent is working."
          : `${number(working)} agents are working.`;
    return `You’re clear. ${agents}`;
  }
  return `${number(needs)} ${needs === 1 ? "thing is" : "things are"} waiting for you.${alone}`;
}

function itemName(item: string): string {
  const [kind = "it"] = item.split(":");
  if (kind === "step" || kind === "task") return `a ${kind}`;
  return `the ${kind}`;
}

function number(n: number): string {
  const words = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
  return words[n] ?? String(n);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
