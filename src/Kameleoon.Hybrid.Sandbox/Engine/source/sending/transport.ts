import { announceStep } from "../page/announce";
import { attempt, warnOnce } from "../page/journal";
import { append } from "../page/lists";
import { mintNonce } from "../page/random";
import type { Store } from "../page/store";
import type { Verdict } from "../tracking/consent";
import { groupLines, renderLine, type TrackedEvent } from "./lines";
import { type Batch, hasPending, keepPending, takePending } from "./pending";

// Browsers refuse keepalive requests and beacons beyond 64 kB, all those under way counted together.
const MAX_BYTES = 60_000;

/** What the transport has to ask. */
export interface Terms {
  readonly tab: Store;
  flushMs(): number;
  urlOf(visitorCode: string): URL;
  visitorCode(): string | undefined;
  judge(type: string): Verdict;
}

/** Gathers events and posts them to the data endpoint, a few times a second and when the page is left. */
export class Transport {
  private events: TrackedEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private bytesUnderWay = 0;

  constructor(private readonly terms: Terms) {}

  add(type: string, fields: Record<string, unknown>): void {
    append(this.events, { type, nonce: mintNonce(), visitorCode: this.terms.visitorCode() ?? "", fields });
    this.timer ??= setTimeout(() => attempt("sending events", () => this.flush()), this.terms.flushMs());
  }

  /** Sends what may leave, each event under the code it was gathered under; `leaving` when the page may not live on. */
  flush(leaving = false): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batches = this.takeSendable();
    const { tab } = this.terms;
    if (batches.length === 0 && !(leaving && hasPending(tab) && this.terms.judge("") === "send")) {
      return;
    }

    announceStep("flush", { lines: batches.reduce((sum, batch) => sum + batch.lines.length, 0) });
    for (const batch of mergeByVisitor([...batches, ...takePending(tab)])) {
      for (const lines of groupLines(batch.lines, MAX_BYTES)) {
        this.send({ visitorCode: batch.visitorCode, lines }, leaving);
      }
    }
  }

  /** What waits for consent stays; what was refused is gone. */
  private takeSendable(): Batch[] {
    const verdicts = this.events.map((event) => this.terms.judge(event.type));
    const sendable = this.events.filter((_, i) => verdicts[i] === "send");
    this.events = this.events.filter((_, i) => verdicts[i] === "hold");
    return mergeByVisitor(sendable.map((event) => ({ visitorCode: event.visitorCode, lines: [renderLine(event)] })));
  }

  private send(batch: Batch, leaving: boolean): void {
    const url = this.terms.urlOf(batch.visitorCode);
    const body = batch.lines.join("\n");
    const keepalive = this.bytesUnderWay + body.length <= MAX_BYTES;
    if (leaving && !keepalive) {
      this.sendBeaconOrKeep(url, body, batch);
      return;
    }

    const size = keepalive ? body.length : 0;
    this.bytesUnderWay += size;
    try {
      fetch(url.href, { method: "POST", body, keepalive, ...originRules(url, leaving) })
        .then((response) => this.judge(response, batch), () => keepPending(this.terms.tab, batch))
        .finally(() => (this.bytesUnderWay -= size))
        .catch(() => undefined);
    } catch {
      this.bytesUnderWay -= size;
      this.sendBeaconOrKeep(url, body, batch);
    }
  }

  private judge(response: Response, batch: Batch): void {
    if (response.status >= 500) {
      keepPending(this.terms.tab, batch);
    } else if (response.status >= 400) {
      warnOnce(`the data endpoint refused events with status ${response.status}; they are dropped.`);
    }
  }

  private sendBeaconOrKeep(url: URL, body: string, batch: Batch): void {
    if (!navigator.sendBeacon?.(url.href, body)) {
      keepPending(this.terms.tab, batch);
    }
  }
}

/**
 * Another origin need not answer with CORS headers, and without them a delivered request would look like a failed one
 * and be sent twice. Its answer is therefore opaque on purpose: only a request that never got there counts as failed.
 */
function originRules(url: URL, leaving: boolean): RequestInit {
  return leaving || url.origin !== location.origin
    ? { mode: "no-cors", credentials: "omit" }
    : { mode: "same-origin", credentials: "same-origin" };
}

/** One batch per visitor, the fresh lines first. */
function mergeByVisitor(batches: readonly Batch[]): Batch[] {
  const merged = new Map<string, string[]>();
  for (const { visitorCode, lines } of batches) {
    const all = merged.get(visitorCode);
    if (all === undefined) {
      merged.set(visitorCode, [...lines]);
    } else {
      lines.forEach((line) => append(all, line));
    }
  }

  return Array.from(merged, ([visitorCode, lines]) => ({ visitorCode, lines }));
}
