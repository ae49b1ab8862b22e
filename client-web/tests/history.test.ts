import { describe, expect, test } from "vitest";
import { keptBefore, momentOf, type Kept } from "../src/workspace/history/kept";

describe("history", () => {
  test("WEB14 an address asks for a moment or names a version", () => {
    expect(momentOf("at-1767225600000")).toBe(1_767_225_600_000);
    expect(momentOf("000000004711-by-hand")).toBeNull();
    expect(momentOf("at-soon")).toBeNull();
    expect(momentOf(null)).toBeNull();
  });

  test("WEB14 the version of a moment is the newest that was there already, or else the oldest", () => {
    const versions = [kept("c", 30), kept("b", 20), kept("unknown", null), kept("a", 10)];
    expect(keptBefore(versions, 25)?.id).toBe("b");
    expect(keptBefore(versions, 30)?.id).toBe("c");
    expect(keptBefore(versions, 5)?.id).toBe("a");
    expect(keptBefore([], 5)).toBeUndefined();
  });
});

function kept(id: string, atMs: number | null): Kept {
  return { id, atMs, why: "", title: "", by: "" };
}
