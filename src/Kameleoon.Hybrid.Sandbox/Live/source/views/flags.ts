import { change } from "../api";
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

async function save(flag: Flag, edit: FlagEdit): Promise<void> {
  const message = $("flag-message");
  try {
    await change("PUT", `control/flags/${encodeURIComponent(flag.key)}`, edit);
    write(message, `${flag.key} is changed, for everybody, now.`);
    message.dataset["level"] = "done";
  } catch (error) {
    write(message, String((error as Error).message));
    message.dataset["level"] = "problem";
  }
}

function card(flag: Flag): HTMLElement {
  const edit = structuredClone(flag.edit ?? {}) as FlagEdit;
  const toggle = h("input", { type: "checkbox", checked: flag.enabled, attributes: { role: "switch" }, ariaLabel: `${flag.key} is on`, data: { focus: `switch-${flag.key}` } });
  toggle.addEventListener("change", () => void save(flag, { ...edit, enabled: toggle.checked }));
  return h("article", { class: "card flag", ariaLabel: flag.key, data: { off: String(!flag.enabled) } },
    h("header", {}, h("h3", {}, flag.key), h("label", { class: "switch" }, toggle, h("span", {}, flag.enabled ? "on" : "off")),
      h("p", { class: "quiet" }, `${flag.default} unless a rule says otherwise`)),
    ...flag.rules.map((rule, index) => ruleForm(flag, rule, index, edit)),
    forced(flag, edit),
    flag.edit !== null && undo(flag));
}

function undo(flag: Flag): HTMLElement {
  const button = h("button", { type: "button", class: "plain", data: { focus: `undo-${flag.key}` } }, "Back to the file");
  button.addEventListener("click", () => void change("DELETE", `control/flags/${encodeURIComponent(flag.key)}`));
  return button;
}

function ruleForm(flag: Flag, rule: Rule, index: number, edit: FlagEdit): HTMLElement {
  const traffic = number(`Traffic in percent, rule ${index + 1} of ${flag.key}`, rule.traffic * 100, 100, `traffic-${rule.id}`);
  const weights = rule.shares.map(share => ({
    share,
    input: number(`Weight of ${share.key}, rule ${index + 1} of ${flag.key}`, Math.round(share.share * 10_000) / 100, 1_000_000, `weight-${rule.id}-${share.key}`),
  }));
  const store = () => void save(flag, {
    ...edit,
    rules: {
      ...edit.rules,
      [rule.id]: {
        traffic: Math.min(100, Number(traffic.value)) / 100,
        weights: Object.fromEntries(weights.map(({ share, input }) => [share.key, Number(input.value)])),
      },
    },
  });
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

function forced(flag: Flag, edit: FlagEdit): HTMLElement {
  const now = edit.forced ?? [];
  const variation = h("select", { ariaLabel: `Variation to force for ${flag.key}` }, ...flag.variations.map(known => h("option", { value: known.key }, known.key)));
  const visitor = h("input", { placeholder: "everybody", ariaLabel: `Visitor code to force ${flag.key} for`, autocomplete: "off", spellcheck: false, attributes: { list: "visitor-codes" } });
  const form = h("form", { class: "force" }, h("span", {}, "Force"), variation, h("span", {}, "for"), visitor, h("button", {}, "Force"));
  form.addEventListener("submit", event => {
    event.preventDefault();
    const entry = { variation: variation.value, visitor: visitor.value.trim() || null };
    (document.activeElement as HTMLElement | null)?.blur();
    void save(flag, { ...edit, forced: [entry, ...now.filter(other => (other.visitor ?? null) !== entry.visitor)].sort((a, b) => Number(a.visitor == null) - Number(b.visitor == null)) });
  });
  return h("div", {},
    now.length > 0 && h("ul", { class: "chips" }, ...now.map((entry, index) => {
      const free = h("button", { type: "button", class: "plain", ariaLabel: `Stop forcing ${entry.variation}` }, "✕");
      free.addEventListener("click", () => void save(flag, { ...edit, forced: now.filter((_, other) => other !== index) }));
      return h("li", {}, h("span", {}, h("b", {}, entry.variation), " for ", entry.visitor ?? "everybody"), free);
    })),
    form);
}
