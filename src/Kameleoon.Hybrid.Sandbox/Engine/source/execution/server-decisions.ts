import type { Experiment } from "../configuration";
import type { Context } from "../context";
import { toId } from "../page/ids";
import { warn, warnOnce } from "../page/journal";
import { associate, readAssignment, variationOf, writeAssignment } from "./assignments";
import type { Experiments } from "./experiments";
import type { Exposures } from "./exposures";
import type { Holdouts } from "./holdouts";

/** Takes what the page says its server decided. */
export class ServerDecisions {
  /** Decisions of this page about campaigns the configuration does not know: they are reported, never stored. */
  private readonly remembered = new Map<number, number>();

  constructor(
    private readonly context: Context,
    private readonly experiments: Experiments,
    private readonly holdouts: Holdouts,
    private readonly exposures: Exposures,
  ) {}

  assign(experimentId: unknown, variationId: unknown, override: unknown): void {
    const id = toId(experimentId);
    const variation = toId(variationId);
    if (id === undefined || variation === undefined) {
      warn("Experiments.assignVariation needs two ids.", experimentId, variationId);
      return;
    }

    const experiment = this.experiments.find(id);
    if (experiment === undefined) {
      this.remembered.set(id, variation);
    } else if (override === true || readAssignment(this.context, id) === undefined) {
      writeAssignment(this.context, id, variation, experiment.assignmentDays);
    }
  }

  trigger(experimentId: unknown, trackingOnly: unknown): void {
    const id = toId(experimentId);
    const experiment = this.experiments.find(id);
    if (experiment !== undefined) {
      this.triggerKnown(experiment, trackingOnly === true);
    } else if (id !== undefined && trackingOnly === true && this.remembered.has(id)) {
      this.exposures.expose(id, this.remembered.get(id) ?? 0);
    } else {
      warnOnce(`experiment ${String(experimentId)} is unknown; it is ignored.`);
    }
  }

  forget(): void {
    this.remembered.clear();
  }

  private triggerKnown(experiment: Experiment, trackingOnly: boolean): void {
    const { context, experiments } = this;
    const { id, kind, tags } = experiment;
    if (experiments.isBlocked(id) || (kind === "web" && this.holdouts.holdOut())) {
      return;
    }

    const variation = kind === "feature" ? variationOf(context, experiment) : associate(context, experiment);
    if (variation === undefined) {
      warnOnce(`experiment ${id} has no variation to report.`);
    } else if (trackingOnly) {
      this.exposures.report(experiment, variation);
    } else if (context.consent.permits("AB_TESTING", tags)) {
      experiments.run(experiment);
    }
  }
}
