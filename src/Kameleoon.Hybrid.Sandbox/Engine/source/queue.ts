import { warn } from "./journal";
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
    this.entries = Array.isArray(window.kameleoonQueue) ? window.kameleoonQueue : [];
    window.kameleoonQueue = this.entries;
    Object.defineProperty(this.entries, "push", {
      value: (...pushed: unknown[]) => this.push(pushed),
      configurable: true,
      writable: true,
    });
    // Emptied first: an entry that pushes another must find its place behind those already waiting.
    const waiting = this.entries.splice(0);
    const immediate = waiting.filter(isImmediate);
    Array.prototype.push.apply(this.entries, waiting.filter((entry) => !isImmediate(entry)));
    immediate.forEach((entry) => this.run(entry));
  }

  /** Runs what waits, in push order, including what those entries push; from then on nothing waits. */
  drain(): void {
    while (this.entries.length > 0) {
      this.run(this.entries.shift());
    }

    this.open = true;
  }

  push(pushed: unknown[]): number {
    for (const entry of pushed) {
      if (this.open || isImmediate(entry)) {
        this.run(entry);
      } else {
        Array.prototype.push.call(this.entries, entry);
      }
    }

    return this.entries.length;
  }

  private run(entry: unknown): void {
    const command = isLevelled(entry) ? entry.command : entry;
    try {
      if (typeof command === "function") {
        command();
      } else if (Array.isArray(command) && typeof command[0] === "string") {
        this.call(command[0], command.slice(1));
      } else {
        warn("a queue entry is neither a function nor a named command.", entry);
      }
    } catch (error) {
      // One broken entry must not take the following ones with it.
      warn("a queue entry failed.", entry, error);
    }
  }

  private call(path: string, values: unknown[]): void {
    const method = resolveMethod(path, this.root);
    if (method === undefined) {
      warn(`a queue entry names an unknown method: ${path}.`);
      return;
    }

    method(...values);
  }
}

function isLevelled(entry: unknown): entry is Levelled {
  return typeof entry === "object" && entry !== null && !Array.isArray(entry) && "command" in entry;
}

const isImmediate = (entry: unknown): boolean => isLevelled(entry) && entry.level === "IMMEDIATE";
