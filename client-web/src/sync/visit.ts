// A visit of one page to a workspace. The server is told the page's name, and keeps what was seen
// when the page leaves; a reload carries the name on, so that it is no new visit.
import { randomId } from "../app/random";

export class Visit {
  readonly page = carried() ?? randomId();

  constructor() {
    addEventListener("pagehide", this.#carry);
  }

  end(): void {
    removeEventListener("pagehide", this.#carry);
  }

  readonly #carry = (): void => sessionStorage.setItem(NAME, this.page);
}

/** The name that the last page in this tab left behind, if this is that page, loaded again. */
function carried(): string | null {
  const name = sessionStorage.getItem(NAME);
  sessionStorage.removeItem(NAME);
  const [loading] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return loading?.type === "reload" ? name : null;
}

const NAME = "penhold-page";
