import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Incoming } from "../src/sync/frames";
import { BACKOFF_MS_MAX, RENEW_MS, SILENCE_MS_MAX } from "../src/sync/limits";
import { initial, step, type Effect, type Event, type State } from "../src/sync/machine";
import { sentence, shown } from "../src/sync/shown";

const EDIT = new Uint8Array([1]);
const NOTHING = new Uint8Array([0, 0]);

function run(events: Event[], from: State = initial): { state: State; effects: Effect[] } {
  const effects: Effect[] = [];
  let state = from;
  for (const event of events) {
    const [next, caused] = step(state, event);
    state = next;
    effects.push(...caused);
  }
  return { state, effects };
}

const frame = (message: Incoming, nowMs = 0): Event => ({ type: "frame", frame: message, nowMs });
const edited = (nowMs = 0): Event => ({ type: "edited", update: EDIT, nowMs });
const ack = (updates: number, nowMs = 0): Event => frame({ type: "ack", updates }, nowMs);
const closed = (code: number, nowMs = 0): Event => ({
  type: "closed",
  code,
  reason: "",
  nowMs,
  random: 0,
});

/** Opened, both differences exchanged, and ours acknowledged. */
const CONNECTED: Event[] = [
  { type: "start", nowMs: 0 },
  { type: "opened", nowMs: 0 },
  frame({ type: "step1", stateVector: NOTHING }),
  frame({ type: "step2", update: NOTHING }),
  ack(1),
];

describe("saving", () => {
  test("WEB1 an edit is saved by its acknowledgement and by nothing before it", () => {
    const { state } = run([...CONNECTED, edited(), edited(), ack(2)]);
    expect(state.unsaved).toBe(1);
    expect(run([ack(3)], state).state.unsaved).toBe(0);
  });

  test("WEB1 an acknowledgement that repeats or goes back saves nothing", () => {
    const { state } = run([...CONNECTED, edited(), ack(1), ack(0)]);
    expect(state.unsaved).toBe(1);
  });

  test("WEB1 edits before the server's step1 travel in the difference and not twice", () => {
    const { state, effects } = run([
      { type: "start", nowMs: 0 },
      { type: "opened", nowMs: 0 },
      edited(),
      frame({ type: "step1", stateVector: NOTHING }),
    ]);
    expect(effects.filter(({ type }) => type === "sendUpdate")).toEqual([]);
    expect(effects.filter(({ type }) => type === "answer")).toHaveLength(1);
    expect(run([ack(1)], state).state.unsaved).toBe(0);
  });

  test("WEB1 what a lost connection left open is unsaved until a difference is acknowledged", () => {
    const { state } = run([...CONNECTED, edited(), edited(), closed(1006)]);
    expect(state.unsaved).toBe(2);
    const again = run(CONNECTED.slice(0, 4), state).state;
    expect(again.unsaved).toBe(2);
    const saved = run([ack(1, 50)], again).state;
    expect(saved).toMatchObject({ unsaved: 0, back: { edits: 2 } });
  });

  test("SYN5 a second step1 is answered with what is neither saved nor on its way", () => {
    const { state } = run([...CONNECTED, edited(), frame({ type: "step1", stateVector: NOTHING })]);
    expect(run([ack(2)], state).state.unsaved).toBe(0);
    expect(run([ack(3)], state).state.unsaved).toBe(0);
  });

  test("WEB1 whatever happens, unsaved edits fall only at an acknowledgement and never below zero", () => {
    const anyEvent: fc.Arbitrary<Event> = fc.oneof(
      fc.constant<Event>({ type: "start", nowMs: 0 }),
      fc.constant<Event>({ type: "opened", nowMs: 0 }),
      fc.constant(edited()),
      fc.constant(frame({ type: "step1", stateVector: NOTHING })),
      fc.constant(frame({ type: "step2", update: NOTHING })),
      fc.nat(6).map((n) => ack(n)),
      fc.constantFrom(1006, 1012, 4403).map((code) => closed(code)),
      fc.nat(60_000).map((nowMs): Event => ({ type: "tick", nowMs })),
    );
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let state = initial;
        for (const event of events) {
          const [next] = step(state, event);
          const isAck = event.type === "frame" && event.frame.type === "ack";
          expect(next.unsaved).toBeGreaterThanOrEqual(isAck ? 0 : state.unsaved);
          state = next;
        }
      }),
    );
  });
});

