import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRoute, workspacePath } from "../src/app/route";
import { ago } from "../src/app/time";
import { safeAddress } from "../src/editor/links";
import { hueOf, initialsOf } from "../src/ui/identity";
import { columnOf, statusOfKey } from "../src/workspace/tasks/columns";
import { TASK_STATUSES } from "../src/doc/tasks";

const at = (pathname: string, search = "") => parseRoute({ pathname, search });

describe("addresses", () => {
  test("WEB9 every workspace and tab has an address that leads back to it", () => {
    const id = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/);
    fc.assert(
      fc.property(id, fc.constantFrom("plan", "briefing", "tasks", "notes"), (name, tab) => {
        expect(at(workspacePath(name, tab))).toEqual({
          name: "workspace",
          id: name,
          part: tab,
          checkpoint: null,
        });
      }),
    );
  });

  test("WEB9 a workspace without a tab opens its plan, an unknown place says so", () => {
    expect(at("/w/study")).toEqual({
      name: "workspace",
      id: "study",
      part: "plan",
      checkpoint: null,
    });
    expect(at("/w/study/history/000012-by-hand")).toMatchObject({
      part: "history",
      checkpoint: "000012-by-hand",
    });
    expect(at("/w/study/plan/more")).toEqual({ name: "missing" });
    expect(at("/w/study/nowhere")).toEqual({ name: "missing" });
    expect(at("/w/%E0%A4%A/plan")).toEqual({ name: "missing" });
    expect(at("/sign-in", "?code=abc")).toEqual({ name: "sign-in", code: "abc" });
  });
});

describe("links in documents", () => {
  test.each(["https://example.org/a", "http://example.org", "mailto:a@example.org"])(
    "WEB6 %s is followed",
    (address) => expect(safeAddress(address)).not.toBeNull(),
  );

  test.each([
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "/api",
    "file:///etc",
  ])("WEB6 %s is not", (address) => expect(safeAddress(address)).toBeNull());
});

describe("marks of members", () => {
  test("WEB10 a member has one colour everywhere, agents another range than people, nobody red", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (id) => {
        expect(hueOf(id, "agent")).toBeGreaterThanOrEqual(300);
        expect(hueOf(id, "human")).toBeLessThan(300);
        expect(hueOf(id, "human")).toBeGreaterThan(50);
        expect(hueOf(id, "human")).toBe(hueOf(id, "human"));
      }),
    );
  });

  test("WEB10 initials are those of the first and the last name", () => {
    expect(initialsOf("Mara Lindqvist")).toBe("ML");
    expect(initialsOf("Zoë van der Park")).toBe("ZP");
    expect(initialsOf("planner")).toBe("P");
  });
});

test("WEB9 every task is in one column, and keys 1 to 4 name the columns", () => {
  const task = (status: (typeof TASK_STATUSES)[number]) =>
    ({ status }) as Parameters<typeof columnOf>[0];
  expect(TASK_STATUSES.map((status) => columnOf(task(status)))).toEqual([
    "todo",
    "doing",
    "waiting",
    "done",
    "done",
  ]);
  expect(["1", "2", "3", "4", "5", "x"].map(statusOfKey)).toEqual([
    "todo",
    "doing",
    "waiting",
    "done",
    null,
    null,
  ]);
});

test("WEB9 times are said as people say them", () => {
  const now = Date.UTC(2026, 5, 1, 12);
  expect(ago(now - 5_000, now)).toBe("just now");
  expect(ago(now - 12 * 60_000, now)).toBe("12 min ago");
  expect(ago(now - 26 * 3_600_000, now)).toBe("yesterday");
});
