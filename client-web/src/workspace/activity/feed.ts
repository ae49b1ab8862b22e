// The workspace's record and its edits, read once and then followed.
import { readable, type Readable } from "svelte/store";
import { addressOf, ApiError, call, type Schema } from "../../app/call";
import type { Edited, RecordEntry } from "./record";

export interface Feed {
  records: RecordEntry[];
  edits: Edited[];
  /** Why there may be more than what is here; empty when there is not. */
  failure: string;
}

export function activityFeed(workspace: string): Readable<Feed | null> {
  const path = { ws: workspace };
  return readable<Feed | null>(null, (set) => {
    let feed: Feed = { records: [], edits: [], failure: "" };
    let isOpen = true;
    let events: EventSource | null = null;
    const tell = (next: Partial<Feed>): void => {
      feed = { ...feed, ...next };
      if (isOpen) set(feed);
    };
    const follow = (cursor: number): void => {
      if (!isOpen) return;
      const query = { cursor };
      events = new EventSource(addressOf("/workspaces/{ws}/changes/events", { path, query }));
      events.addEventListener("changes", (event) => {
        const { items } = JSON.parse(event.data as string) as Schema<"Changes">;
        const records = items.filter((item) => item.kind === "record");
        const edits = items.filter((item) => item.kind === "edited");
        tell({ records: [...feed.records, ...records], edits: newest(feed.edits, edits) });
      });
    };
    void load(path)
      .then(({ cursor, ...loaded }) => {
        tell(loaded);
        follow(cursor);
      })
      .catch((error: unknown) => tell({ failure: error instanceof Error ? error.message : "" }));
    return () => {
      isOpen = false;
      events?.close();
    };
  });
}

interface At {
  ws: string;
}

async function load(path: At): Promise<Omit<Feed, "failure"> & { cursor: number }> {
  const { items, cursor } = await changesSoFar(path);
  const edits = items.filter((item) => item.kind === "edited");
  return { records: await allRecords(path), edits, cursor };
}

/** What is too old to be kept is left out: the record has the decisions all the same. */
async function changesSoFar(path: At): Promise<Schema<"Changes">> {
  const ROUTE = "/workspaces/{ws}/changes";
  try {
    return await call("get", ROUTE, { path, query: { cursor: 0 } });
  } catch (error) {
    if (error instanceof ApiError && error.failure === "missing") {
      return await call("get", ROUTE, { path });
    }
    throw error;
  }
}

async function allRecords(path: At): Promise<RecordEntry[]> {
  const records: RecordEntry[] = [];
  let after: number | null = 0;
  while (after !== null && records.length < RECORDS_MAX) {
    const query = { limit: 500, after };
    const page: Schema<"RecordPage"> = await call("get", "/workspaces/{ws}/record", {
      path,
      query,
    });
    records.push(...page.items);
    after = page.next_after ?? null;
  }
  return records;
}

/** Of edits of one place by one member the newest says when. */
function newest(before: Edited[], after: Edited[]): Edited[] {
  const places = new Map([...before, ...after].map((edit) => [`${edit.by}/${edit.path}`, edit]));
  return [...places.values()];
}

const RECORDS_MAX = 5000;
