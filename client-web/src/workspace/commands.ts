// What the palette and the page's menu offer.
import { NOTICE_WORDS, toggleNotices, type Notifying } from "../app/notify";
import { go, TABS, workspacePath, type Tab } from "../app/route";
import { showToast } from "../app/toast";
import { isDark, setTheme } from "../app/theme";
import { addStep, readSteps } from "../doc/plan";
import type { Person } from "../doc/presence";
import type { Live } from "../sync/live";
import { sentence, shown } from "../sync/shown";
import type { Command } from "../ui/command";
import { get } from "svelte/store";

interface Around {
  live: Live;
  tab: Tab;
  people: Person[];
  notifying: Notifying;
  openHelp: () => void;
  handOff: () => void;
  toggleWhose: () => void;
  review: () => void;
}

export function commandsFor(around: Around): Command[] {
  const { live, tab, people, notifying, openHelp, handOff, toggleWhose, review } = around;
  return [
    { name: "Review what changed", keys: "R", run: review },
    { name: "Who wrote what", keys: "C", run: toggleWhose },
    { name: "Hand off…", keys: "H", run: handOff },
    { name: "Add a step", run: () => startStep(live) },
    ...TABS.filter((name) => name !== tab).map((name) => ({
      name: `Go to ${name}`,
      keys: `G ${name.charAt(0).toUpperCase()}`,
      run: () => go(workspacePath(live.workspace, name)),
    })),
    { name: "Go to your inbox", keys: "G I", run: () => go("/") },
    ...pageCommands(live, notifying),
    { name: "What's happening?", run: () => showToast({ text: happening(live, people) }) },
    { name: "Show shortcuts", keys: "?", run: openHelp },
    ...stepCommands(live),
  ];
}

/** What can be done with the workspace as a whole. */
export function pageCommands(live: Live, notifying: Notifying): Command[] {
  const other = get(isDark) ? "light" : "dark";
  return [
    { name: "History", run: () => go(workspacePath(live.workspace, "history")) },
    { name: "Settings", run: () => go(workspacePath(live.workspace, "settings")) },
    { name: "Export as Markdown", run: () => exportMarkdown(live.workspace) },
    { name: "Print…", run: () => print() },
    { name: NOTICE_WORDS[notifying], run: () => void changeNotices() },
    { name: `Use the ${other} theme`, run: () => setTheme(other) },
  ];
}

function stepCommands({ doc, workspace }: Live): Command[] {
  return readSteps(doc).map(({ id, title }, at) => ({
    name: `Step ${at + 1}: ${title?.toString() || "Untitled"}`,
    isPlace: true,
    run: () => go(`${workspacePath(workspace, "plan")}#step-${id}`),
  }));
}

function exportMarkdown(workspace: string): void {
  const link = document.createElement("a");
  link.href = `/api/v1/workspaces/${workspace}?format=markdown`;
  link.download = `${workspace}.md`;
  link.click();
}

async function changeNotices(): Promise<void> {
  const now = await toggleNotices();
  const said = { on: "You will be notified while you are elsewhere", off: "Notifications are off" };
  showToast({ text: now === "on" || now === "off" ? said[now] : NOTICE_WORDS[now] });
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
