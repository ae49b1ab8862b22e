import { afterEach, describe, expect, test, vi } from "vitest";
import { Keeper } from "../src/workspace/review/progress";

interface Server {
  review: { since: string; cursor: number; seen: string[] } | null;
}

/** A server that keeps one review, or none that answers. */
function serve(server: Server | null): void {
  vi.stubGlobal("fetch", (_: string, { method, body }: RequestInit) => {
    if (!server) return Promise.reject(new TypeError("no network"));
    if (method === "PUT") server.review = JSON.parse(String(body));
    return Promise.resolve(new Response(JSON.stringify(server.review ?? { since: "visit" })));
  });
}

describe("progress of a review", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    localStorage.clear();
  });

  test("WEB15 what was looked at on another device counts here, for the same version only", async () => {
    const server: Server = { review: { since: "visit", cursor: 7, seen: ["a"] } };
    serve(server);
    const keeper = new Keeper("study", "mara");
    expect(await keeper.seenSince(7)).toEqual(new Set(["a"]));
    expect(await keeper.seenSince(8)).toEqual(new Set());
  });

  test("WEB15 what is looked at is on the server when the page is left", async () => {
    const server: Server = { review: null };
    serve(server);
    const keeper = new Keeper("study", "mara");
    keeper.keep({ since: "visit", cursor: 7, seen: ["a"] });
    keeper.keep({ since: "visit", cursor: 7, seen: ["a", "b"] });
    keeper.close();
    await vi.waitFor(() => expect(server.review?.seen).toEqual(["a", "b"]));
  });

  test("WEB15 without the server this device knows, and the server hears of it later", async () => {
    serve(null);
    const away = new Keeper("study", "mara");
    away.keep({ since: "visit", cursor: 7, seen: ["a"] });
    away.close();
    expect(await new Keeper("study", "mara").seenSince(7)).toEqual(new Set(["a"]));
    expect(await new Keeper("study", "ravi").seenSince(7)).toEqual(new Set());

    const server: Server = { review: { since: "visit", cursor: 7, seen: ["b"] } };
    serve(server);
    expect(await new Keeper("study", "mara").seenSince(7)).toEqual(new Set(["a", "b"]));
  });
});
