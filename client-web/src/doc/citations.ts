// Which sources a fact of the briefing names: by number, by title or by address. Facts are plain
// text that agents and people write, so what they cite is read from their words.
import type { EntityValue, Source } from "./briefing";

export interface Cited {
  /** Place among the sources, from 0. */
  at: number;
  source: Source;
}

/** The sources that `fact` names, in the order of the list. */
export function citedIn(fact: string, sources: readonly Source[]): Cited[] {
  const words = fact.toLowerCase();
  const numbers = new Set([...fact.matchAll(NUMBER)].map(([, number]) => Number(number)));
  return sources
    .map((source, at) => ({ source, at }))
    .filter(({ source: { title, uri }, at }) => {
      const isNamed = [title, uri].some(
        (name) => isTelling(name) && words.includes(name.toLowerCase()),
      );
      return isNamed || numbers.has(at + 1);
    });
}

/** The sources that speak of an entity: those whose name or address holds its value or its key. */
export function naming(
  { key, value }: { key: string; value: EntityValue },
  sources: readonly Source[],
): Cited[] {
  const sought = [String(value), key.replaceAll("_", " ")].filter(isTelling);
  return sources
    .map((source, at) => ({ source, at }))
    .filter(({ source: { title, uri } }) => {
      const words = `${title} ${uri}`.toLowerCase();
      return sought.some((name) => words.includes(name.toLowerCase()));
    });
}

/** What is put after a fact that rests on a source: a link where there is an address. */
export function citation({ title, uri }: Source, at: number, address: string | null): string {
  const name = title || uri;
  return address === null ? ` [${at + 1}]` : ` [${name.replaceAll(/[[\]]/g, "")}](${address})`;
}

/** Shorter names are found in any text. */
function isTelling(name: string): boolean {
  return name.trim().length >= 3;
}

/** `[2]`, but not `[2](…)`, which is a link of its own. */
const NUMBER = /\[(\d{1,3})\](?!\()/g;
