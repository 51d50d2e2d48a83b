import type { Experiment } from "../configuration";
import type { Context } from "../context";
import { announce } from "../page/announce";
import { findNamed, toId } from "../page/ids";
import { associate, choose, isReference, readAssignment, variationOf, writeAssignment } from "./assignments";
import type { Campaigns } from "./campaigns";
import type { Exposures } from "./exposures";
import type { Verdict } from "./matching";
import { isHere } from "./redirect";

const BLOCKED = "kameleoonBlocked";

/** Runs the experiments that target the visitor. */
export class Experiments {
  private readonly triggered = new Set<number>();
  private readonly activated = new Set<number>();
  private readonly settled = new Set<number>();
  private readonly blocked = new Set<number>();

  constructor(
    private readonly context: Context,
    private readonly campaigns: Campaigns,
    private readonly exposures: Exposures,
  ) {}

  /** Decides the engine's own experiments; false while one is undecided. */
  evaluate(segment: (id: number | null | undefined) => Verdict): boolean {
    const open = this.own.filter(({ id }) => !this.settled.has(id));
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

  /** Reports the visitor's variation and shows it. */
  run(experiment: Experiment): void {
    const isFirst = !this.triggered.has(experiment.id);
    if (isFirst) {
      this.triggered.add(experiment.id);
      announce("ExperimentTriggered", { experiment: this.describe(experiment) });
    }

    const variation = associate(this.context, experiment);
    if (variation === undefined) {
      return;
    }

    const report = () => this.exposures.report(experiment, variation);
    if (!isFirst) {
      // The page shows one variation, also when its visitor has changed; one whose code is awaited is reported then.
      if (this.activated.has(experiment.id)) {
        report();
      }

      return;
    }

    this.campaigns.show("experiments", experiment, variation, {
      report,
      done: () => {
        this.activated.add(experiment.id);
        announce("ExperimentActivated", { experiment: this.describe(experiment) });
      },
    });
  }

  /** Fetches the code of delayed experiments this visitor would see. */
  prepareDelayed(): void {
    for (const experiment of this.own.filter(({ id }) => !this.activated.has(id))) {
      const isDecided = readAssignment(this.context, experiment.id) !== undefined;
      const variation = isDecided ? variationOf(this.context, experiment) : choose(this.context, experiment);
      if (variation !== undefined && !isReference(variation)) {
        this.campaigns.prepare("experiments", experiment, variation);
      }
    }
  }

  /** Another visitor on the same page: the engine's own experiments decide for them again. */
  reassign(): void {
    for (const experiment of this.context.configuration.experiments) {
      const variation = choose(this.context, experiment);
      if (variation !== undefined) {
        writeAssignment(this.context, experiment.id, variation.id, experiment.assignmentDays);
      }
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

  isBlocked(id: number): boolean {
    return this.blocked.has(id) || this.context.visits.current.reported.includes(`${BLOCKED}-${id}`);
  }

  isTriggered(id: number): boolean {
    return this.triggered.has(id) || this.exposures.has(id);
  }

  find(idOrName: unknown): Experiment | undefined {
    return findNamed(this.context.configuration.experiments, idOrName);
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
      activated: this.activated.has(id),
      associatedVariation: variationOf(this.context, experiment) ?? null,
      variations: [...variations],
      trafficDeviation: Object.fromEntries(variations.map((variation) => [variation.id, variation.share ?? null])),
      goals: known.filter((goal) => goals?.includes(goal.id)),
      mainGoal: known.find((goal) => goal.id === mainGoalId) ?? null,
      redirectProcessed: isHere(variationOf(this.context, experiment)?.redirect),
    };
  }

  /** A new page view: what earlier ones decided no longer counts. */
  forget(): void {
    for (const set of [this.triggered, this.activated, this.settled, this.blocked]) {
      set.clear();
    }
  }

  private get own(): Experiment[] {
    return this.context.configuration.experiments.filter((one) => one.kind === "web" && one.paused !== true);
  }
}
