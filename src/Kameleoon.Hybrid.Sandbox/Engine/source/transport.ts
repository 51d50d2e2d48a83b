import { announce } from "./announce";
import { warnOnce } from "./journal";
import { groupLines, renderLine, type TrackedEvent } from "./lines";
import { type Batch, hasPending, keepPending, takePending } from "./pending";
import { mintNonce } from "./random";

// Browsers refuse keepalive requests and beacons beyond 64 kB, all those under way counted together.
const MAX_BYTES = 60_000;

/** Gathers events and posts them to the data endpoint, a few times a second and when the page is left. */
export class Transport {
  private readonly events: TrackedEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private bytesUnderWay = 0;

  constructor(
    private readonly flushMs: number,
    private readonly urlOf: (visitorCode: string) => URL,
    private readonly visitorCode: () => string | undefined,
  ) {}

  add(type: string, fields: Record<string, unknown>): void {
    this.events.push({ type, nonce: mintNonce(), fields });
    this.timer ??= setTimeout(() => this.flush(), this.flushMs);
  }

  /** Sends what was gathered under the current code; `leaving` when the page may not live to see the answer. */
  flush(leaving = false): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const visitorCode = this.visitorCode();
    const isWorthwhile = this.events.length > 0 || (leaving && hasPending());
    if (visitorCode === undefined || !isWorthwhile) {
      return;
    }

    const lines = this.events.splice(0).map(renderLine);
    announce("Internals", { type: "flush", lines: lines.length });
    for (const batch of mergeByVisitor([{ visitorCode, lines }, ...takePending()])) {
      for (const group of groupLines(batch.lines, MAX_BYTES)) {
        this.send({ visitorCode: batch.visitorCode, lines: group }, leaving);
      }
    }
  }

  private send(batch: Batch, leaving: boolean): void {
    const url = this.urlOf(batch.visitorCode);
    const body = batch.lines.join("\n");
    const keepalive = this.bytesUnderWay + body.length <= MAX_BYTES;
    if (leaving && !keepalive) {
      sendBeaconOrKeep(url, body, batch);
      return;
    }

    const size = keepalive ? body.length : 0;
    this.bytesUnderWay += size;
    try {
      fetch(url.href, { method: "POST", body, keepalive, ...originRules(url, leaving) })
        .then((response) => judge(response, batch), () => keepPending(batch))
        .finally(() => (this.bytesUnderWay -= size));
    } catch {
      this.bytesUnderWay -= size;
      sendBeaconOrKeep(url, body, batch);
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

function judge(response: Response, batch: Batch): void {
  if (response.status >= 500) {
    keepPending(batch);
  } else if (response.status >= 400) {
    warnOnce(`the data endpoint refused events with status ${response.status}; they are dropped.`);
  }
}

function sendBeaconOrKeep(url: URL, body: string, batch: Batch): void {
  if (!navigator.sendBeacon?.(url.href, body)) {
    keepPending(batch);
  }
}

/** One batch per visitor, the fresh lines first. */
function mergeByVisitor(batches: readonly Batch[]): Batch[] {
  const lines = new Map<string, string[]>();
  for (const batch of batches) {
    lines.set(batch.visitorCode, [...(lines.get(batch.visitorCode) ?? []), ...batch.lines]);
  }

  return Array.from(lines, ([visitorCode, group]) => ({ visitorCode, lines: group }));
}
