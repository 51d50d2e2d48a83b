import { mintTabId } from "../page/random";
import type { Store } from "../page/store";

const KEY = "kameleoonTabId";

/** Eight hexadecimal digits, the same on every page of the tab. */
export function readOrMintTabId(tab: Store): string {
  const kept = tab.get(KEY);
  const tabId = kept !== null && /^[0-9a-f]{8}$/i.test(kept) ? kept : mintTabId();
  tab.put(KEY, tabId);
  return tabId;
}
