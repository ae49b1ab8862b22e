// An approval as this person saw it. What was shown first is pinned: when it changes, nothing can
// be answered until the person has looked again.
import { approval } from "../../app/commands";
import type { ApprovalView } from "../../app/ledger";
import { refusal } from "../../app/commands";
import { pathOf } from "../../doc/cursors";
import { isWithin, keysOfPath } from "../../doc/place";
import type { Live } from "../../sync/live";
import type * as Y from "yjs";

export class Look {
  /** What the person is looking at. */
  shown = $state.raw<ApprovalView | null>(null);
  /** What stands there now, when that is something else. */
  newer = $state.raw<ApprovalView | null>(null);
  failure = $state("");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(
    readonly live: Live,
    readonly id: string,
  ) {
    void this.refresh();
    live.doc.on("afterTransaction", this.#onTransaction);
  }

  /** Takes what stands there now as what was looked at. */
  again(): void {
    this.shown = this.newer ?? this.shown;
    this.newer = null;
  }

  async refresh(): Promise<void> {
    try {
      const now = await approval(this.live.workspace, this.id);
      if (this.#closed) return;
      this.failure = "";
      if (this.shown === null || this.shown.content === now.content) {
        this.shown = now;
        this.newer = null;
      } else this.newer = now;
    } catch (error) {
      this.failure = refusal(error);
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.live.doc.off("afterTransaction", this.#onTransaction);
  }

  readonly #onTransaction = ({ changed }: Y.Transaction): void => {
    const places = [
      ...(this.shown?.scope ?? []).map(keysOfPath),
      ["control", "approvals", this.id],
    ];
    const isTouched = [...changed.keys()].some((type) => {
      const path = pathOf(this.live.doc, type as Y.AbstractType<unknown>);
      return places.some((place) => isWithin(path, place) || isWithin(place, path));
    });
    if (!isTouched) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.refresh(), SETTLE_MS);
  };
}

/** Typing goes on for a while; the server is asked once it rests. */
const SETTLE_MS = 500;
