import { read } from "../api";
import { rates, tones } from "../charts";
import { h, list } from "../dom";
import { change, count, goalName, money, percent, whole } from "../format";
import type { Chart, Experiment, Flag, Goal, Result, State, Trusted, Variation } from "../state";
import { funnel, stagesOf } from "./stages";

/** The curves of one experiment; they stay when its card is made anew. */
interface OverTime {
  readonly details: HTMLElement;
  goal: number;
  load(): Promise<void>;
}

const chosen = new Map<number, number>();
const curves = new Map<number, OverTime>();
let newest: State;

/** Experiments with what their visitors saw and did: those in which something is odd first, those without visitors last. */
export function renderResults(container: HTMLElement, state: State): void {
  newest = state;
  const items = [...state.experiments].sort((one, other) => place(one) - place(other)).map(experiment =>
    ({ experiment, kind: kindOf(experiment, state.flags), goals: state.goals, goal: goalOf(experiment, state.goals), stages: stagesOf(experiment.id) }));
  list(container, items, item => String(item.experiment.id), item => item.experiment.visitors === 0
    ? folded(item.experiment, item.kind)
    : card(item.experiment, item.kind, item.goals, item.goal, item.stages, () => renderResults(container, newest)));
  for (const [experiment, curve] of curves) {
    if (state.experiments.some(known => known.id === experiment)) {
      void curve.load();
    } else {
      curves.delete(experiment);
    }
  }
}

function place(experiment: Experiment): number {
  const isOdd = experiment.ratio?.verdict === "broken" || typeof stagesOf(experiment.id)?.problem === "string" || experiment.variations.some(variation => variation.both > 0);
  return isOdd ? 0 : experiment.visitors > 0 ? 1 : 2;
}

/** What decides the experiment, by the project in force. */
function kindOf(experiment: Experiment, flags: readonly Flag[]): string {
  if (experiment.kind === "web" || experiment.kind === "holdout") {
    return experiment.kind === "web" ? "decided by the engine" : "who sees no experiment";
  }

  const flag = flags.find(known => known.key === experiment.flag);
  const rule = flag?.rules.find(known => known.experimentId === experiment.id);
  const off = flag?.enabled === false ? ", flag is off" : "";
  if (experiment.kind === "flag") {
    return `decided by the server${off}`;
  }

  const who = rule === undefined || rule.segmentId === null ? "all" : `segment ${rule.segmentId}`;
  return `delivered to ${rule === undefined || rule.traffic === 1 ? who : `${percent(rule.traffic)} of ${who}`}${off}`;
}

/** An experiment that no visitor saw, in one line. */
function folded(experiment: Experiment, kind: string): HTMLElement {
  return h("article", { class: "card folded", ariaLabel: titleOf(experiment) },
    h("h3", {}, titleOf(experiment)), h("p", { class: "quiet" }, `${kind}, no visitors yet, no. ${experiment.id}`));
}

const titleOf = (experiment: Experiment) => experiment.flag ?? `Experiment ${experiment.id}`;

function goalOf(experiment: Experiment, goals: readonly Goal[]): number | null {
  const wish = chosen.get(experiment.id);
  return goals.some(goal => goal.goalId === wish) ? wish! : goals[0]?.goalId ?? null;
}

function card(experiment: Experiment, kind: string, goals: readonly Goal[], goal: number | null, stages: Trusted | null, again: () => void): HTMLElement {
  const results = experiment.variations.map(variation => variation.goals.find(result => result.goalId === goal) ?? null);
  const scale = Math.max(0.02, ...results.map(result => result?.rate?.high ?? 0));
  const title = titleOf(experiment);
  return h("article", { class: "card experiment", ariaLabel: title },
    h("header", {},
      h("h3", {}, title),
      h("p", { class: "quiet" }, `${kind}, ${count(experiment.visitors, "visitor", "visitors")}, no. ${experiment.id}`),
      goals.length > 0 && goal !== null && picker(experiment, goals, goal, again)),
    h("ul", { class: "variations" }, ...experiment.variations.map((variation, index) =>
      row(variation, results[index] ?? null, index, experiment, scale))),
    typeof stages?.problem === "string" ? h("p", { class: "ratio", data: { verdict: "broken" } }, stages.problem) : null,
    experiment.kind === "delivery" ? null : ratio(experiment, typeof stages?.problem === "string"),
    stages === null ? null : funnel(stages),
    goal !== null && experiment.visitors > 0 ? overTime(experiment.id, goal) : null);
}

function picker(experiment: Experiment, goals: readonly Goal[], goal: number, again: () => void): HTMLElement {
  const select = h("select", { ariaLabel: "Goal", data: { focus: `goal-${experiment.id}` } },
    ...goals.map(known => h("option", { value: String(known.goalId), selected: known.goalId === goal }, goalName(known))));
  select.addEventListener("change", () => {
    chosen.set(experiment.id, Number(select.value));

    // A card in which the reader chooses is left as it is.
    select.blur();
    again();
    document.querySelector<HTMLElement>(`[data-focus="goal-${experiment.id}"]`)?.focus({ preventScroll: true });
  });
  return select;
}

