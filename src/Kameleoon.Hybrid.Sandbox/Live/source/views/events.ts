import { $, h, list, show, write } from "../dom";
import { tell, time, whole } from "../format";
import type { SentEvent, State } from "../state";
import { fields } from "./visitors";

const filter = $("filter") as HTMLInputElement;
const sender = $("filter-sender") as HTMLSelectElement;

/** Events as they arrive, newest first. */
export function renderEvents(state: State): void {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const events = state.events.filter(event =>
    (sender.value === "" || event.sender === sender.value || (sender.value === "problem" && event.violations.length > 0))
    && words.every(word => searchable(event).includes(word)));
  list($("event-list"), events, event => String(event.number), event => item(event, state));
  show($("no-events"), events.length === 0);
  write($("no-events"), state.events.length === 0 ? "No event has arrived yet." : "No recent event matches.");
  write($("violations"), state.totals.violations === 0 ? "" : `${whole(state.totals.violations)} with a problem`);
}

/** Runs something whenever the filter changes. */
export function onFilter(run: () => void): void {
  filter.addEventListener("input", run);
  sender.addEventListener("change", run);
}

function searchable(event: SentEvent): string {
  return `${event.type} ${event.sdk} ${event.visitorCode} ${event.flag} ${event.variation} ${Object.values(event.fields).join(" ")}`.toLowerCase();
}

function item(event: SentEvent, state: State): HTMLElement {
  return h("li", { data: { problem: String(event.violations.length > 0) } },
    h("details", {},
      h("summary", {},
        h("time", { class: "quiet" }, time(event.time)),
        h("span", { class: "badge", data: { sender: event.sender } }, event.sdk ?? event.sender),
        h("span", { class: "what" }, tell(event, state), event.violations.length > 0 && h("span", { class: "warn" }, ` ${event.violations[0]}`)),
        h("span", { class: "mono quiet code" }, event.visitorCode ?? "no visitor")),
      h("div", { class: "inside" },
        event.visitorCode !== null && h("p", {}, h("a", { href: `#visitors/${encodeURIComponent(event.visitorCode)}` }, "The visitor’s story")),
        ...event.violations.map(violation => h("p", { class: "warn" }, violation)),
        fields({ eventType: event.type, ...event.fields }))));
}
