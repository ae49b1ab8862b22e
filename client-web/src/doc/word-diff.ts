// What changed between two texts, by words: short edits read better as whole words.
export type Piece = { kind: "same" | "removed" | "added"; text: string };

/** The pieces of `before` and `after` in reading order; what was removed stands before what was
 * added in its place. */
export function wordDiff(before: string, after: string): Piece[] {
  const a = wordsOf(before);
  const b = wordsOf(after);
  const start = commonStart(a, b);
  const end = commonEnd(a, b, start);
  const middle = diffMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return joined([
    { kind: "same", text: a.slice(0, start).join("") },
    ...middle,
    { kind: "same", text: a.slice(a.length - end).join("") },
  ]);
}

/** Words, spaces and signs; concatenated they are the text again. */
function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\n|[^\S\n]+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

function commonStart(a: string[], b: string[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}

function commonEnd(a: string[], b: string[], start: number): number {
  let n = 0;
  const most = Math.min(a.length, b.length) - start;
  while (n < most && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
  return n;
}

/** Longest common subsequence; past a size that a person would read as "all of it is new". */
function diffMiddle(a: string[], b: string[]): Piece[] {
  if (a.length * b.length > CELLS_MAX) {
    return [
      { kind: "removed", text: a.join("") },
      { kind: "added", text: b.join("") },
    ];
  }
  const lengths = commonLengths(a, b);
  const width = b.length + 1;
  const pieces: Piece[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const isSame = i < a.length && j < b.length && a[i] === b[j];
    const down = i < a.length ? (lengths[(i + 1) * width + j] ?? 0) : -1;
    const right = j < b.length ? (lengths[i * width + j + 1] ?? 0) : -1;
    if (isSame) {
      pieces.push({ kind: "same", text: a[i] ?? "" });
      i++;
      j++;
    } else if (down >= right) pieces.push({ kind: "removed", text: a[i++] ?? "" });
    else pieces.push({ kind: "added", text: b[j++] ?? "" });
  }
  return pieces;
}

/** At (i, j): how many words the rest of `a` from i and the rest of `b` from j have in common. */
function commonLengths(a: string[], b: string[]): Uint32Array {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const here = i * width + j;
      lengths[here] =
        a[i] === b[j]
          ? (lengths[here + width + 1] ?? 0) + 1
          : Math.max(lengths[here + width] ?? 0, lengths[here + 1] ?? 0);
    }
  }
  return lengths;
}

/** Joins neighbours of a kind, and lets one space between two changes be part of both: "a b" for
 * "c d" is one change, not two. */
function joined(pieces: Piece[]): Piece[] {
  const done: Piece[] = [];
  let removed = "";
  let added = "";
  const flush = (): void => {
    if (removed !== "") done.push({ kind: "removed", text: removed });
    if (added !== "") done.push({ kind: "added", text: added });
    removed = added = "";
  };
  for (const [at, { kind, text }] of pieces.entries()) {
    if (text === "") continue;
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else if (text === " " && removed !== "" && added !== "" && isChange(pieces[at + 1])) {
      removed += text;
      added += text;
    } else {
      flush();
      const last = done.at(-1);
      if (last?.kind === "same") last.text += text;
      else done.push({ kind, text });
    }
  }
  flush();
  return done;
}

function isChange(piece: Piece | undefined): boolean {
  return piece !== undefined && piece.kind !== "same" && piece.text !== "";
}

const CELLS_MAX = 1_000_000;
