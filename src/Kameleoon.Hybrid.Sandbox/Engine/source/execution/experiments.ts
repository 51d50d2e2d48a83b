import type { Experiment, Variation } from "../configuration";
import type { Context } from "../context";
import { announce, announceStep } from "../page/announce";
import { findNamed, toId } from "../page/ids";
import { warn, warnOnce } from "../page/journal";
import { choose, eraseAssignments, readAssignment, writeAssignment } from "./assignments";
import { type Campaigns, isHere } from "./campaigns";
import type { Verdict } from "./matching";

const BLOCKED = "kameleoonBlocked";
const isReference = ({ id, name }: Variation): boolean => id === 0 || name === "in-holdout";

/** Registers the server's decisions, takes the engine's own, and reports each of them at most once per page. */
export class Experiments {
  /** Decisions of this page about campaigns the configuration does not know: they are reported, never stored. */
  private readonly remembered = new Map<number, number>();
  private readonly exposed = new Set<number>();
  private readonly triggered = new Set<number>();
  private readonly activated = new Set<number>();
  private readonly settled = new Set<number>();
  private readonly blocked = new Set<number>();
  private hasHeldOut = false;

  constructor(
    private readonly context: Context,
    private readonly campaigns: Campaigns,
  ) {}

  assign(experimentId: unknown, variationId: unknown, override: unknown): void {
    const id = toId(experimentId);
    const variation = toId(variationId);
    if (id === undefined || variation === undefined) {
      warn("Experiments.assignVariation needs two ids.", experimentId, variationId);
      return;
    }

    const experiment = this.find(id);
    if (experiment === undefined) {
      this.remembered.set(id, variation);
    } else if (override === true || readAssignment(this.context, id) === undefined) {
      writeAssignment(this.context, id, variation, experiment.assignmentDays);
    }
  }

  trigger(experimentId: unknown, trackingOnly: unknown): void {
    const id = toId(experimentId);
    const experiment = this.find(id);
    if (experiment !== undefined) {
      this.triggerKnown(experiment, trackingOnly === true);
    } else if (id !== undefined && trackingOnly === true && this.remembered.has(id)) {
      this.expose(id, this.remembered.get(id) ?? 0);
    } else {
      warnOnce(`experiment ${String(experimentId)} is unknown and has nothing to report.`);
    }
  }

  /** Keeps a campaign from running on this page, or for the whole visit. */
  block(experimentId: unknown, visit: unknown): void {
    const id = toId(experimentId);
    if (id !== undefined) {
      this.blocked.add(id);
      if (visit === true) {
        this.context.beginIfOver();
        this.context.visits.once(`${BLOCKED}-${id}`);
      }
    }
  }

  /** Buckets every eligible visitor in the holdouts, once per view; whether one keeps them from all other campaigns. */
  holdOut(): boolean {
    const isPermitted = this.context.consent.permits("AB_TESTING");
    const open = isPermitted ? this.ofKind("holdout").filter(({ id }) => !this.settled.has(id)) : [];
    for (const experiment of open) {
      this.settled.add(experiment.id);
      const variation = this.associate(experiment);
      if (variation !== undefined) {
        this.report(experiment, variation);
        this.hasHeldOut ||= isReference(variation);
        announceStep(`holdout/${isReference(variation) ? "included" : "allowed"}`, { id: experiment.id });
      }
    }

    return this.hasHeldOut;
  }

  /** Runs the web experiments whose visitors are found; false while one is undecided. */
  evaluate(segment: (id: number | null | undefined) => Verdict): boolean {
    const open = this.ofKind("web").filter(({ id }) => !this.settled.has(id));
    return (
      open.filter((experiment) => {
        const verdict = this.isBlocked(experiment.id) ? false : segment(experiment.segmentId);
        if (verdict !== undefined && this.context.consent.permits("AB_TESTING", experiment.tags)) {
          this.settled.add(experiment.id);
          if (verdict) {
            this.run(experiment);
          }
        }

        return verdict === undefined;
      }).length === 0
    );
  }

  /** Fetches the code of delayed experiments this visitor would see. */
  prepareDelayed(): void {
    for (const experiment of this.ofKind("web").filter(({ id }) => !this.activated.has(id))) {
      const isDecided = readAssignment(this.context, experiment.id) !== undefined;
      const variation = isDecided ? this.variationOf(experiment) : this.choose(experiment);
      if (variation !== undefined && !isReference(variation)) {
        this.campaigns.prepare("experiments", experiment, variation);
      }
    }
  }

  /** A new page view: earlier decisions and exposures no longer count. */
  forget(): void {
    for (const set of [this.remembered, this.exposed, this.triggered, this.activated, this.settled, this.blocked]) {
      set.clear();
    }

    this.hasHeldOut = false;
  }

