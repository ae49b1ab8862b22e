// What a menu offers.
import type { IconName } from "./icons";

export interface MenuItem {
  name: string;
  run: () => void;
  /** Shown as the choice that holds now. */
  isChosen?: boolean;
  isDanger?: boolean;
  keys?: string;
  icon?: IconName;
}
