// What is said about the text rather than in it: suggestions, comments, whose words they are.
// It comes a moment after the text itself, in a file of its own.
import { derived, type Readable } from "svelte/store";
import type { Change } from "../doc/review";
import { watchSuggestions, type Suggestion } from "../doc/suggestions";
import { watchThreads, type Thread } from "../doc/threads";
import type { OverlaySource } from "../editor/overlay";
import { isSynced, type LiveContext } from "./context";
import { watchBothSides } from "../doc/both-sides";
import { overlayOf } from "./overlay";
import Announcer from "./Announcer.svelte";
import NeedsYou from "./approvals/NeedsYou.svelte";
import OwnerBanner from "./pen/OwnerBanner.svelte";
import Rail from "./plan/Rail.svelte";
import ReviewBar from "./review/ReviewBar.svelte";
import { Review } from "./review/review";
import RemarksHere from "./remarks/RemarksHere.svelte";

export interface Extras {
  suggestions: Readable<Suggestion[]>;
  threads: Readable<Thread[]>;
  overlay: OverlaySource;
  review: Review;
  /** What is under review, while it is. */
  changed: Readable<Change[]>;
  /** Steps that both sides wrote in while this device was offline. */
  bothSides: Readable<ReadonlySet<string>>;
  ReviewBar: typeof ReviewBar;
  RemarksHere: typeof RemarksHere;
  NeedsYou: typeof NeedsYou;
  Rail: typeof Rail;
  Announcer: typeof Announcer;
  OwnerBanner: typeof OwnerBanner;
}

export function extrasOf({ live, cards, whose }: LiveContext): Extras {
  const suggestions = watchSuggestions(live.doc);
  const threads = watchThreads(live.doc);
  const review = new Review(live);
  const changed = derived([review.state, review.on], ([state, on]) =>
    on ? (state?.left ?? []) : [],
  );
  const overlay = overlayOf(live.doc, { cards, suggestions, threads, whose, changed });
  const parts = { RemarksHere, ReviewBar, NeedsYou, Rail, Announcer, OwnerBanner };
  const { connection } = live;
  const bothSides = watchBothSides(live.doc, connection, () => isSynced(connection.state));
  return { suggestions, threads, overlay, review, changed, bothSides, ...parts };
}
