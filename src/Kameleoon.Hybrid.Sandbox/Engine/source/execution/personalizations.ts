import type { ConditionTree, Personalization } from "../configuration";
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

/** Shows personalizations in order of priority, and reports each triggered one with the cause that kept it back. */
export class Personalizations {
  private readonly triggered = new Set<number>();
  private readonly activated = new Set<number>();
  private readonly settled = new Set<number>();
  private readonly blocked = new Set<number>();
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
    const [triggered, activated] = [this.triggered.has(id), this.activated.has(id)];
    return { id, name, active: !this.isBlocked(id), triggered, activated, priority: priority ?? null, variation };
  }

  isBlocked(id: number): boolean {
    return this.blocked.has(id);
  }

  isTriggered(id: number): boolean {
    return this.triggered.has(id);
  }

  isActivated(id: number): boolean {
    return this.activated.has(id);
  }

  forget(): void {
    for (const set of [this.triggered, this.activated, this.settled, this.blocked]) {
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

    if (capping?.global != null && (capping.visitors ?? 0) >= capping.global) {
      return "PERSONALIZATION_CAPPING";
    }

    const isCounted = id in visits.current.personalizations;
    if (capping?.visitor != null && !isCounted && (visits.lasting.shown[id] ?? 0) >= capping.visitor) {
      return "VISITOR_CAPPING";
    }

    const verdict = isForced ? true : this.test(scenario);
    if (!verdict) {
      return verdict === undefined ? undefined : "SCENARIO";
    }

    return priority != null && this.isPriorityTaken ? "PRIORITY" : null;
  }

  private show(one: Personalization): void {
    const { context, campaigns } = this;
    const { visits } = context;
    const variationId = one.variation?.id ?? 0;
    this.isPriorityTaken ||= one.priority != null;
    if (!(one.id in visits.current.personalizations)) {
      visits.lasting.shown[one.id] = (visits.lasting.shown[one.id] ?? 0) + 1;
    }

    visits.current.personalizations[one.id] = variationId;
    writeAssignment(context, one.id, variationId, null, "personalization");
    this.report(one, 1);
    campaigns.integrate("PERSONALIZATION", one, variationId, one.variation?.name ?? "");
    const done = () => {
      this.activated.add(one.id);
      announce("PersonalizationActivated", { personalization: this.describe(one) });
    };
    if (one.variation) {
      campaigns.show("personalizations", one, one.variation, done);
    } else {
      done();
    }
  }

  private report(one: Personalization, variationId: number, unexpositionCause?: Cause): void {
    const originalVariationId = one.variation?.id ?? 0;
    this.context.track("personalization", { id: one.id, variationId, originalVariationId, unexpositionCause });
  }
}
