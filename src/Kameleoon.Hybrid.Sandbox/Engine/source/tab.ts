import { mintTabId } from "./random";
import { readTab, writeTab } from "./storage";

const KEY = "kameleoonTabId";

/** Eight hexadecimal digits, the same on every page of the tab. */
export function readOrMintTabId(): string {
  const kept = readTab(KEY);
  const tabId = kept !== null && /^[0-9a-f]{8}$/i.test(kept) ? kept : mintTabId();
  writeTab(KEY, tabId);
  return tabId;
}
