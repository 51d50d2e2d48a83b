import type { Experiment, Variation } from "../configuration";
import type { Context } from "../context";
import type { Campaigns } from "./campaigns";

/** Reports each experiment at most once per view. */
export class Exposures {
  private readonly exposed = new Set<number>();

  constructor(
    private readonly context: Context,
    private readonly campaigns: Campaigns,
  ) {}

  has(id: number): boolean {
    return this.exposed.has(id);
  }

  /** Reports the variation of an experiment of the configuration, to its integrations as well. */
  report({ id, track, ...campaign }: Experiment, variation: Variation): void {
    if (this.expose(id, variation.id, track !== false)) {
      this.campaigns.integrate("AB_TESTING", { id, ...campaign }, variation.id, variation.name);
    }
  }

  /** Reports a variation; false if the experiment was reported before. */
  expose(id: number, variationId: number, isTracked = true): boolean {
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

  forget(): void {
    this.exposed.clear();
  }
}
