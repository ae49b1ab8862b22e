// The health of handoffs, read in plain language.
import { call, type Schema } from "../../app/call";
import { count } from "../../app/time";

export type Spread = Schema<"Spread">;
export type Health = Schema<"Health">;
/** The share of items that should reach people, and from where on something is wrong. */
export type Band = Required<Schema<"Band">>;

export const WINDOWS = { "24h": "a day", "7d": "a week", "30d": "a month" } as const;
export type Window = keyof typeof WINDOWS;

export function health(window: Window): Promise<Health> {
  return call("get", "/health/handoffs", { query: { window } });
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** "3 min", "2 h": as long as it took. */
export function span(ms: number): string {
  if (ms < 60_000) return `${Math.max(1, Math.round(ms / 1000))} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 86_400_000) return `${Math.round(ms / 3_600_000)} h`;
  return count(Math.round(ms / 86_400_000), "day", "days");
}

/** The server answers with the whole band, also where it takes less. */
export function bandOf({ band }: Health["escalation"]): Band {
  return band as Band;
}

export function escalationWords(escalation: Health["escalation"]): string {
  const { rate = null } = escalation;
  const band = bandOf(escalation);
  if (rate === null) return "No agent has worked on anything yet, so there is nothing to judge.";
  if (rate > band.warn) {
    return "Agents ask people far more often than planned. Look at what they ask for.";
  }
  if (rate > band.high) return "Agents ask people a little more often than planned.";
  if (rate < band.low) {
    return "Agents rarely ask. Check now and then that they should not have.";
  }
  return "Agents ask about as often as planned.";
}

/** What is out of the ordinary about how often agents ask; empty when nothing is. */
export async function outsideBand(): Promise<string> {
  const { escalation } = await health("7d");
  const isOut = escalation.reading !== "within" && escalation.reading !== "no_data";
  return isOut ? escalationWords(escalation) : "";
}

export function spreadWords({ count: n, median_ms, p90_ms }: Spread, none: string): string {
  if (n === 0) return none;
  return `Half of them within ${span(median_ms)}, nine in ten within ${span(p90_ms)}.`;
}

export function quickWords({ time, quick }: Health["answers"]): string {
  if (time.count === 0) return "Nothing was answered yet.";
  if (quick === 0) return "Every answer took its time.";
  return `${quick} of ${time.count} answers came within 5 seconds. Were they read?`;
}