describe("staying connected", () => {
  test("SYN12 presence is renewed every 15 s and a silent server is dropped at 33 s", () => {
    const { state } = run(CONNECTED);
    expect(step(state, { type: "tick", nowMs: RENEW_MS - 1 })[1]).toEqual([]);
    expect(step(state, { type: "tick", nowMs: RENEW_MS })[1]).toEqual([{ type: "renewPresence" }]);
    expect(step(state, { type: "tick", nowMs: SILENCE_MS_MAX })[1]).toEqual([{ type: "drop" }]);
  });

  test("SYN12 a hidden tab, whose timers sleep, renews when the server says something", () => {
    const { state } = run(CONNECTED);
    const [, effects] = step(state, frame({ type: "awareness", payload: EDIT }, RENEW_MS));
    expect(effects.map(({ type }) => type)).toEqual(["applyPresence", "renewPresence"]);
  });

  test("SYN14 waits between attempts grow with jitter and stay within their bound", () => {
    let state = run([{ type: "start", nowMs: 0 }]).state;
    const waits: number[] = [];
    for (let i = 0; i < 10; i++) {
      state = run([{ type: "closed", code: 1006, reason: "", nowMs: 0, random: 1 }], state).state;
      if (state.link.kind === "waiting") waits.push(state.link.untilMs);
      state = run([{ type: "tick", nowMs: BACKOFF_MS_MAX }], state).state;
    }
    expect(waits).toHaveLength(10);
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    expect(Math.max(...waits)).toBe(BACKOFF_MS_MAX);
  });

  test("SYN14 a device that comes online tries at once", () => {
    const { state } = run([...CONNECTED, closed(1006)]);
    expect(step(state, { type: "online", nowMs: 1 })[1]).toEqual([{ type: "connect" }]);
  });

  test.each([4400, 4401, 4403, 4404, 4413, 4429, 4499])("SYN13 code %i is final", (code) => {
    const { state } = run([...CONNECTED, closed(code)]);
    expect(state.link).toMatchObject({ kind: "stopped", code });
    expect(step(state, { type: "tick", nowMs: 1e9 })[1]).toEqual([]);
  });

  test.each([1000, 1006, 1011, 1012, 1013, 4500])("SYN13 after code %i it comes back", (code) => {
    const { state } = run([...CONNECTED, closed(code)]);
    expect(step(state, { type: "tick", nowMs: 1e9 })[1]).toEqual([{ type: "connect" }]);
  });

  test("SYN10 another history is told apart from every other end", () => {
    expect(run([...CONNECTED, closed(4409)]).effects).toContainEqual({ type: "otherHistory" });
    expect(run([...CONNECTED, closed(4404)]).effects).not.toContainEqual({ type: "otherHistory" });
  });
});

describe("what the chip says", () => {
  const says = (state: State, nowMs: number) => sentence(shown(state, nowMs));

  test("WEB1 Saved, then Saving… after 600 ms, then Still saving… after 5 s", () => {
    const { state } = run([...CONNECTED, edited(1000)]);
    expect(says(state, 1599)).toBe("Saved");
    expect(says(state, 1600)).toBe("Saving…");
    expect(says(state, 6000)).toBe("Still saving…");
    expect(says(run([ack(2, 6100)], state).state, 6100)).toBe("Saved");
  });

  test("WEB2 Offline counts, and Back online says how many were merged, for four seconds", () => {
    const offline = run([...CONNECTED, closed(1006), edited(), edited()]).state;
    expect(says(offline, 0)).toBe("Offline · 2 edits kept on this device");
    const back = run([...CONNECTED.slice(0, 4), ack(1, 100)], offline).state;
    expect(says(back, 100)).toBe("Back online. 2 edits merged");
    expect(says(back, 4100)).toBe("Saved");
  });

  test("WEB2 a new attempt is still Offline until the document is complete", () => {
    const { state } = run([...CONNECTED, closed(1006), { type: "tick", nowMs: 1e6 }]);
    expect(says(state, 1e6)).toBe("Offline");
    expect(says(run([{ type: "opened", nowMs: 1e6 }], state).state, 1e6)).toBe("Offline");
  });

  test("DUR12 a store that refuses shows read-only with its reason, until it takes edits again", () => {
    const { state } = run([...CONNECTED, frame({ type: "readOnly", reason: "The disk is full." })]);
    expect(shown(state, 0)).toEqual({ kind: "read-only", reason: "The disk is full." });
    expect(says(run([frame({ type: "writable" })], state).state, 0)).toBe("Saved");
  });
});
