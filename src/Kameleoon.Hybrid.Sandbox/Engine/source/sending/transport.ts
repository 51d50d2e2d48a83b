import { announceStep } from "../page/announce";
import { attempt, warnOnce } from "../page/journal";
import { append, sum } from "../page/lists";
import { mintNonce } from "../page/random";
import type { Store } from "../page/store";
import type { Verdict } from "../tracking/consent";
import { groupLines, renderLine, type TrackedEvent } from "./lines";
import { type Batch, hasPending, keepPending, takePending } from "./pending";

// Browsers refuse keepalive requests and beacons beyond 64 kB, all those under way counted together.
const MAX_BYTES = 60_000;
const MAX_WAIT_MS = 60_000;

/** What the transport reads from other parts of the engine. */
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
  /** How many times longer than usual events are gathered: twice as long after every failure. */
  private patience = 1;
  private holds = 0;
  /** A flush that was asked for on hold: whether the page is being left. */
  private heldFlush: boolean | undefined;
  /** The endpoint is on another origin and sends no CORS headers, so its answers cannot be read. */
  private isAnswerHidden = false;

  constructor(private readonly terms: Terms) {}

  add(type: string, fields: TrackedEvent["fields"]): void {
    append(this.events, { type, nonce: mintNonce(), visitorCode: this.terms.visitorCode() ?? "", fields });
    this.timer ??= setTimeout(() => attempt("sending events", () => this.flush()), this.waitMs());
  }

  /** Runs something; nothing is sent before it is over. */
  hold(action: () => void): void {
    this.holds++;
    attempt("showing a variation", action);
    this.holds--;
    if (this.holds === 0 && this.heldFlush !== undefined) {
      this.flush(this.heldFlush);
    }
  }

  /** Sends what may leave, each event under the code it was gathered under; `leaving` when the page may not live on. */
  flush(leaving = false): void {
    if (this.holds > 0) {
      this.heldFlush ||= leaving;
      return;
    }

    this.heldFlush = undefined;
    clearTimeout(this.timer);
    this.timer = undefined;
    const batches = this.takeSendable();
    const { tab } = this.terms;
    if (batches.length === 0 && !(leaving && hasPending(tab) && this.terms.judge("") === "send")) {
      return;
    }

    announceStep("flush", { lines: sum(batches, ({ lines }) => lines.length) });
    // Earlier events are sent first, so that an exposure precedes its conversions.
    for (const batch of mergeByVisitor([...takePending(tab), ...batches])) {
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
    return sendable.flatMap((event) => {
      const line = attempt(`an event of the type ${event.type}`, () => renderLine(event));
      return line === undefined ? [] : { visitorCode: event.visitorCode, lines: [line] };
    });
  }

  private waitMs(): number {
    return Math.min(this.terms.flushMs() * this.patience, MAX_WAIT_MS);
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
    const { patience } = this;
    const fail = () => {
      this.patience = patience * 2;
      keepPending(this.terms.tab, batch);
    };
    this.bytesUnderWay += size;
    try {
      this.post(url, { method: "POST", body, keepalive }, leaving)
        .then(({ status }) => {
          if (status >= 500) {
            fail();
            return;
          }

          this.patience = 1;
          if (status >= 400) {
            warnOnce(`the data endpoint refused events with status ${status}; they are dropped.`);
          }
        }, fail)
        .finally(() => (this.bytesUnderWay -= size))
        .catch(() => undefined);
    } catch {
      this.bytesUnderWay -= size;
      this.sendBeaconOrKeep(url, body, batch);
    }
  }

  /**
   * Another origin need not answer with CORS headers, and without them a delivered request looks like a failed one. It
   * is posted again once, with the nonces it had, and from then on without a look at the answer.
   */
  private post(url: URL, init: RequestInit, leaving: boolean): Promise<Response> {
    const fetchAs = (mode: RequestMode, credentials: RequestCredentials) =>
      fetch(url.href, { ...init, mode, credentials });
    if (!leaving && url.origin === location.origin) {
      return fetchAs("same-origin", "same-origin");
    }

    if (leaving || this.isAnswerHidden) {
      return fetchAs("no-cors", "omit");
    }

    return fetchAs("cors", "omit").catch(async () => {
      const response = await fetchAs("no-cors", "omit");
      this.isAnswerHidden = true;
      return response;
    });
  }

  private sendBeaconOrKeep(url: URL, body: string, batch: Batch): void {
    if (!navigator.sendBeacon?.(url.href, body)) {
      keepPending(this.terms.tab, batch);
    }
  }
}

/** One batch per visitor, in the order given. */
function mergeByVisitor(batches: readonly Batch[]): Batch[] {
  const merged = new Map<string, string[]>();
  for (const { visitorCode, lines } of batches) {
    const all = merged.get(visitorCode) ?? [];
    lines.forEach((line) => append(all, line));
    merged.set(visitorCode, all);
  }

  return [...merged].map(([visitorCode, lines]) => ({ visitorCode, lines }));
}
