// What a palette offers.
export interface Command {
  name: string;
  keys?: string;
  /** Somewhere to go, of which there may be many: found by its name only. */
  isPlace?: true;
  run: () => void;
}
