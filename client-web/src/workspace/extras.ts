// What is said about the text rather than in it: suggestions, comments, whose words they are.
// It comes a moment after the text itself, in a file of its own.
import type { Readable } from "svelte/store";
import { watchSuggestions, type Suggestion } from "../doc/suggestions";
import { watchThreads, type Thread } from "../doc/threads";
import type { OverlaySource } from "../editor/overlay";
import type { LiveContext } from "./context";
import { overlayOf } from "./overlay";
import Announcer from "./Announcer.svelte";
import NeedsYou from "./approvals/NeedsYou.svelte";
import OwnerBanner from "./pen/OwnerBanner.svelte";
import Rail from "./plan/Rail.svelte";
import RemarksHere from "./remarks/RemarksHere.svelte";

export interface Extras {
  suggestions: Readable<Suggestion[]>;
  threads: Readable<Thread[]>;
  overlay: OverlaySource;
  RemarksHere: typeof RemarksHere;
  NeedsYou: typeof NeedsYou;
  Rail: typeof Rail;
  Announcer: typeof Announcer;
  OwnerBanner: typeof OwnerBanner;
}

export function extrasOf({ live, cards, whose }: LiveContext): Extras {
  const suggestions = watchSuggestions(live.doc);
  const threads = watchThreads(live.doc);
  const overlay = overlayOf(live.doc, { cards, suggestions, threads, whose });
  return { suggestions, threads, overlay, RemarksHere, NeedsYou, Rail, Announcer, OwnerBanner };
}
