import { read } from "../api";
import { $, h, write } from "../dom";
import { count } from "../format";

/** A fact as the sandbox names it; `lines` may be stated several times, a line each. */
interface Fact {
  readonly name: string;
  readonly label: string;
  readonly choices?: readonly string[];
  readonly lines?: string;
  readonly example?: string;
}

const TIME = "2026-01-31T12:00:00Z";

const GROUPS: readonly (readonly [string, readonly Fact[]])[] = [
  ["Custom data", [{ name: "customData", label: "Names or indices, and values", lines: "plan=gold" }]],
  ["Page", [
    { name: "page", label: "Address" },
    { name: "title", label: "Title" },
    { name: "previousPage", label: "Address before" },
    { name: "pageViews", label: "Pages viewed", example: "3" },
  ]],
  ["Browser", [
    { name: "device", label: "Device", choices: ["DESKTOP", "PHONE", "TABLET"] },
    { name: "browser", label: "Browser", choices: ["CHROME", "FIREFOX", "SAFARI", "OPERA", "INTERNET_EXPLORER", "OTHER"] },
    { name: "browserVersion", label: "Its version", example: "120.5" },
    { name: "os", label: "System", choices: ["WINDOWS", "MAC", "LINUX", "IOS", "ANDROID", "WINDOWS_PHONE"] },
    { name: "cookie", label: "Cookies", lines: "name=value" },
  ]],
  ["Place", [
    { name: "country", label: "Country", example: "France" },
    { name: "region", label: "Region" },
    { name: "city", label: "City" },
  ]],
  ["Person", [
    { name: "consent", label: "Consent", choices: ["GIVEN", "REFUSED"] },
    { name: "bot", label: "Is a bot", choices: ["true"] },
    { name: "person", label: "Code that buckets the person on every device" },
  ]],
  ["Visits", [
    { name: "visitStart", label: "Start of this one", example: TIME },
    { name: "earlierVisit", label: "Starts of earlier ones", lines: TIME },
  ]],
  ["History, each with @ and a time when it was not now", [
    { name: "assignment", label: "Experiments and variations", lines: `7001=81002@${TIME}` },
    { name: "conversion", label: "Goals reached", lines: `3001@${TIME}` },
    { name: "personalization", label: "Personalizations seen", lines: "501" },
    { name: "likelihood", label: "Moments, goals and likelihoods", lines: "1/3001=70" },
    { name: "score", label: "Experiments, variations and scores", lines: "7001/81002=0.7" },
  ]],
  ["Asked for", [
    { name: "forced", label: "Experiments and variations forced by code", lines: "7001=one-page" },
    { name: "simulation", label: "Simulation cookie", example: "{\"checkout\":{\"expId\":7001,\"varId\":81002}}" },
    { name: "applicationVersion", label: "Version of the application", example: "2.1.0" },
    { name: "sdkLanguage", label: "SDK", example: "CSHARP" },
    { name: "sdkVersion", label: "Version of the SDK", example: "4.22.0" },
  ]],
];

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const controls = new Map<string, Control>();
let latest = "";
let isOwn = false; // Typed facts are not replaced without being asked.

/** Builds the inputs for everything that a decision may ask about a visitor. */
export function startFacts(codeOf: () => string): void {
  $("facts-fields").replaceChildren(...GROUPS.map(([title, facts]) =>
    h("fieldset", {}, h("legend", {}, title), ...facts.map(fact => h("label", {}, fact.label, control(fact))))));
  $("facts").addEventListener("input", () => {
    isOwn = true;
    tell();
  });
  $("facts-recorded").addEventListener("click", () => {
    isOwn = false;
    void fillFacts(codeOf());
  });
  $("facts-none").addEventListener("click", () => {
    isOwn = false;
    fill({});
  });
  tell();
}

/** Takes what was recorded of a visitor, in place of what was taken of another. */
export async function fillFacts(code: string): Promise<void> {
  latest = code;
  const facts = code === "" || isOwn ? {} : await read<Record<string, readonly string[]>>(`live/facts?visitor=${encodeURIComponent(code)}`);
  if (latest === code && !isOwn) {
    fill(facts);
  }
}

/** What was typed is about another visitor. */
export function forgetFacts(): void {
  isOwn = false;
}

/** Each fact that is stated, with its name. */
export function statedFacts(): readonly (readonly [string, string])[] {
  return [...controls].flatMap(([name, control]) =>
    control.value.split("\n").map(line => line.trim()).filter(line => line !== "").map(line => [name, line] as const));
}

function control({ name, choices, lines, example }: Fact): Control {
  const made = choices !== undefined
    ? h("select", { name }, h("option", { value: "" }, "not known"), ...choices.map(value => h("option", { value }, value.toLowerCase().replaceAll("_", " "))))
    : lines !== undefined
      ? h("textarea", { name, rows: 2, placeholder: lines, spellcheck: false })
      : h("input", { name, placeholder: example ?? "", autocomplete: "off", spellcheck: false });
  controls.set(name, made);
  return made;
}

function fill(facts: Readonly<Record<string, readonly string[]>>): void {
  for (const [name, control] of controls) {
    const values = facts[name] ?? [];
    control.value = values.join("\n");
    if (control instanceof HTMLTextAreaElement) {
      control.rows = Math.min(8, Math.max(2, values.length));
    }
  }

  tell();
}

function tell(): void {
  const known = statedFacts().length;
  write($("facts-known"), known === 0 ? "nothing but the code" : `${count(known, "fact", "facts")}${isOwn ? "" : ", as recorded"}`);
}
