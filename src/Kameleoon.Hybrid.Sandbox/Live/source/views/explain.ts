import { $, h, show, write } from "../dom";
import type { State } from "../state";
import { fillFacts, forgetFacts, startFacts, statedFacts } from "./facts";

const flag = $("explain-flag") as HTMLSelectElement;
const visitor = $("explain-visitor") as HTMLInputElement;
const environment = $("explain-environment") as HTMLInputElement;
const text = $("explanation");

let filled = Promise.resolve();

/** Says for any flag, visitor and environment what is decided, and why. */
export function startExplain(): void {
  startFacts(codeOf);
  visitor.addEventListener("change", () => {
    filled = fillFacts(codeOf());
  });
  $("explain").addEventListener("submit", event => {
    event.preventDefault();
    void explain();
  });
}

export function renderExplain(state: State): void {
  const keys = state.dataFile.flags;
  if (keys.join("\n") !== [...flag.options].map(option => option.value).join("\n")) {
    const before = flag.value;
    flag.replaceChildren(...keys.map(key => h("option", { value: key }, key)));
    flag.value = keys.includes(before) ? before : keys[0] ?? "";
  }

  suggest("visitor-codes", state.visitors.map(known => known.code));
  suggest("environments", [...new Set(["production", ...state.dataFile.environments])]);
}

/** Explains what another view asked for. */
export function explainFor(key: string, code: string): void {
  flag.value = key;
  visitor.value = code;
  environment.value = "";
  forgetFacts();
  filled = fillFacts(code);
  void explain();
  $("explain").scrollIntoView({ block: "center" });
}

function codeOf(): string {
  return visitor.value.trim();
}

function suggest(id: string, values: readonly string[]): void {
  const options = $(id);
  if (values.join("\n") !== [...options.children].map(option => (option as HTMLOptionElement).value).join("\n")) {
    options.replaceChildren(...values.map(value => h("option", { value })));
  }
}

async function explain(): Promise<void> {
  await filled.catch(() => undefined);
  const asked = [["flag", flag.value], ["visitor", codeOf()], ["environment", environment.value.trim()], ...statedFacts()];
  const body = new URLSearchParams(asked.filter(([, value]) => value !== "") as [string, string][]);
  const response = await fetch("live/explain", { method: "POST", body });
  write(text, await response.text());
  text.dataset["level"] = response.ok ? "" : "problem";
  show(text, true);
  text.scrollIntoView({ block: "nearest" });
}
