// What the palette offers.
import { go, TABS, workspacePath, type Tab } from "../app/route";
import { showToast } from "../app/toast";
import { isDark, setTheme } from "../app/theme";
import { addStep } from "../doc/plan";
import type { Person } from "../doc/presence";
import type { Live } from "../sync/live";
import { sentence, shown } from "../sync/shown";
import { get } from "svelte/store";

export interface Command {
  name: string;
  keys?: string;
  run: () => void;
}

interface Around {
  live: Live;
  tab: Tab;
  people: Person[];
  openHelp: () => void;
  handOff: () => void;
  toggleWhose: () => void;
}

export function commandsFor({
  live,
  tab,
  people,
  openHelp,
  handOff,
  toggleWhose,
}: Around): Command[] {
  const other = get(isDark) ? "light" : "dark";
  return [
    { name: "Add a step", run: () => startStep(live) },
    ...TABS.filter((name) => name !== tab).map((name) => ({
      name: `Go to ${name}`,
      keys: `G ${name.charAt(0).toUpperCase()}`,
      run: () => go(workspacePath(live.workspace, name)),
    })),
    { name: "History", run: () => go(workspacePath(live.workspace, "history")) },
    { name: "Settings", run: () => go(workspacePath(live.workspace, "settings")) },
    { name: "Go to your inbox", keys: "G I", run: () => go("/") },
    { name: "Hand off…", keys: "H", run: handOff },
    { name: "Who wrote what", keys: "C", run: toggleWhose },
    { name: "What's happening?", run: () => showToast({ text: happening(live, people) }) },
    { name: `Use the ${other} theme`, run: () => setTheme(other) },
    { name: "Show shortcuts", keys: "?", run: openHelp },
  ];
}

function startStep(live: Live): void {
  const id = addStep(live.doc);
  if (id !== null) go(`${workspacePath(live.workspace, "plan")}#step-${id}`);
}

function happening(live: Live, people: Person[]): string {
  const others = people.filter((person) => !person.isMe).map(({ name }) => name);
  const who = others.length === 0 ? "You are alone here" : `Here: ${others.join(", ")}`;
  return `${sentence(shown(live.connection.state, Date.now()))}. ${who}.`;
}
