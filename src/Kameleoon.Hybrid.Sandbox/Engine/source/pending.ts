import { readTab, removeTab, writeTab } from "./storage";

const KEY = "kameleoonRequestEvents";

/** Lines that could not be sent, with the visitor they belong to: the code may change before they leave. */
export interface Batch {
  readonly visitorCode: string;
  readonly lines: readonly string[];
}

/** Keeps what could not be sent for the next flush of this tab, on this page or a later one. */
export function keepPending(batch: Batch): void {
  const kept = readPending();
  writeTab(KEY, JSON.stringify([...kept, batch]));
}

/** Hands the kept batches over; whoever takes them keeps them again on failure. */
export function takePending(): Batch[] {
  const batches = readPending();
  removeTab(KEY);
  return batches;
}

export const hasPending = (): boolean => readTab(KEY) !== null;

function readPending(): Batch[] {
  try {
    const batches: unknown = JSON.parse(readTab(KEY) ?? "[]");
    return Array.isArray(batches) ? batches.filter(isBatch) : [];
  } catch {
    return [];
  }
}

function isBatch(value: unknown): value is Batch {
  const { visitorCode, lines } = (value ?? {}) as Partial<Batch>;
  return typeof visitorCode === "string" && Array.isArray(lines) && lines.every((line) => typeof line === "string");
}
