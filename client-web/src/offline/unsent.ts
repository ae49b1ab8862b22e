// The words of this device that the server never acknowledged, for copying when they cannot be
// sent any more. Read from the update itself, so that nothing else has to be remembered.
import * as Y from "yjs";

/** The text that `clients` inserted since the state vector `since`, one run a line. */
export function unsentWords(doc: Y.Doc, since: Uint8Array, clients: ReadonlySet<number>): string {
  const { structs } = Y.decodeUpdate(Y.encodeStateAsUpdate(doc, since));
  const runs: string[] = [];
  let end: { client: number; clock: number } | null = null;
  for (const struct of structs) {
    const { client, clock } = struct.id;
    if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) continue;
    if (!clients.has(client)) continue;
    const follows: boolean = end !== null && end.client === client && end.clock === clock;
    if (follows) runs.push((runs.pop() ?? "") + struct.content.str);
    else runs.push(struct.content.str);
    end = { client, clock: clock + struct.length };
  }
  return runs
    .map((run) => run.trim())
    .filter((run) => run !== "")
    .join("\n");
}
