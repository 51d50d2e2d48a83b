import type { Store } from "../page/store";

const KEY = "kameleoonRequestEvents";

/** Lines that could not be sent, with the visitor they belong to: the code may change before they leave. */
export interface Batch {
  readonly visitorCode: string;
  readonly lines: readonly string[];
}

/** Keeps what could not be sent for the next flush of this tab, on this page or a later one. */
export function keepPending(tab: Store, batch: Batch): void {
  tab.put(KEY, JSON.stringify([...readPending(tab), batch]));
}

/** Hands the kept batches over; whoever takes them keeps them again on failure. */
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
