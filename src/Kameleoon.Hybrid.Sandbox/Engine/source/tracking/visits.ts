import type { Configuration } from "../configuration";
import { now } from "../page/clock";
import { attempt } from "../page/journal";
import { append } from "../page/lists";
import type { Store } from "../page/store";
import { type Counts, type Visit, newVisit } from "./visit";

const KEY = "kameleoonData";
const DAYS = 365;
const MERGED = ["experiments", "personalizations", "conversions", "customData"] as const;

interface Memory {
  v: 1;
  code: string;
  count: number;
  firstStartedAt: number;
  visits: Visit[];
  customData: Record<number, Counts>;
  /** In how many visits each personalization was shown. */
  shown: Record<number, number>;
  /** This browser made the code up: no server has written it yet. */
  isMinted?: boolean;
  rewrittenAt?: number;
}

/** The visits of this browser's visitor, and what is known of each. */
export class Visits {
  private memory: Memory | undefined;
  private isDirty = false;
  /** What was stored when this tab last looked. */
  private text: string | null | undefined;

  constructor(
    private readonly configuration: Configuration,
    private readonly store: Store,
  ) {}

  /** The code of the last stored visit; undefined when there is none. */
  get code(): string | undefined {
    return this.stored()?.code;
  }

  get count(): number {
    return this.memory?.count ?? 0;
  }

  get firstStartedAt(): number | undefined {
    return this.memory?.firstStartedAt;
  }

  /** Oldest first; the last one is the current one. */
  get all(): readonly Visit[] {
    return this.memory?.visits ?? [];
  }

  get current(): Visit {
    return this.all[this.all.length - 1] ?? newVisit();
  }

  get previous(): Visit | undefined {
    return this.all[this.all.length - 2];
  }

  /** What outlives visits. */
  get lasting(): Pick<Memory, "customData" | "shown" | "isMinted" | "rewrittenAt"> {
    return this.memory ?? { customData: {}, shown: {} };
  }

  /** Milliseconds between the end of the previous visit and the start of this one; 0 for the first. */
  get sincePrevious(): number {
    return this.previous === undefined ? 0 : this.current.startedAt - this.previous.lastSeenAt;
  }

  get isOver(): boolean {
    return now() - this.current.lastSeenAt > this.configuration.visit.idleMs;
  }

  /** Takes over what other tabs noted: before anything is noted here, which would be written over it. */
  refresh(): void {
    const text = this.store.get(KEY);
    if (text !== this.text && !this.isDirty) {
      this.text = text;
      const stored = this.stored();
      if (stored?.code === this.memory?.code) {
        this.memory = stored;
      }
    }
  }

  /** Continues the current visit of `code`, or begins one; visits of another visitor are dropped. */
  begin(code: string): void {
    this.settle();
    const stored = this.stored();
    this.memory =
      stored?.code === code
        ? stored
        : { v: 1, code, count: 0, firstStartedAt: now(), visits: [], customData: {}, shown: {} };
    if (this.memory.visits.length === 0 || this.isOver) {
      this.memory.count++;
      append(this.memory.visits, newVisit());
      this.memory.visits = this.memory.visits.slice(-this.configuration.visit.maxLocal);
    }

    this.current.lastSeenAt = now();
    this.save();
  }

  /** The same person under another code: the visits stay theirs. */
  relabel(code: string): void {
    this.settle();
    // A site may empty the storage when somebody signs in.
    this.memory = this.stored() ?? this.memory;
    if (this.memory !== undefined) {
      this.memory.code = code;
      this.save();
    }
  }

  /** Adds what the platform knows: earlier visits than those known here, and what other devices did in these. */
  addEarlier(visits: readonly Visit[]): void {
    this.refresh();
    const { memory } = this;
    if (memory !== undefined) {
      // Earlier ones than these were dropped, and are counted.
      const oldest = memory.count > memory.visits.length ? memory.visits[0]!.startedAt : 0;
      const fresh = visits.filter((visit) => {
        const same = memory.visits.find((known) => this.isSame(known, visit));
        for (const part of same === undefined ? [] : MERGED) {
          same![part] = { ...visit[part], ...same![part] } as never;
        }

        return same === undefined && visit.startedAt > oldest && visit.startedAt < this.current.startedAt;
      });
      memory.visits = [...fresh, ...memory.visits]
        .sort((one, other) => one.startedAt - other.startedAt)
        .slice(-this.configuration.visit.maxLocal);
      memory.count += fresh.length;
      memory.firstStartedAt = Math.min(memory.firstStartedAt, memory.visits[0]!.startedAt);
      this.save();
    }
  }

  /** Says something once per visit. */
  once(what: string): boolean {
    this.refresh();
    const { reported } = this.current;
    const isFirst = !reported.includes(what);
    if (isFirst) {
      append(reported, what);
      this.touch();
    }

    return isFirst;
  }

  /** Something was noted; it is written when the script that did so is done, however much it notes. */
  touch(): void {
    this.current.lastSeenAt = now();
    if (!this.isDirty) {
      this.isDirty = true;
      void Promise.resolve().then(() => attempt("noting the visit", () => this.settle()));
    }
  }

  /** Writes what was noted and is not written yet. */
  settle(): void {
    if (this.isDirty) {
      this.save();
    }
  }

  /** The platform has another clock: visits nearer to each other than two of one browser can be are the same. */
  private isSame(one: Visit, other: Visit): boolean {
    const { idleMs } = this.configuration.visit;
    return one.startedAt <= other.lastSeenAt + idleMs && other.startedAt <= one.lastSeenAt + idleMs;
  }

  private save(): void {
    this.isDirty = false;
    if (this.memory !== undefined) {
      this.store.write(KEY, this.memory, DAYS);
      this.text = this.store.get(KEY);
    }
  }

  private stored(): Memory | undefined {
    const stored = this.store.read(KEY) as Partial<Memory> | undefined;
    const isWhole = stored?.v === 1 && typeof stored.code === "string" && Array.isArray(stored.visits);
    return isWhole ? (stored as Memory) : undefined;
  }
}