  /** Another visitor: what was stored and reported was about the previous one. What the page shows stays. */
  erase(): void {
    this.remembered.clear();
    this.exposed.clear();
    eraseAssignments(this.context);
  }

  /** Another visitor on the same page: the engine's own experiments decide for them again. */
  reassign(): void {
    for (const experiment of this.context.configuration.experiments) {
      const variation = this.choose(experiment);
      if (variation !== undefined) {
        writeAssignment(this.context, experiment.id, variation.id, experiment.assignmentDays);
      }
    }
  }

  find(idOrName: unknown): Experiment | undefined {
    return findNamed(this.context.configuration.experiments, idOrName);
  }

  isTriggered(id: number): boolean {
    return this.triggered.has(id) || this.exposed.has(id);
  }

  isActivated(id: number): boolean {
    return this.activated.has(id);
  }

  variationOf(experiment: Experiment): Variation | undefined {
    const variationId = readAssignment(this.context, experiment.id)?.variationId;
    const known = experiment.variations.find((variation) => variation.id === variationId);
    // The server may know a variation that this file does not have yet.
    return known ?? (variationId == null ? undefined : { id: variationId, name: String(variationId) });
  }

  private ofKind(kind: string): Experiment[] {
    return this.context.configuration.experiments.filter((one) => one.kind === kind && one.paused !== true);
  }

  private isBlocked(id: number): boolean {
    return this.blocked.has(id) || this.context.visits.current.reported.includes(`${BLOCKED}-${id}`);
  }

  private choose({ id, variations }: Experiment): Variation | undefined {
    return choose(this.context.visitor.code ?? "", id, variations);
  }

  /** The stored variation, else the one the visitor's hash falls on, stored from then on, also when it is none. */
  private associate(experiment: Experiment): Variation | undefined {
    if (readAssignment(this.context, experiment.id) === undefined) {
      writeAssignment(this.context, experiment.id, this.choose(experiment)?.id ?? null, experiment.assignmentDays);
    }

    return this.variationOf(experiment);
  }

  private triggerKnown(experiment: Experiment, trackingOnly: boolean): void {
    if (this.isBlocked(experiment.id) || (experiment.kind === "web" && this.holdOut())) {
      return;
    }

    const variation = experiment.kind === "feature" ? this.variationOf(experiment) : this.associate(experiment);
    if (variation === undefined) {
      warnOnce(`experiment ${experiment.id} has no variation assigned to this visitor; nothing is reported.`);
    } else if (trackingOnly) {
      this.report(experiment, variation);
    } else if (this.context.consent.permits("AB_TESTING", experiment.tags)) {
      this.run(experiment);
    }
  }

  private run(experiment: Experiment): void {
    const isFirst = !this.triggered.has(experiment.id);
    if (isFirst) {
      this.triggered.add(experiment.id);
      announce("ExperimentTriggered", { experiment: this.describe(experiment) });
    }

    const variation = this.associate(experiment);
    if (variation !== undefined) {
      this.report(experiment, variation);
    }

    // The page shows one variation, whoever else is its visitor by now.
    if (variation !== undefined && isFirst) {
      this.campaigns.show("experiments", experiment, variation, () => {
        this.activated.add(experiment.id);
        announce("ExperimentActivated", { experiment: this.describe(experiment) });
      });
    }
  }

  /** A campaign as the page may read it. */
  describe(experiment: Experiment): Record<string, unknown> {
    const { id, name, variations, goals, mainGoalId, paused } = experiment;
    const known = this.context.configuration.goals;
    return {
      id,
      name,
      active: paused !== true,
      triggered: this.isTriggered(id),
      activated: this.isActivated(id),
      associatedVariation: this.variationOf(experiment) ?? null,
      variations: [...variations],
      trafficDeviation: Object.fromEntries(variations.map((variation) => [variation.id, variation.share ?? null])),
      goals: known.filter((goal) => goals?.includes(goal.id)),
      mainGoal: known.find((goal) => goal.id === mainGoalId) ?? null,
      redirectProcessed: isHere(this.variationOf(experiment)?.redirect),
    };
  }

  private report(experiment: Experiment, variation: Variation): void {
    if (this.expose(experiment.id, variation.id, experiment.track !== false)) {
      this.campaigns.integrate("AB_TESTING", experiment, variation.id, variation.name);
    }
  }

  private expose(id: number, variationId: number, isTracked = true): boolean {
    if (this.exposed.has(id)) {
      return false;
    }

    this.exposed.add(id);
    this.context.beginIfOver();
    this.context.visits.current.experiments[id] = variationId;
    if (isTracked) {
      this.context.track("experiment", { id, variationId });
    }

    return true;
  }
}
