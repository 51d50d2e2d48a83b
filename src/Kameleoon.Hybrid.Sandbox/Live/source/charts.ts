import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { percent, whole } from "./format";
import type { Chart, State } from "./state";

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The colours of variations, the same on every card; told apart by lightness too. */
export const tones = ["--v0", "--v1", "--v2", "--v3", "--v4", "--v5"];

const plots = new Map<HTMLElement, { plot: uPlot; shape: string }>();
const watch = new ResizeObserver(entries => {
  for (const { target } of entries) {
    const known = plots.get(target as HTMLElement);
    if (known !== undefined && target.clientWidth > 0) {
      known.plot.setSize({ width: target.clientWidth, height: known.plot.height });
    }
  }
});

// The colours are in the canvas, so another theme means another drawing.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const [element, { plot }] of plots) {
    plot.destroy();
    plots.delete(element);
  }
});

/** What a list no longer shows is not drawn again, and its listeners on the window go with it. */
function tidy(): void {
  for (const [element, { plot }] of plots) {
    if (!element.isConnected) {
      watch.unobserve(element);
      plot.destroy();
      plots.delete(element);
    }
  }
}

function draw(element: HTMLElement, shape: string, data: uPlot.AlignedData, options: () => Omit<uPlot.Options, "width">): void {
  tidy();
  const known = plots.get(element);
  if (known?.shape === shape) {
    known.plot.setData(data);
    return;
  }

  known?.plot.destroy();
  element.replaceChildren();
  const plot = new uPlot({ width: Math.max(200, element.clientWidth), ...options() }, data, element);
  plots.set(element, { plot, shape });
  watch.observe(element);
}

function axis(values: (value: number) => string): uPlot.Axis {
  return {
    stroke: colour("--quiet"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    size: 48,
    values: (_, splits) => splits.map(value => value === null ? "" : values(value)),
  };
}

const clock = (second: number) => new Date(second * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

// Ticks may be closer than minutes.
const onceEach = (second: number, index: number, all: readonly number[]) =>
  index > 0 && clock(second) === clock(all[index - 1]!) ? "" : clock(second);

function times(): uPlot.Axis {
  return { stroke: colour("--quiet"), font: "12px system-ui, sans-serif", grid: { show: false }, ticks: { show: false }, size: 28, values: (_, splits) => splits.map(onceEach) };
}

/** Events over time by sender. */
export function activity(element: HTMLElement, state: State["activity"]): void {
  const seconds = [...new Set([...state.engine, ...state.server].map(point => point[0]))].sort((a, b) => a - b);
  const line = (points: State["activity"]["engine"]) => {
    const at = new Map(points);
    return seconds.map(second => at.get(second) ?? 0);
  };
  draw(element, "activity", [seconds, line(state.engine), line(state.server)], () => ({
    height: 132,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false } },
    axes: [times(), axis(value => Number.isInteger(value) ? whole(value) : "")],
    scales: { y: { range: (_, __, max) => [0, Math.max(4, max * 1.15)] } },
    series: [
      {},
      { label: "engine", stroke: colour("--engine"), fill: `${colour("--engine")}22`, width: 2, points: { show: seconds.length < 30, size: 5 } },
      { label: "server", stroke: colour("--server"), fill: `${colour("--server")}1c`, width: 2, points: { show: seconds.length < 30, size: 5 } },
    ],
  }));
}

/** Conversion rates over time, one line a variation, each in the band in which the rate lies with 95 % confidence. */
export function rates(element: HTMLElement, chart: Chart): void {
  const lines = (["value", "high", "low"] as const).map(part => chart.variations.map(curve => curve.rates.map(rate => rate?.[part] ?? null)));
  const data = [[...chart.seconds], ...lines.flat()] as unknown as uPlot.AlignedData;
  const count = chart.variations.length;
  const tone = (index: number) => colour(tones[index % tones.length]!);
  draw(element, chart.variations.map(curve => curve.name).join("\n"), data, () => ({
    height: 220,
    padding: [8, 20, 0, 0],
    legend: { live: true },
    cursor: { y: false, drag: { x: false } },
    axes: [times(), axis(percent)],
    scales: { y: { range: (_, __, max) => [0, Math.min(1, Math.max(0.01, max * 1.1))] } },
    series: [
      { label: "Time" },
      ...chart.variations.map((curve, index) => ({
        label: curve.name,
        stroke: tone(index),
        width: 2,
        value: (plot: uPlot, value: number | null, place: number, at: number | null) => value === null || at === null ? "–"
          : `${percent(value)}, ${percent(plot.data[place + (2 * count)]![at] ?? 0)} to ${percent(plot.data[place + count]![at] ?? 1)}`,
      })),
      ...[...chart.variations, ...chart.variations].map(() => ({ stroke: "transparent", points: { show: false }, class: "band" })),
    ],
    bands: chart.variations.map((_, index) => ({ series: [1 + count + index, 1 + (2 * count) + index] as [number, number], fill: `${tone(index)}26` })),
  }));
}
