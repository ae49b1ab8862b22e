// The copy of a document on this device, so that a reload works while offline.
//
// Invariant: a copy belongs to one member and one history (lineage) of one workspace. Another
// history never loads into it, and another member never sees it.
import { clearDocument, IndexeddbPersistence } from "y-indexeddb";
import type * as Y from "yjs";
import { forgetLineage, holdLineage } from "./held";
import { UnsavedNotes, type Unsaved } from "./unsaved";

export interface CopyKey {
  member: string;
  workspace: string;
  lineage: string;
}

export class LocalCopy {
  readonly #store: IndexeddbPersistence;
  readonly #key: CopyKey;
  readonly #unsaved: UnsavedNotes;
  #latest: Unsaved | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(key: CopyKey, doc: Y.Doc) {
    this.#key = key;
    this.#store = new IndexeddbPersistence(databaseName(key), doc);
    this.#unsaved = new UnsavedNotes(databaseName(key), String(doc.clientID));
  }

  /** Loads the copy into the document, and keeps it up to date from then on. */
  static async open(key: CopyKey, doc: Y.Doc): Promise<LocalCopy> {
    const copy = new LocalCopy(key, doc);
    await copy.#store.whenSynced;
    holdLineage(key);
    return copy;
  }

  /** The origin of the updates that come from this copy. */
  get origin(): unknown {
    return this.#store;
  }

  /** What this tab and those before it had not seen acknowledged. */
  unsaved(): Unsaved | null {
    return this.#unsaved.take();
  }

  /** Notes what is not acknowledged, a little later. */
  note(unsaved: Unsaved): void {
    const isSame = this.#latest?.edits === unsaved.edits;
    this.#latest = unsaved;
    if (isSame) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), NOTE_MS);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#write();
    await this.#store.destroy();
  }

  /** Forgets the copy for good. */
  async drop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#unsaved.clear();
    forgetLineage(this.#key.member, this.#key.workspace);
    await this.#store.destroy();
    await clearDocument(databaseName(this.#key));
  }

  #write(): void {
    if (this.#latest) this.#unsaved.note(this.#latest);
  }
}

function databaseName({ member, workspace, lineage }: CopyKey): string {
  return `penhold/${member}/${workspace}/${lineage}`;
}

const NOTE_MS = 300;
