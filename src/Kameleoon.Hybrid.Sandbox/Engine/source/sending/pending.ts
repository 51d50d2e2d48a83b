import { warnOnce } from "../page/journal";
import { toJson } from "../page/json";
import type { Store } from "../page/store";

// The page needs its part of the tab's storage, which has 5 MB.
const MAX_CHARACTERS = 500_000;
const KEY = "kameleoonRequestEvents";

/** Lines that could not be sent, with the visitor they belong to: the code may change before they leave. */
export interface Batch {
  readonly visitorCode: string;
  readonly lines: readonly string[];
}

/** Keeps what could not be sent for the next flush of this tab, on this page or a later one; the oldest goes first. */
export function keepPending(tab: Store, batch: Batch): void {
  const batches = [...readPending(tab), batch];
  let text = toJson(batches);
  while (text.length > MAX_CHARACTERS && batches.length > 1) {
    batches.shift();
    text = toJson(batches);
    warnOnce("too many events wait; the oldest are dropped.");
  }

  tab.put(KEY, text);
}

/** Hands the kept batches over; the caller keeps them again on failure. */
export function takePending(tab: Store): Batch[] {
  const batches = readPending(tab);
  if (batches.length > 0) {
    tab.put(KEY, null);
  }

  return batches;
}

export const hasPending = (tab: Store): boolean => tab.get(KEY) !== null;

function readPending(tab: Store): Batch[] {
  try {
    const batches: unknown = JSON.parse(tab.get(KEY) ?? "[]");
    return Array.isArray(batches) ? batches.filter(isBatch) : [];
  } catch {
    return [];
  }
}

function isBatch(value: unknown): value is Batch {
  const { visitorCode, lines } = (value ?? {}) as Partial<Batch>;
  return typeof visitorCode === "string" && Array.isArray(lines) && lines.every((line) => typeof line === "string");
}
