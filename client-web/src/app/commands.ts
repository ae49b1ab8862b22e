// Commands about who holds the pen. Every one carries a key of its own, so that sending it again
// after a lost answer does nothing twice.
import { call } from "./api";

export async function acceptSuggestion(workspace: string, id: string): Promise<void> {
  await call("POST", `/workspaces/${workspace}/suggestions/${id}/accept`, {});
}
