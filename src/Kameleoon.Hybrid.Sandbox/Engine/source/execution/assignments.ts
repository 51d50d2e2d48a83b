import type { Experiment, Variation } from "../configuration";
import type { Context } from "../context";
import { now } from "../page/clock";
import { bucketOf } from "./hash";

export const DEFAULT_DAYS = 30;

const PREFIX = { experiment: "kameleoonExperiment-", personalization: "kameleoonPersonalization-" };
type Kind = keyof typeof PREFIX;

/** The visitor's stored variation. */
export interface Assignment {
  /** Null: the visitor was kept out of the experiment's traffic. */
  readonly variationId: number | null;
}

export function readAssignment({ store }: Context, id: number, kind: Kind = "experiment"): Assignment | undefined {
  const match = /^(\d+|null)\/\d+$/.exec(String(store.read(PREFIX[kind] + id)));
  return match?.[1] === undefined ? undefined : { variationId: match[1] === "null" ? null : Number(match[1]) };
}

export function writeAssignment(
  { store }: Context,
  id: number,
  variationId: number | null,
  days: number | null | undefined,
  kind: Kind = "experiment",
): void {
  store.write(PREFIX[kind] + id, `${variationId}/${now()}`, days ?? DEFAULT_DAYS);
}

/** Another visitor's assignments must not be reported for this one. */
export function eraseAssignments({ store }: Context): void {
  store.remove((key) => Object.values(PREFIX).some((prefix) => key.startsWith(prefix)));
}

/** Where the visitor's hash falls among the shares; undefined outside of them. */
export function choose({ visitor }: Context, { id, variations }: Experiment): Variation | undefined {
  let total = 0;
  return variations.find(({ share, respoolTime }) => {
    total += share ?? 0;
    return (share ?? 0) > 0 && bucketOf(visitor.code ?? "", id, respoolTime) <= total;
  });
}

/** The variation of the visitor's assignment. */
export function variationOf(context: Context, experiment: Experiment): Variation | undefined {
  const variationId = readAssignment(context, experiment.id)?.variationId;
  const known = experiment.variations.find((variation) => variation.id === variationId);
  // The server may know a variation that this file does not have yet.
  return known ?? (variationId == null ? undefined : { id: variationId, name: String(variationId) });
}

/** The assigned variation, else the one the visitor's hash falls on, assigned from then on, also when it is none. */
export function associate(context: Context, experiment: Experiment): Variation | undefined {
  if (readAssignment(context, experiment.id) === undefined) {
    writeAssignment(context, experiment.id, choose(context, experiment)?.id ?? null, experiment.assignmentDays);
  }

  return variationOf(context, experiment);
}

export const isReference = ({ id, name }: Variation): boolean => id === 0 || name === "in-holdout";
