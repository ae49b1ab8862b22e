// The workspace's record and its edits, read once and then followed.
import { readable, type Readable } from "svelte/store";
import { ApiError, call } from "../../app/api";
import type { Edited, RecordEntry } from "./record";

export interface Feed {
  records: RecordEntry[];
  edits: Edited[];
  /** Why there may be more than what is here; empty when there is not. */
  failure: string;
}

export function activityFeed(workspace: string): Readable<Feed | null> {
  const base = `/workspaces/${encodeURIComponent(workspace)}`;
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
      events = new EventSource(`/api/v1${base}/changes/events?cursor=${cursor}`);
      events.addEventListener("changes", (event) => {
        const { items } = JSON.parse(event.data as string) as Changes;
        const records = items.filter((item) => item.kind === "record");
        const edits = items.filter((item) => item.kind === "edited");
        tell({ records: [...feed.records, ...records], edits: newest(feed.edits, edits) });
      });
    };
    void load(base)
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

interface Changes {
  items: (({ kind: "record" } & RecordEntry) | Edited)[];
  cursor: number;
}

async function load(base: string): Promise<Omit<Feed, "failure"> & { cursor: number }> {
  const { items, cursor } = await changesSoFar(base);
  const edits = items.filter((item) => item.kind === "edited");
  return { records: await allRecords(base), edits, cursor };
}

/** What is too old to be kept is left out: the record has the decisions all the same. */
async function changesSoFar(base: string): Promise<Changes> {
  try {
    return await call<Changes>("GET", `${base}/changes?cursor=0`);
  } catch (error) {
    if (error instanceof ApiError && error.failure === "missing") {
      return await call<Changes>("GET", `${base}/changes`);
    }
    throw error;
  }
}

async function allRecords(base: string): Promise<RecordEntry[]> {
  const records: RecordEntry[] = [];
  let after: number | null = 0;
  while (after !== null && records.length < RECORDS_MAX) {
    const page: { items: RecordEntry[]; next_after: number | null } = await call(
      "GET",
      `${base}/record?limit=500&after=${after}`,
    );
    records.push(...page.items);
    after = page.next_after;
  }
  return records;
}

/** Of edits of one place by one member the newest says when. */
function newest(before: Edited[], after: Edited[]): Edited[] {
  const places = new Map([...before, ...after].map((edit) => [`${edit.by}/${edit.path}`, edit]));
  return [...places.values()];
}

const RECORDS_MAX = 5000;
