import { announce } from "./announce";
import { eraseAssignments, readAssignment, writeAssignment } from "./assignments";
import type { Experiment } from "./configuration";
import { toId } from "./ids";
import { warn, warnOnce } from "./journal";
import type { Transport } from "./transport";

/** Registers the server's decisions and reports each of them at most once per page. */
export class Experiments {
  /** Decisions of this page about campaigns the configuration does not know: they are reported, never stored. */
  private readonly remembered = new Map<number, number>();
  private readonly exposed = new Set<number>();

  constructor(private readonly known: readonly Experiment[], private readonly transport: Transport) {}

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
    } else if (override === true || readAssignment(id) === undefined) {
      writeAssignment(experiment, variation);
    }
  }

  trigger(experimentId: unknown, trackingOnly: unknown): void {
    const id = toId(experimentId);
    const experiment = this.find(id);
    if (experiment !== undefined) {
      this.triggerKnown(experiment, trackingOnly === true);
    } else if (id !== undefined && trackingOnly === true && this.remembered.has(id)) {
      this.expose(id, this.remembered.get(id));
    } else {
      warnOnce(`experiment ${String(experimentId)} is unknown and has nothing to report.`);
    }
  }

  /** A new page view, or another visitor: earlier decisions and exposures no longer count. */
  forget(): void {
    this.remembered.clear();
    this.exposed.clear();
  }

  /** Another visitor: what the browser stored was about the previous one. */
  erase(): void {
    this.forget();
    eraseAssignments();
  }

  find(idOrName: unknown): Experiment | undefined {
    const id = toId(idOrName);
    return this.known.find((experiment) => experiment.id === id || experiment.name === idOrName);
  }

  /** A campaign as the page may read it; `isReadable` is false while storage must not be touched. */
  describe(experiment: Experiment, isReadable: boolean): Record<string, unknown> {
    const variationId = isReadable ? readAssignment(experiment.id)?.variationId : undefined;
    return {
      id: experiment.id,
      name: experiment.name,
      active: true,
      triggered: this.exposed.has(experiment.id),
      associatedVariation: experiment.variations.find((variation) => variation.id === variationId) ?? null,
      variations: [...experiment.variations],
    };
  }

  private triggerKnown(experiment: Experiment, trackingOnly: boolean): void {
    const variationId = readAssignment(experiment.id)?.variationId;
    if (variationId == null) {
      warnOnce(`experiment ${experiment.id} has no variation assigned to this visitor; nothing is reported.`);
      return;
    }

    if (!this.expose(experiment.id, variationId) || trackingOnly) {
      return;
    }

    const detail = { experiment: this.describe(experiment, true) };
    announce("ExperimentTriggered", detail);
    warnOnce("this engine does not run the code of variations yet; the exposure is reported all the same.");
    announce("ExperimentActivated", detail);
  }

  private expose(id: number, variationId: number | undefined): boolean {
    if (this.exposed.has(id)) {
      return false;
    }

    this.exposed.add(id);
    this.transport.add("experiment", { id, variationId });
    return true;
  }
}
