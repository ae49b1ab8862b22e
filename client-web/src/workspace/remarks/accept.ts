// Suggestions that are more than a passage are taken over by the server, which knows how.
import { acceptSuggestion } from "../../app/commands";
import { showToast } from "../../app/toast";
import type { Suggestion } from "../../doc/suggestions";

export async function acceptElsewhere(workspace: string, { id }: Suggestion): Promise<void> {
  try {
    await acceptSuggestion(workspace, id);
    showToast({ text: "Suggestion accepted" });
  } catch (error) {
    showToast({ text: error instanceof Error ? error.message : "That did not work." });
  }
}
