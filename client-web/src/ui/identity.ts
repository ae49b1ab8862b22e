// How a member looks: people are circles with initials, agents squircles with a monogram.
// Hues come from the member's id, so that everyone sees the same colour for the same member.
import type { Kind } from "../app/api";

/** Eight hues for people, in degrees of OKLCH; no reds, which mean danger here. */
const PEOPLE_HUES = [160, 55, 255, 205, 130, 85, 232, 180] as const;
const AGENT_HUE_FIRST = 300;
const AGENT_HUE_COUNT = 33;

export function hueOf(id: string, kind: Kind): number {
  const hash = hashOf(id);
  if (kind === "agent") return AGENT_HUE_FIRST + (hash % AGENT_HUE_COUNT);
  return PEOPLE_HUES[hash % PEOPLE_HUES.length] ?? PEOPLE_HUES[0];
}

export function initialsOf(name: string): string {
  const words = name.split(/[\s_-]+/u).filter((word) => word !== "");
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toUpperCase();
}

export function monogramOf(name: string): string {
  return initialsOf(name).slice(0, 1);
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
