import type { ConditionTree, Segment } from "../configuration";
import type { Context } from "../context";
import { announce } from "../page/announce";
import { findNamed } from "../page/ids";
import { warnOnce } from "../page/journal";
import { evaluate, type Facts } from "./conditions";
import { evaluateTree, type Verdict } from "./matching";

/** Segments or triggers: names for conditions, true from the moment they are found true. */
export class Segments {
  private readonly forced = new Set<number>();
  private readonly found = new Set<number>();
  private readonly announced = new Set<number>();
  private readonly underWay = new Set<number>();

  constructor(
    private readonly context: Context,
    private readonly kind: "segment" | "trigger",
    private readonly facts: () => Facts,
  ) {}

  /** What is known of every one of them; a true segment is reported once per visit. */
  evaluateAll(): boolean {
    return this.all.filter((segment) => this.verdict(segment) === undefined).length === 0;
  }

  /** For a campaign that uses it; no segment is every visitor, an unknown one no visitor. */
  forCampaign(id: number | null | undefined): Verdict {
    if (id == null) {
      return true;
    }

    const segment = this.find(id);
    if (segment === undefined) {
      warnOnce(`the ${this.kind} ${id} of a campaign is unknown.`);
      return false;
    }

    const verdict = this.verdict(segment);
    if (verdict && !this.announced.has(segment.id)) {
      this.announced.add(segment.id);
      const { id: segmentId, name } = segment;
      const event = this.kind === "segment" ? "SegmentTriggered" : "TriggerTriggered";
      announce(event, { [this.kind]: { id: segmentId, name } });
    }

    return verdict;
  }

  /** For a condition: an unknown segment is no visitor, and so is one that asks for itself. */
  nested(id: number): Verdict {
    const segment = this.find(id);
    return segment === undefined || this.underWay.has(segment.id) ? false : this.verdict(segment);
  }

  test(tree: ConditionTree | null | undefined): Verdict {
    return evaluateTree(tree, (condition) => evaluate(condition, this.facts()));
  }

  trigger(idOrName: unknown): void {
    const segment = this.find(idOrName);
    if (segment !== undefined) {
      this.forced.add(segment.id);
      this.forCampaign(segment.id);
      this.context.reevaluate();
    }
  }

  reevaluate(idOrName: unknown): void {
    const segment = this.find(idOrName);
    if (segment !== undefined) {
      this.forced.delete(segment.id);
      this.found.delete(segment.id);
      this.context.reevaluate();
    }
  }

  find(idOrName: unknown): Segment | undefined {
    return findNamed(this.all, idOrName);
  }

  describe({ id, name }: Segment): Record<string, unknown> {
    return { id, name, triggered: this.found.has(id) };
  }

  get all(): readonly Segment[] {
    return this.context.configuration[`${this.kind}s`];
  }

  forget(): void {
    for (const set of [this.forced, this.found, this.announced]) {
      set.clear();
    }
  }

  private verdict(segment: Segment): Verdict {
    if (this.found.has(segment.id)) {
      return true;
    }

    this.underWay.add(segment.id);
    const verdict = this.forced.has(segment.id) || this.test(segment.conditionsData);
    this.underWay.delete(segment.id);
    if (verdict) {
      this.found.add(segment.id);
      this.context.beginIfOver();
      if (this.kind === "segment" && this.context.visits.once(`segment-${segment.id}`)) {
        this.context.track("targetingSegment", { id: segment.id });
      }
    }

    return verdict;
  }
}
