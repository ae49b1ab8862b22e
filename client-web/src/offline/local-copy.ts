// The copy of a document on this device, so that a reload works while offline.
//
// Invariant: a copy belongs to one member and one history (lineage) of one workspace. Another
// history never loads into it, and another member never sees it.
import { clearDocument, IndexeddbPersistence } from "y-indexeddb";
import type * as Y from "yjs";

/** What had not been acknowledged when the copy was last looked after. */
export interface Unsaved {
  edits: number;
  /** State vector of the last moment at which everything was saved. */
  since: Uint8Array;
  /** Client ids under which the edits were made. */
  clients: number[];
}

export interface CopyKey {
  member: string;
  workspace: string;
  lineage: string;
}

/** The history whose copy this device holds for a workspace, if it holds one. */
export function heldLineage(member: string, workspace: string): string | null {
  return localStorage.getItem(pointer(member, workspace));
}

export class LocalCopy {
  readonly #store: IndexeddbPersistence;
  readonly #key: CopyKey;
  #unsaved: Unsaved | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(key: CopyKey, doc: Y.Doc) {
    this.#key = key;
    this.#store = new IndexeddbPersistence(databaseName(key), doc);
  }

  /** Loads the copy into the document, and keeps it up to date from then on. */
  static async open(key: CopyKey, doc: Y.Doc): Promise<LocalCopy> {
    const copy = new LocalCopy(key, doc);
    await copy.#store.whenSynced;
    localStorage.setItem(pointer(key.member, key.workspace), key.lineage);
    return copy;
  }

  /** The origin of the updates that come from this copy. */
  get origin(): unknown {
    return this.#store;
  }

  async unsaved(): Promise<Unsaved | null> {
    // y-indexeddb types its values as strings and numbers, and stores anything.
    const kept: unknown = await this.#store.get(UNSAVED);
    return isUnsaved(kept) ? kept : null;
  }

  /** Notes what is not acknowledged; written a little later, and only if it changed. */
  note(unsaved: Unsaved): void {
    const isSame = this.#unsaved?.edits === unsaved.edits;
    this.#unsaved = unsaved;
    if (isSame) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#write(), NOTE_MS);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#write();
    await this.#store.destroy();
  }

  /** Forgets the copy for good. */
  async drop(): Promise<void> {
    clearTimeout(this.#timer);
    localStorage.removeItem(pointer(this.#key.member, this.#key.workspace));
    await this.#store.destroy();
    await clearDocument(databaseName(this.#key));
  }

  async #write(): Promise<void> {
    if (this.#unsaved) await this.#store.set(UNSAVED, this.#unsaved as never);
  }
}

function isUnsaved(value: unknown): value is Unsaved {
  return typeof value === "object" && value !== null && "edits" in value && "since" in value;
}

function databaseName({ member, workspace, lineage }: CopyKey): string {
  return `penhold/${member}/${workspace}/${lineage}`;
}

function pointer(member: string, workspace: string): string {
  return `penhold.copy/${member}/${workspace}`;
}

const UNSAVED = "unsaved";
const NOTE_MS = 300;
