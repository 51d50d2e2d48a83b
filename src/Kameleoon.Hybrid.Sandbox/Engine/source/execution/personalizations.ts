import type { ConditionTree, Personalization, Variation } from "../configuration";
import type { Context } from "../context";
import { announce, announceStep } from "../page/announce";
import { now } from "../page/clock";
import { findNamed } from "../page/ids";
import { writeAssignment } from "./assignments";
import type { Campaigns } from "./campaigns";
import type { Holdouts } from "./holdouts";
import type { Verdict } from "./matching";

type Cause = "SCHEDULE" | "PERSONALIZATION_CAPPING" | "VISITOR_CAPPING" | "SCENARIO" | "PRIORITY";

const NONE = Number.MAX_SAFE_INTEGER;
const NO_VARIATION: Variation = { id: 0, name: "" };

/** Shows personalizations in order of priority, and reports why a triggered one is not shown. */
export class Personalizations {
  private readonly triggered = new Set<number>();
  private readonly activated = new Set<number>();
  private readonly settled = new Set<number>();
  private readonly blocked = new Set<number>();
  /** Those that one of a higher priority keeps from being shown. */
  private readonly outranked = new Set<number>();
  private isPriorityTaken = false;

  constructor(
    private readonly context: Context,
    private readonly campaigns: Campaigns,
    private readonly holdouts: Holdouts,
    private readonly test: (tree: ConditionTree | null | undefined) => Verdict,
  ) {}

  /** False while one is undecided. */
  evaluate(segment: (id: number | null | undefined) => Verdict): boolean {
    let isDecided = true;
    for (const one of this.inOrder()) {
      const verdict = this.settled.has(one.id) || this.isBlocked(one.id) ? false : segment(one.segmentId);
      if (verdict && this.context.consent.permits("PERSONALIZATION", one.tags)) {
        isDecided = this.run(one, false) && isDecided;
      }

      isDecided = isDecided && verdict !== undefined;
    }

    return isDecided;
  }

  /** Shows one whatever its segment says; schedule, capping, scenario and priority still count. */
  trigger(idOrName: unknown): void {
    const one = this.find(idOrName);
    const isOpen = one !== undefined && !this.settled.has(one.id) && !this.holdouts.holdOut();
    if (isOpen && this.context.consent.permits("PERSONALIZATION", one.tags)) {
      this.run(one, true);
    }
  }

  /** Fetches the code of delayed ones that may yet be shown. */
  prepareDelayed(): void {
    for (const one of this.inOrder()) {
      if (one.variation && !this.settled.has(one.id) && !this.isBlocked(one.id)) {
        this.campaigns.prepare("personalizations", one, one.variation);
      }
    }
  }

  block(idOrName: unknown): void {
    const one = this.find(idOrName);
    if (one !== undefined) {
      this.blocked.add(one.id);
    }
  }

  find(idOrName: unknown): Personalization | undefined {
    return findNamed(this.context.configuration.personalizations, idOrName);
  }

  describe({ id, name, priority, variation }: Personalization): Record<string, unknown> {
    return {
      id,
      name,
      active: !this.isBlocked(id),
      triggered: this.isTriggered(id),
      activated: this.activated.has(id),
      priority: priority ?? null,
      variation,
    };
  }

  isBlocked(id: number): boolean {
    return this.blocked.has(id);
  }

  isTriggered(id: number): boolean {
    return this.triggered.has(id);
  }

  forget(): void {
    for (const set of [this.triggered, this.activated, this.settled, this.blocked, this.outranked]) {
      set.clear();
    }

    this.isPriorityTaken = false;
  }

  private inOrder(): Personalization[] {
    return [...this.context.configuration.personalizations].sort(
      (one, other) => (one.priority ?? NONE) - (other.priority ?? NONE),
    );
  }

  /** False while its scenario is undecided. */
  private run(one: Personalization, isForced: boolean): boolean {
    this.context.beginIfOver();
    if (!this.triggered.has(one.id)) {
      this.triggered.add(one.id);
      announce("PersonalizationTriggered", { personalization: this.describe(one) });
    }

    const cause = this.findCause(one, isForced);
    if (cause === undefined) {
      return false;
    }

    this.settled.add(one.id);
    if (cause === null) {
      this.show(one);
    } else {
      if (cause === "PRIORITY") {
        this.outranked.add(one.id);
      }

      announceStep("blocked", { id: one.id, reason: cause });
      this.report(one, 0, cause);
    }

    return true;
  }

  /** Null: nothing keeps it back; undefined: not known yet. */
  private findCause(
    { id, schedule, capping, scenario, priority }: Personalization,
    isForced: boolean,
  ): Cause | null | undefined {
    const { visits } = this.context;
    const time = now();
    if (schedule?.length && !schedule.some(({ start, end }) => time >= (start ?? 0) && time < (end ?? Infinity))) {
      return "SCHEDULE";
    }

    const isCounted = id in visits.current.personalizations;
    // A visitor who saw it before is one of those that are counted.
    const isNew = !isCounted && (visits.lasting.shown[id] ?? 0) === 0;
    if (capping?.global != null && isNew && (capping.visitors ?? 0) >= capping.global) {
      return "PERSONALIZATION_CAPPING";
    }

    if (capping?.["visitor"] != null && !isCounted && (visits.lasting.shown[id] ?? 0) >= capping["visitor"]) {
      return "VISITOR_CAPPING";
    }

    const verdict = isForced ? true : this.test(scenario);
    if (!verdict) {
      return verdict === undefined ? undefined : "SCENARIO";
    }

    return priority != null && this.isPriorityTaken ? "PRIORITY" : null;
  }

  private show(one: Personalization): void {
    const { id, priority, variation } = one;
    const isPrior = priority != null && !this.isPriorityTaken;
    this.isPriorityTaken ||= isPrior;
    this.campaigns.show("personalizations", one, variation ?? NO_VARIATION, {
      report: () => this.expose(one),
      done: () => {
        this.activated.add(id);
        announce("PersonalizationActivated", { personalization: this.describe(one) });
      },
      fail: () => {
        if (isPrior) {
          // One of a lower priority may be shown instead.
          this.isPriorityTaken = false;
          this.outranked.forEach((lower) => this.settled.delete(lower));
          this.outranked.clear();
          this.context.reevaluate();
        }
      },
    });
  }

  /** Counts and reports a personalization that is being shown. */
  private expose(one: Personalization): void {
    const { context, campaigns } = this;
    const { visits } = context;
    const { id, name } = one.variation ?? NO_VARIATION;
    context.beginIfOver();
    if (!(one.id in visits.current.personalizations)) {
      visits.lasting.shown[one.id] = (visits.lasting.shown[one.id] ?? 0) + 1;
    }

    visits.current.personalizations[one.id] = id;
    writeAssignment(context, one.id, id, null, "personalization");
    this.report(one, 1);
    campaigns.integrate("PERSONALIZATION", one, id, name);
  }

  private report(one: Personalization, variationId: number, unexpositionCause?: Cause): void {
    const originalVariationId = one.variation?.id ?? 0;
    this.context.track("personalization", { id: one.id, variationId, originalVariationId, unexpositionCause });
  }
}
