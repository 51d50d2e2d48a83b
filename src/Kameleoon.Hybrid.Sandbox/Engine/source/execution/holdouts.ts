import type { Context } from "../context";
import { announceStep } from "../page/announce";
import { associate, isReference } from "./assignments";
import type { Exposures } from "./exposures";

/** Keeps the visitors of a holdout from all other campaigns. */
export class Holdouts {
  private readonly settled = new Set<number>();
  private hasHeldOut = false;

  constructor(
    private readonly context: Context,
    private readonly exposures: Exposures,
  ) {}

  /** Buckets every eligible visitor in the holdouts, once per view; whether one keeps them out. */
  holdOut(): boolean {
    const { configuration, consent } = this.context;
    const open = configuration.experiments.filter(
      ({ id, kind, paused }) => kind === "holdout" && paused !== true && !this.settled.has(id),
    );
    for (const experiment of consent.permits("AB_TESTING") ? open : []) {
      this.settled.add(experiment.id);
      const variation = associate(this.context, experiment);
      if (variation !== undefined) {
        this.exposures.report(experiment, variation);
        this.hasHeldOut ||= isReference(variation);
        announceStep(`holdout/${isReference(variation) ? "included" : "allowed"}`, { id: experiment.id });
      }
    }

    return this.hasHeldOut;
  }

  forget(): void {
    this.settled.clear();
    this.hasHeldOut = false;
  }
}