function row(variation: Variation, result: Result | null, index: number, experiment: Experiment, scale: number): HTMLElement {
  const share = experiment.visitors > 0 ? variation.visitors / experiment.visitors : 0;
  const swatch = h("span", { class: "swatch" });
  swatch.style.background = `var(${tones[index % tones.length]})`;
  return h("li", {},
    h("div", { class: "who" }, swatch, h("strong", {}, variation.key ?? `Variation ${variation.id}`),
      variation.name !== null && variation.name !== "" && variation.name.toLowerCase() !== variation.key?.toLowerCase() && h("span", { class: "quiet" }, variation.name)),
    h("div", { class: "figure" }, h("b", {}, whole(variation.visitors)),
      h("span", { class: "quiet" }, variation.share > 0 ? `${percent(share)}, expected ${percent(variation.share)}` : percent(share))),
    result === null ? h("div", { class: "rate quiet" }, "no conversions yet") : rate(result, index, scale),
    h("div", { class: "figure" }, h("b", {}, result === null ? "–" : money(result.revenue)),
      h("span", { class: "quiet" }, result !== null && variation.visitors > 0 ? `${money(result.revenue / variation.visitors)} a visitor` : "revenue")),
    h("p", { class: "quiet lift" }, lift(result, index, experiment)),
    variation.both > 0 && h("p", { class: "warn" }, `${count(variation.both, "visitor was", "visitors were")} reported by server and engine both`));
}

function rate(result: Result, index: number, scale: number): HTMLElement {
  const interval = result.rate;
  if (interval === null) {
    return h("div", { class: "rate quiet" }, "–");
  }

  const whisker = h("span", { class: "whisker" });
  whisker.style.left = `${interval.low / scale * 100}%`;
  whisker.style.width = `${Math.max(0.5, (interval.high - interval.low) / scale * 100)}%`;
  const dot = h("span", { class: "dot-mark" });
  dot.style.left = `${interval.value / scale * 100}%`;
  whisker.style.background = dot.style.background = `var(${tones[index % tones.length]})`;
  return h("div", { class: "rate" },
    h("b", {}, percent(interval.value)),
    h("span", { class: "quiet" }, `${percent(interval.low)} to ${percent(interval.high)}`),
    h("span", { class: "axis", ariaHidden: "true" }, whisker, dot));
}

function lift(result: Result | null, index: number, experiment: Experiment): string {
  if (index === 0) {
    return experiment.variations.length > 1 ? "The others are compared with this one." : "";
  }

  const interval = result?.lift;
  if (interval === null || interval === undefined) {
    return "";
  }

  const range = `between ${change(interval.low)} and ${change(interval.high)}`;
  return interval.low > 0 ? `Better: ${change(interval.value)}, ${range}.`
    : interval.high < 0 ? `Worse: ${change(interval.value)}, ${range}.`
    : `${change(interval.value)}, but ${range}: not certain yet.`;
}

function ratio(experiment: Experiment, isExplained: boolean): HTMLElement | null {
  const check = experiment.ratio;
  if (check === null || experiment.visitors === 0) {
    return null;
  }

  const p = check.pValue < 0.001 ? "p < 0.001" : `p = ${check.pValue.toFixed(3)}`;
  const words = {
    few: "Too few visitors yet to tell whether they are spread as the weights ask for.",
    fine: `Visitors are spread as the weights ask for (${p}).`,
    doubtful: `The spread is unusual: chance alone does this in ${percent(check.pValue)} of such experiments (${p}). Keep an eye on it.`,
    broken: isExplained ? `Visitors are not spread as the weights ask for (${p}). Do not trust the rates above.` : `Visitors are not spread as the weights ask for (${p}). Something loses or adds visitors of one variation: a redirect, a cache, a bot, weights changed halfway. Do not trust the rates above.`,
  }[check.verdict];
  return h("p", { class: "ratio", data: { verdict: check.verdict } }, words,
    experiment.forced > 0 && ` ${count(experiment.forced, "visitor", "visitors")} on whom a variation was forced ${experiment.forced === 1 ? "is" : "are"} left out of this check.`);
}

function overTime(experiment: number, goal: number): HTMLElement {
  const curve = curves.get(experiment) ?? follow(experiment);
  curve.goal = goal;
  return curve.details;
}

function follow(experiment: number): OverTime {
  const plot = h("div", { class: "plot" });
  const details = h("details", {}, h("summary", {}, "Rate over time, with the range it lies in"), plot);
  const curve: OverTime = {
    details,
    goal: 0,
    load: async () => {
      const { goal } = curve;
      const isWanted = () => details.open && details.isConnected && curve.goal === goal;
      if (isWanted()) {
        // A sandbox that does not answer is what the connection says.
        const chart = await read<Chart>(`live/chart?experiment=${experiment}&goal=${goal}`).catch(() => null);
        if (chart !== null && isWanted()) {
          rates(plot, chart);
        }
      }
    },
  };
  details.addEventListener("toggle", () => void curve.load());
  curves.set(experiment, curve);
  return curve;
}
