import { describe, expect, test } from "vitest";
import type { Approval, Handoff, Holding, Owner } from "../src/doc/control";
import { newsOf, type Standing } from "../src/workspace/news";

const AROUND = { me: "mara", name: (id: string) => id.charAt(0).toUpperCase() + id.slice(1) };
const NOTHING: Standing = { holdings: [], approvals: [], handoffs: [] };

describe("news", () => {
  test("WEB12 a new owner is told once, oneself as You", () => {
    const before = held("plan", { kind: "member", id: "planner" }, 1);
    const mine = held("plan", { kind: "member", id: "mara" }, 2);
    const queued = held("plan", { kind: "queue", name: "people" }, 2);
    expect(sentences(before, mine)).toEqual(["You own the plan now"]);
    expect(sentences(before, queued)).toEqual(["The queue “people” owns the plan now"]);
    expect(sentences(mine, mine)).toEqual([]);
  });

  test("WEB12 a question needs those who may answer it, and its end is told, too", () => {
    const asked = { ...NOTHING, approvals: [approval([])] };
    const [news] = newsOf(NOTHING, asked, AROUND);
    expect(news).toEqual({
      sentence: "Planner asks: Send 48?",
      needs: { tag: "a1", place: "approval:a1" },
    });
    const named = { ...NOTHING, approvals: [approval(["ravi"])] };
    expect(newsOf(NOTHING, named, AROUND)[0]?.needs).toBeNull();
    expect(sentences(asked, NOTHING)).toEqual(["“Send 48?” is no longer open"]);
  });

  test("WEB12 an offer needs its receiver; what one offers oneself is no news", () => {
    const toMe = { ...NOTHING, handoffs: [handoff("planner", "mara")] };
    expect(newsOf(NOTHING, toMe, AROUND)).toEqual([
      { sentence: "Planner offers you the step", needs: { tag: "h1", place: "step:s1" } },
    ]);
    const byMe = { ...NOTHING, handoffs: [handoff("mara", "planner")] };
    expect(newsOf(NOTHING, byMe, AROUND)).toEqual([]);
    const toRavi = { ...NOTHING, handoffs: [handoff("planner", "ravi")] };
    expect(newsOf(NOTHING, toRavi, AROUND)[0]?.needs).toBeNull();
  });
});

function sentences(before: Standing, now: Standing): string[] {
  return newsOf(before, now, AROUND).map(({ sentence }) => sentence);
}

function held(item: string, owner: Owner, epoch: number): Standing {
  const holding: Holding = {
    item,
    owner,
    epoch,
    ownerName: "",
    inherited: null,
    sinceMs: epoch,
    isCatchingUp: false,
  };
  return { ...NOTHING, holdings: [holding] };
}

function approval(named: string[]): Approval {
  const place = { status: "asked", reversible: false, risk: 0.5, scope: [] } as const;
  return { id: "a1", title: "Send 48?", by: "planner", atMs: 1, named, ...place, scope: [] };
}

function handoff(by: string, to: string): Handoff {
  return {
    id: "h1",
    item: "step:s1",
    from: { kind: "member", id: by },
    to: { kind: "member", id: to },
    by,
    note: "",
    status: "offered",
    atMs: 1,
    summary: "",
  };
}
