import { change, read } from "../api";
import { $, h, list, show, write } from "../dom";
import { percent } from "../format";
import type { Flag, FlagEdit, Rule, State } from "../state";

/** Flags with switches, weights and forced variations; every change is in force at once. */
export function renderFlags(state: State): void {
  list($("flag-list"), state.flags, flag => flag.key, flag => card(flag));
  show($("no-flags"), state.flags.length === 0);
  show($("undo-all"), state.sandbox.edits > 0);
  write($("edits"), state.sandbox.edits === 0
    ? "Changes here lie over the file, which stays as it is. SDKs that stream follow at once."
    : `${state.sandbox.edits} of the flags differ from the file.`);
}

let changes = Promise.resolve();

/** Changes one thing of a flag. The sandbox takes an edit whole, so it is made of what is in force by then. */
function save(key: string, alter: (edit: FlagEdit) => FlagEdit): void {
  inTurn(key, async () => {
    const { flags } = await read<State>("live/state?events=0");
    const edit = flags.find(flag => flag.key === key)?.edit ?? {};
    await change("PUT", `control/flags/${encodeURIComponent(key)}`, alter(edit));
  });
}

/** One change after the other, and what came of it. */
function inTurn(key: string, act: () => Promise<void>): void {
  const message = $("flag-message");
  changes = changes.then(act).then(
    () => {
      write(message, `${key} is changed, for everybody, now.`);
      message.dataset["level"] = "done";
    },
    (error: Error) => {
      write(message, error.message);
      message.dataset["level"] = "problem";
    });
}

function card(flag: Flag): HTMLElement {
  const toggle = h("input", { type: "checkbox", checked: flag.enabled, attributes: { role: "switch" }, ariaLabel: `${flag.key} is on`, data: { focus: `switch-${flag.key}` } });
  toggle.addEventListener("change", () => save(flag.key, edit => ({ ...edit, enabled: toggle.checked })));
  return h("article", { class: "card flag", ariaLabel: flag.key, data: { off: String(!flag.enabled) } },
    h("header", {}, h("h3", {}, flag.key), h("label", { class: "switch" }, toggle, h("span", {}, flag.enabled ? "on" : "off")),
      h("p", { class: "quiet" }, `${flag.default} unless a rule says otherwise`)),
    ...flag.rules.map((rule, index) => ruleForm(flag, rule, index)),
    forced(flag),
    flag.edit !== null && undo(flag));
}

function undo(flag: Flag): HTMLElement {
  const button = h("button", { type: "button", class: "plain", data: { focus: `undo-${flag.key}` } }, "Back to the file");
  button.addEventListener("click", () => inTurn(flag.key, () => change("DELETE", `control/flags/${encodeURIComponent(flag.key)}`)));
  return button;
}

function ruleForm(flag: Flag, rule: Rule, index: number): HTMLElement {
  const traffic = number(`Traffic in percent, rule ${index + 1} of ${flag.key}`, rule.traffic * 100, 100, `traffic-${rule.id}`);
  const weights = rule.shares.map(share => ({
    share,
    input: number(`Weight of ${share.key}, rule ${index + 1} of ${flag.key}`, Math.round(share.share * 10_000) / 100, 1_000_000, `weight-${rule.id}-${share.key}`),
  }));
  const store = () => save(flag.key, edit => ({
    ...edit,
    rules: {
      ...edit.rules,
      [rule.id]: {
        traffic: Math.min(100, Number(traffic.value)) / 100,
        weights: Object.fromEntries(weights.map(({ share, input }) => [share.key, Number(input.value)])),
      },
    },
  }));
  [traffic, ...weights.map(weight => weight.input)].forEach(input => input.addEventListener("change", store));
  return h("fieldset", {},
    h("legend", {}, rule.isDelivery ? "Delivery" : "Experiment", rule.segmentId === null ? " for everybody" : ` for segment ${rule.segmentId}`),
    h("label", {}, h("span", {}, "Traffic"), traffic, h("span", { class: "quiet" }, "%")),
    ...(rule.isDelivery ? [h("p", { class: "quiet" }, `gives ${rule.shares.map(share => share.key).join(", ")}`)]
      : weights.map(({ share, input }) => h("label", {}, h("span", {}, share.key), input, h("span", { class: "quiet" }, percent(share.share))))));
}

function number(label: string, value: number, max: number, focus: string): HTMLInputElement {
  return h("input", { type: "number", min: "0", max: String(max), step: "any", value: String(Math.round(value * 100) / 100), ariaLabel: label, data: { focus } });
}

function forced(flag: Flag): HTMLElement {
  const now = flag.edit?.forced ?? [];
  const variation = h("select", { ariaLabel: `Variation to force for ${flag.key}` }, ...flag.variations.map(known => h("option", { value: known.key }, known.key)));
  const visitor = h("input", { placeholder: "everybody", ariaLabel: `Visitor code to force ${flag.key} for`, autocomplete: "off", spellcheck: false, attributes: { list: "visitor-codes" } });
  const form = h("form", { class: "force" }, h("span", {}, "Force"), variation, h("span", {}, "for"), visitor, h("button", {}, "Force"));
  form.addEventListener("submit", event => {
    event.preventDefault();
    const entry = { variation: variation.value, visitor: visitor.value.trim() || null };
    (document.activeElement as HTMLElement | null)?.blur();
    save(flag.key, edit => ({
      ...edit,
      forced: [entry, ...others(edit, entry)].sort((a, b) => Number(a.visitor == null) - Number(b.visitor == null)),
    }));
  });
  return h("div", {},
    now.length > 0 && h("ul", { class: "chips" }, ...now.map(entry => {
      const free = h("button", { type: "button", class: "plain", ariaLabel: `Stop forcing ${entry.variation}` }, "✕");
      free.addEventListener("click", () => save(flag.key, edit => ({ ...edit, forced: others(edit, entry) })));
      return h("li", {}, h("span", {}, h("b", {}, entry.variation), " for ", entry.visitor ?? "everybody"), free);
    })),
    form);
}

type Forced = NonNullable<FlagEdit["forced"]>;

/** What is forced for anybody else. */
function others(edit: FlagEdit, entry: Forced[number]): Forced {
  return (edit.forced ?? []).filter(other => (other.visitor ?? null) !== (entry.visitor ?? null));
}
