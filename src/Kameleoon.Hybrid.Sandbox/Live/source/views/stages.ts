import { tones } from "../charts";
import { h } from "../dom";
import { percent, whole } from "../format";
import type { Stage, Trusted } from "../state";

const known = new Map<number, Trusted>();
let isAsking = false;
let isCounted = true;

const rows: readonly { readonly title: string; readonly stage: Stage; readonly count: (stages: Trusted["variations"][number]["stages"]) => number }[] = [
  { title: "Decided", stage: "decided", count: stages => stages.decided },
  { title: "Response complete", stage: "completed", count: stages => stages.completed },
  { title: "Handed to the engine", stage: "handed", count: stages => stages.handed },
  { title: "Acknowledged", stage: "unreached", count: stages => stages.handed - stages.unreached },
  { title: "Reported", stage: "reported", count: stages => stages.reported },
  { title: "Converted", stage: "converted", count: stages => stages.converted },
];

/** Asks the application what it counted, and calls back when there is something new. An application without
 * AddKameleoonTrust, and a sandbox of its own process, count nothing and are not asked again. */
export async function loadStages(changed: () => void): Promise<void> {
  if (isAsking || !isCounted) {
    return;
  }

  isAsking = true;
  try {
    const response = await fetch("live/trust");
    isCounted = response.status !== 204;
    if (response.status === 200) {
      const { experiments } = await response.json() as { readonly experiments: readonly Trusted[] };
      const before = JSON.stringify([...known.values()]);
      known.clear();
      experiments.forEach(experiment => known.set(experiment.experimentId, experiment));
      if (JSON.stringify([...known.values()]) !== before) {
        changed();
      }
    }
  } catch {
    // An application that does not answer is what the connection says.
  } finally {
    isAsking = false;
  }
}

export const stagesOf = (experiment: number) => known.get(experiment) ?? null;

/** How many visitors of each variation got from the decision to the conversion. */
export function funnel(trusted: Trusted): HTMLElement | null {
  if (trusted.variations.every(variation => variation.stages.decided === 0)) {
    return null;
  }

  return h("details", { class: "stages", open: trusted.problem !== null },
    h("summary", {}, "From decision to conversion, as the application counts visitors"),
    h("div", { class: "scroll", tabIndex: 0, role: "region", ariaLabel: "Visitors by stage" }, h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Visitors"), ...trusted.variations.map(variation => h("th", { scope: "col" }, variation.key)))),
      h("tbody", {}, ...rows.map(row => h("tr", { data: row.stage === trusted.firstStage ? { first: "" } : {} },
        h("th", { scope: "row" }, row.title),
        ...trusted.variations.map((variation, index) => cell(row.count(variation.stages), variation.stages.decided, index))))))));
}

function cell(visitors: number, decided: number, index: number): HTMLElement {
  const part = decided > 0 ? visitors / decided : 0;
  const bar = h("span", { class: "bar", ariaHidden: "true" });
  bar.style.width = `${Math.min(1, part) * 100}%`;
  bar.style.background = `var(${tones[index % tones.length]})`;
  return h("td", {}, h("b", {}, whole(visitors)), h("span", { class: "quiet" }, percent(part)), bar);
}
