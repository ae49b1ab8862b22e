// The keys of the pages around the workspaces, for the sheet that lists them.
export const SHORTCUTS = [
  { keys: ["⌘ K", "Ctrl K"], does: "What do you want to do?" },
  { keys: ["?"], does: "This list" },
  { keys: ["J", "K"], does: "Next, previous row" },
  { keys: ["Enter"], does: "Open it" },
  { keys: ["E"], does: "Claim" },
  { keys: ["S"], does: "Snooze until tomorrow" },
  { keys: ["G then I W"], does: "Go to your inbox, to the workspaces" },
] as const;
