import { attempt, warn } from "../page/journal";
import { append } from "../page/lists";
import { resolveMethod } from "./paths";

declare global {
  interface Window {
    kameleoonQueue?: unknown;
  }
}

interface Levelled {
  readonly level?: unknown;
  readonly command: unknown;
}

// What one page may ask for at once; an entry that pushes itself would otherwise never let the page go on.
const MAX_ENTRIES = 100_000;

/**
 * The page's command queue. Closed, it runs IMMEDIATE entries and keeps the others; open, it runs every entry as it is
 * pushed. The page's own array stays in place and only its `push` changes, because tags keep references to it.
 */
export class CommandQueue {
  private entries: unknown[] = [];
  private open = false;

  constructor(private readonly root: object) {}

  /** Takes the page's array over, closed, and runs the IMMEDIATE entries waiting in it. */
  close(): void {
    this.open = false;
    const waiting = this.takeOver();
    // Emptied first: an entry that pushes another must find its place behind those already waiting.
    const immediate = waiting.filter(isImmediate);
    waiting.forEach((entry) => isImmediate(entry) || append(this.entries, entry));
    immediate.forEach((entry) => this.run(entry));
  }

  /** Runs what waits, in push order, including what those entries push; from then on nothing waits. */
  drain(): void {
    let ran = 0;
    for (; ran < this.entries.length && ran < MAX_ENTRIES; ran++) {
      this.run(this.entries[ran]);
    }

    if (ran < this.entries.length) {
      warn(`the queue grew beyond ${MAX_ENTRIES} entries; the rest is dropped.`);
    }

    this.entries.length = 0;
    this.open = true;
  }

  push(pushed: unknown[]): number {
    for (const entry of pushed) {
      if (this.open || isImmediate(entry)) {
        this.run(entry);
      } else {
        append(this.entries, entry);
      }
    }

    return this.entries.length;
  }

  /** Empties the page's array and makes it ours; a queue that is no array, or cannot change, is replaced. */
  private takeOver(): unknown[] {
    const given = window.kameleoonQueue;
    const taken: unknown[] = [];
    try {
      const list = Array.isArray(given) ? (given as unknown[]) : [];
      for (let i = 0; i < list.length && i < MAX_ENTRIES; i++) {
        append(taken, list[i]);
      }

      list.length = 0;
      this.equip(list);
    } catch (error) {
      warn("kameleoonQueue is not an array; it is replaced.", error);
      this.equip([]);
    }

    return taken;
  }

  private equip(list: unknown[]): void {
    Object.defineProperty(list, "push", {
      value: (...pushed: unknown[]) => this.push(pushed),
      configurable: true,
      writable: true,
    });
    this.entries = list;
    attempt("kameleoonQueue", () => (window.kameleoonQueue = list));
  }

  private run(entry: unknown): void {
    try {
      const command = isLevelled(entry) ? entry.command : entry;
      if (typeof command === "function") {
        command();
      } else if (Array.isArray(command) && typeof command[0] === "string") {
        this.call(command[0], command.slice(1));
      } else {
        warn("a queue entry is neither a function nor a command.", entry);
      }
    } catch (error) {
      // One broken entry must not take the following ones with it.
      warn("a queue entry failed.", entry, error);
    }
  }

  private call(path: string, values: unknown[]): void {
    const method = resolveMethod(path, this.root);
    if (method === undefined) {
      warn(`unknown method in the queue: ${path}.`);
      return;
    }

    method(...values);
  }
}

function isLevelled(entry: unknown): entry is Levelled {
  return typeof entry === "object" && entry !== null && !Array.isArray(entry) && "command" in entry;
}

function isImmediate(entry: unknown): boolean {
  try {
    return isLevelled(entry) && entry.level === "IMMEDIATE";
  } catch {
    return false; // A hostile getter; running the entry will report it.
  }
}
