// The shared document: its roots, who made a change here, and undo of own changes only.
import * as Y from "yjs";

/** Origin of changes made by controls of the page. */
export const CONTROL = Symbol("control");
/** Origin of removals, which have an undo of their own in the toast. */
export const REMOVAL = Symbol("removal");

export interface Roots {
  meta: Y.Map<unknown>;
  plan: Y.Map<unknown>;
  briefing: Y.Map<unknown>;
  tasks: Y.Map<unknown>;
  notes: Y.Text;
}

export function rootsOf(doc: Y.Doc): Roots {
  return {
    meta: doc.getMap("meta"),
    plan: doc.getMap("plan"),
    briefing: doc.getMap("briefing"),
    tasks: doc.getMap("tasks"),
    notes: doc.getText("notes"),
  };
}

/** Every root has its type before the first update, so that observers see all of it. */
export function declareRoots(doc: Y.Doc): void {
  rootsOf(doc);
  for (const name of ["suggestions", "threads", "control"]) doc.getMap(name);
}

export interface Undo {
  /** Undo of everything this page did, in order. */
  all: Y.UndoManager;
  /** Brings back what was removed last, whatever was edited since. */
  removals: Y.UndoManager;
  close: () => void;
}

export function newUndo(doc: Y.Doc): Undo {
  const scope = [...Object.values(rootsOf(doc)), doc.getMap("suggestions"), doc.getMap("threads")];
  const all = new Y.UndoManager(scope, { trackedOrigins: new Set<unknown>([CONTROL, REMOVAL]) });
  const removals = new Y.UndoManager(scope, {
    trackedOrigins: new Set<unknown>([REMOVAL]),
    captureTimeout: 0,
  });
  // Typing within half a second is one thing to undo; a choice in a menu is always its own.
  const separate = ({ origin }: Y.Transaction): void => {
    if (origin === CONTROL || origin === REMOVAL) all.stopCapturing();
  };
  doc.on("beforeTransaction", separate);
  doc.on("afterTransaction", separate);
  return {
    all,
    removals,
    close: () => {
      doc.off("beforeTransaction", separate);
      doc.off("afterTransaction", separate);
      all.destroy();
      removals.destroy();
    },
  };
}

/** Any type of the document. */
interface Part {
  doc: Y.Doc | null;
}

export function change(type: Part, edit: () => void): void {
  transact(type, edit, CONTROL);
}

export function removeEntry(map: Y.Map<unknown>, id: string): void {
  transact(map, () => map.delete(id), REMOVAL);
}

function transact(type: Part, edit: () => void, origin: symbol): void {
  if (!type.doc) throw new Error("this part of the document was removed");
  type.doc.transact(edit, origin);
}
