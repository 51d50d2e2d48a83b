import { read } from "../api";
import { $, h, list, show, write } from "../dom";
import { ago, count, tell, time } from "../format";
import type { Moment, State, Story, Visitor } from "../state";

let wanted = "";
let shown = "";

const head = h("div");
const line = h("ol", { class: "line", ariaLabel: "What happened, oldest first" });
const none = h("p", { class: "quiet" }, "Nothing of this visitor is remembered.");
$("story").append(head, line, none);

/** Visitors, what is odd about them, and the story of one. */
export function renderVisitors(state: State, chosen: string): void {
  show($("no-visitors"), state.visitors.length === 0);
  list($("warnings-list"), state.warnings, warning => warning.time + warning.text, warning =>
    h("li", {}, h("a", { href: `#visitors/${encodeURIComponent(warning.visitorCode)}` }, warning.text), h("time", { class: "quiet" }, time(warning.time))));
  show($("identity"), state.warnings.length > 0);
  list($("visitor-list"), state.visitors, visitor => visitor.code, visitor => item(visitor));
  const now = Date.now() + state.sandbox.aheadSeconds * 1000;
  for (const element of $("visitor-list").querySelectorAll<HTMLElement>("[data-seen]")) {
    write(element, ago(element.dataset["seen"]!, now));
  }

  for (const link of $("visitor-list").querySelectorAll("a")) {
    link.toggleAttribute("aria-current", link.dataset["code"] === chosen);
  }

  $("visitors-view").dataset["chosen"] = String(chosen !== "");
  show($("story"), chosen !== "");
  wanted = chosen;
  if (chosen !== "") {
    void tellStory(chosen, state);
  }
}

function item(visitor: Visitor): HTMLElement {
  return h("li", {}, h("a", { href: `#visitors/${encodeURIComponent(visitor.code)}`, data: { code: visitor.code } },
    h("span", { class: "mono code" }, visitor.code),
    h("span", { class: "quiet" }, h("span", { data: { seen: visitor.lastSeen } }), `, ${count(visitor.pageViews, "page", "pages")}, ${count(visitor.visits, "visit", "visits")}`),
    h("span", { class: "badges" },
      visitor.server && h("span", { class: "badge", data: { sender: "server" } }, "server"),
      visitor.engine && h("span", { class: "badge", data: { sender: "engine" } }, "engine"),
      visitor.warnings > 0 && h("span", { class: "badge", data: { sender: "both" } }, "odd"))));
}

async function tellStory(code: string, state: State): Promise<void> {
  // A sandbox that does not answer is what the connection says.
  const story = await read<Story>(`live/visitor?code=${encodeURIComponent(code)}`).catch(() => null);
  if (story === null || wanted !== code) {
    return;
  }

  const moved = shown !== code;
  shown = code;
  const { codes, decisions } = story;
  list(head, [{ code, codes, decisions }], () => "head", () => h("header", {},
    h("a", { href: "#visitors", class: "back" }, "All visitors"),
    h("h3", { class: "mono", tabIndex: -1 }, code),
    story.codes.length > 1 && h("p", { class: "quiet" }, `The same person as ${story.codes.filter(other => other !== code).join(", ")}`),
    story.decisions.length > 0 && h("p", { class: "quiet" }, "What the project decides for this visitor now; select one to see why."),
    h("ul", { class: "chips" }, ...story.decisions.map(decision =>
      h("li", {}, h("a", { href: `#flags/${encodeURIComponent(decision.flag)}/${encodeURIComponent(code)}` },
        h("span", { class: "quiet" }, decision.flag), " ", h("b", {}, decision.variation)))))));
  const moments = numbered(story.moments);
  list(line, moments, ({ name }) => name, ({ moment }) => mark(moment, state));
  show(line, moments.length > 0);
  show(none, moments.length === 0);
  if (moved && matchMedia("(max-width: 760px)").matches) {
    head.querySelector("h3")?.focus();
    scrollTo({ top: 0 });
  }
}

/** Names by which moments are known again; two may be alike. */
function numbered(moments: readonly Moment[]): { name: string; moment: Moment }[] {
  const alike = new Map<string, number>();
  return moments.map(moment => {
    const name = `${moment.time} ${moment.kind} ${moment.text} ${moment.event?.number}`;
    const count = (alike.get(name) ?? 0) + 1;
    alike.set(name, count);
    return { name: `${name} ${count}`, moment };
  });
}

function mark(moment: Moment, state: State): HTMLElement {
  const { event } = moment;
  const who = moment.kind === "visit" ? "" : moment.sender;
  const say = event === null ? moment.text ?? "" : tell(event, state);
  const stamp = h("time", { class: "quiet", dateTime: moment.time }, time(moment.time));
  const label = who !== "" && h("span", { class: "badge", data: { sender: who } }, event?.sdk ?? who);
  if (event === null) {
    return h("li", { data: { kind: moment.kind, sender: moment.sender } }, stamp, h("p", {}, say), label);
  }

  return h("li", { data: { kind: event.type, sender: moment.sender } }, stamp,
    h("details", {}, h("summary", {}, say), fields({ nonce: "", ...event.fields })),
    label,
    ...event.violations.map(violation => h("p", { class: "warn" }, violation)));
}

/** The fields of an event as a table of two columns. */
export function fields(values: Readonly<Record<string, string>>): HTMLElement {
  const known = Object.entries(values).filter(([, value]) => value !== "");
  return known.length === 0
    ? h("p", { class: "quiet" }, "It has no further fields.")
    : h("dl", { class: "fields mono" }, ...known.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}
