import { expect, test } from "vitest";
import { editLines, linesOf, type RecordEntry, together } from "../src/workspace/activity/record";

const naming = {
  item: (item: string) => `the ${item}`,
  member: (id: string) => (id === "mara" ? "Mara" : id),
};
/** A record of events with what the page reads of them; a newer server may tell others. */
const record = (no: number, ...events: { type: string; [field: string]: unknown }[]) => ({
  no,
  at_ms: no * 1000,
  by: "planner",
  events: events as unknown as RecordEntry["events"],
});

test("a cold hand-off is one line with its note, whatever events the record has of it", () => {
  const lines = linesOf(
    [
      record(
        1,
        { type: "keyed" },
        { type: "handoff_offered", mode: "cold", item: "plan", to: { member: "mara" } },
        {
          type: "owner_changed",
          item: "plan",
          owner: { member: "mara" },
          cause: "handed_off",
          note: "Look at the budget",
        },
      ),
    ],
    naming,
  );
  expect(lines).toMatchObject([
    { does: "handed the plan to Mara", note: "Look at the budget", topic: "ownership" },
  ]);
});

test("an answer names what was asked and carries its note", () => {
  const lines = linesOf(
    [
      record(1, { type: "approval_asked", id: "a", ask: { title: "Send 48 emails?" } }),
      record(2, { type: "approval_answered", id: "a", verdict: "decline", note: "Too many" }),
    ],
    naming,
  );
  expect(lines.map(({ does, note }) => [does, note])).toEqual([
    ["asked: Send 48 emails?", ""],
    ["declined “Send 48 emails?”", "Too many"],
  ]);
});

test("events of a kind that this page does not know are left out", () => {
  expect(linesOf([record(1, { type: "from_the_future" })], naming)).toEqual([]);
});

test("edits of a member within ten minutes are one line, the server's own are none", () => {
  const edit = (path: string, item: string, minute: number) =>
    ({ kind: "edited", path, item, by: "mara", at_ms: minute * 60_000, position: minute }) as const;
  const lines = editLines(
    [
      edit("plan/goal", "plan", 1),
      edit("notes", "notes", 2),
      edit("control/owners", "workspace", 3),
      edit("notes", "notes", 30),
    ],
    naming,
  );
  expect(together(lines).map(({ does }) => does)).toEqual([
    "edited the notes",
    "edited the plan and the notes",
  ]);
});
