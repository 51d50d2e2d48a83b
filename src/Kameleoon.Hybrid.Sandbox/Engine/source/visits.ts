import { readStored, writeStored } from "./storage";

const KEY = "kameleoonData";
const DAYS = 365;

interface VisitRecord {
  readonly v: 1;
  readonly code: string;
  readonly count: number;
  readonly firstStartedAt: number;
  readonly startedAt: number;
  readonly lastSeenAt: number;
  readonly previousSeenAt: number | null;
}

/** Counts the visits of this browser's visitor. */
export class Visits {
  private record: VisitRecord | undefined;

  constructor(private readonly idleMs: number) {}

  /** The code of the last stored visit; undefined when there is none. */
  get code(): string | undefined {
    return this.stored()?.code;
  }

  get count(): number {
    return this.record?.count ?? 0;
  }

  get firstStartedAt(): number | undefined {
    return this.record?.firstStartedAt;
  }

  /** Milliseconds between the end of the previous visit and the start of this one; 0 for the first. */
  get sincePrevious(): number {
    const { previousSeenAt, startedAt } = this.record ?? {};
    return previousSeenAt != null && startedAt !== undefined ? startedAt - previousSeenAt : 0;
  }

  /** Continues the current visit of `code`, or begins one; visits of another visitor are dropped. */
  begin(code: string): void {
    const now = Date.now();
    const last = this.stored();
    if (last === undefined || last.code !== code) {
      this.save({ v: 1, code, count: 1, firstStartedAt: now, startedAt: now, lastSeenAt: now, previousSeenAt: null });
    } else if (now - last.lastSeenAt > this.idleMs) {
      const count = last.count + 1;
      this.save({ ...last, count, startedAt: now, lastSeenAt: now, previousSeenAt: last.lastSeenAt });
    } else {
      this.save({ ...last, lastSeenAt: now });
    }
  }

  /** The same person under another code: the visits stay theirs. */
  relabel(code: string): void {
    const last = this.stored();
    if (last !== undefined) {
      this.save({ ...last, code });
    }
  }

  touch(): void {
    if (this.record !== undefined) {
      this.save({ ...this.record, lastSeenAt: Date.now() });
    }
  }

  private stored(): VisitRecord | undefined {
    const stored = readStored(KEY) as VisitRecord | undefined;
    return stored?.v === 1 && typeof stored.code === "string" ? stored : undefined;
  }

  private save(record: VisitRecord): void {
    this.record = record;
    writeStored(KEY, record, DAYS);
  }
}
