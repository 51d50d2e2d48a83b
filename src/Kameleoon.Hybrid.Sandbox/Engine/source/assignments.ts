import type { Experiment } from "./configuration";
import { readStored, removeStored, writeStored } from "./storage";

const DEFAULT_DAYS = 30;
const keyOf = (experimentId: number): string => `kameleoonExperiment-${experimentId}`;

/** The visitor's stored variation. */
export interface Assignment {
  /** Null: the visitor was kept out of the experiment's traffic. */
  readonly variationId: number | null;
}

export function readAssignment(experimentId: number): Assignment | undefined {
  const match = /^(\d+|null)\/\d+$/.exec(String(readStored(keyOf(experimentId))));
  return match?.[1] === undefined ? undefined : { variationId: match[1] === "null" ? null : Number(match[1]) };
}

export function writeAssignment(experiment: Experiment, variationId: number): void {
  const value = `${variationId}/${Date.now()}`;
  writeStored(keyOf(experiment.id), value, experiment.assignmentDays ?? DEFAULT_DAYS);
}

/** Another visitor's assignments must not be reported for this one. */
export function eraseAssignments(): void {
  removeStored((key) => /^kameleoon(?:Experiment|Personalization)-/.test(key));
}
