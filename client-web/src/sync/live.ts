// One open workspace on this device: the document, its copy here, its connection and its undo.
// When the server ends this history or refuses an edit, it closes itself and says how to go on.
import { get, writable, type Readable } from "svelte/store";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import type { Member } from "../app/api";
import { declareRoots, newUndo, type Undo } from "../doc/document";
import { heldLineage } from "../offline/held";
import type { LocalCopy } from "../offline/local-copy";
import { unsentWords } from "../offline/unsent";
import { Connection } from "./connection";
import { Visit } from "./visit";

/** Why this document cannot go on, with the words that were never sent. */
export type Ending =
  | { kind: "denied"; path: string; reason: string; words: string }
  | { kind: "other-history"; words: string };

export class Live {
  readonly doc = new Y.Doc({ gc: true });
  readonly awareness = new Awareness(this.doc);
  readonly undo: Undo;
  readonly connection: Connection;
  readonly #ending = writable<Ending | null>(null);
  readonly ending: Readable<Ending | null> = this.#ending;
  readonly #clients = new Set<number>([this.doc.clientID]);
  #copy: LocalCopy | null = null;
  #since = Y.encodeStateVector(this.doc);
  #closed = false;
  readonly #stopNoting: () => void;
  readonly #visit = new Visit();

  private constructor(
    readonly workspace: string,
    readonly member: Member,
  ) {
    declareRoots(this.doc);
    this.undo = newUndo(this.doc);
    const { id, name, kind } = member;
    this.awareness.setLocalState({ user: { id, name, kind } });
    this.connection = new Connection(
      syncUrl(workspace, this.#visit.page),
      this.doc,
      this.awareness,
      {
        heldLineage: () => heldLineage(member.id, workspace),
        welcome: (lineage) => void this.#keepCopy(lineage),
        denied: (path, reason) => this.#end({ kind: "denied", path, reason, words: this.words() }),
        otherHistory: () => this.#end({ kind: "other-history", words: this.words() }),
        saved: () => this.#saved(),
      },
    );
    this.#stopNoting = this.connection.states.subscribe(this.#note);
  }

  /** Opens the copy on this device first, if there is one, then the connection. */
  static async open(workspace: string, member: Member): Promise<Live> {
    const live = new Live(workspace, member);
    const lineage = heldLineage(member.id, workspace);
    if (lineage !== null) await live.#restore(lineage);
    live.connection.start();
    return live;
  }

  /** What this device wrote and no acknowledgement has covered. */
  words(): string {
    return unsentWords(this.doc, this.#since, this.#clients);
  }

  /** Forgets the copy on this device; the next opening starts from the server. */
  async forget(): Promise<void> {
    const copy = this.#copy;
    this.#copy = null;
    this.close();
    await copy?.drop();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.awareness.setLocalState(null);
    this.connection.close();
    this.#stopNoting();
    this.#visit.end();
    void this.#copy?.close();
    this.undo.close();
    this.awareness.destroy();
    this.doc.destroy();
  }

  async #restore(lineage: string): Promise<void> {
    const copy = await this.#openCopy(lineage);
    if (!copy) return;
    const unsaved = copy.unsaved();
    if (unsaved && unsaved.edits > 0) {
      this.#since = unsaved.since;
      for (const client of unsaved.clients) this.#clients.add(client);
    } else {
      this.#since = Y.encodeStateVector(this.doc);
    }
    this.connection.restored(unsaved?.edits ?? 0);
  }

  async #keepCopy(lineage: string): Promise<void> {
    if (this.#copy === null && !this.#closed) await this.#openCopy(lineage);
  }

  /** A device without storage still edits; it only cannot reload while offline. */
  async #openCopy(lineage: string): Promise<LocalCopy | null> {
    const key = { member: this.member.id, workspace: this.workspace, lineage };
    try {
      const { LocalCopy } = await import("../offline/local-copy");
      this.#copy = await LocalCopy.open(key, this.doc);
      return this.#copy;
    } catch {
      return null;
    }
  }

  #saved(): void {
    this.#since = Y.encodeStateVector(this.doc);
    this.#clients.clear();
    this.#clients.add(this.doc.clientID);
  }

  #end(ending: Ending): void {
    if (get(this.#ending) === null) this.#ending.set(ending);
  }

  readonly #note = (): void => {
    const edits = this.connection.state.unsaved;
    this.#copy?.note({ edits, since: this.#since, clients: [...this.#clients] });
  };
}

function syncUrl(workspace: string, page: string): string {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const query = `penhold=1&page=${page}`;
  return `${scheme}://${location.host}/sync/${encodeURIComponent(workspace)}?${query}`;
}
