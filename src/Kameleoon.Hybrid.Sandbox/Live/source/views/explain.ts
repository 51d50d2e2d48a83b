import { $, h, show, write } from "../dom";
import type { State } from "../state";

const flag = $("explain-flag") as HTMLSelectElement;
const visitor = $("explain-visitor") as HTMLInputElement;
const text = $("explanation");

/** Says for any flag and visitor code what is decided, and why. */
export function startExplain(): void {
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

  const codes = state.visitors.map(known => known.code);
  const options = $("visitor-codes");
  if (codes.join("\n") !== [...options.children].map(option => (option as HTMLOptionElement).value).join("\n")) {
    options.replaceChildren(...codes.map(code => h("option", { value: code })));
  }
}

/** Explains what another view asked for. */
export function explainFor(key: string, code: string): void {
  flag.value = key;
  visitor.value = code;
  void explain();
  $("explain").scrollIntoView({ block: "center" });
}

async function explain(): Promise<void> {
  const response = await fetch(`live/explain?flag=${encodeURIComponent(flag.value)}&visitor=${encodeURIComponent(visitor.value.trim())}`);
  write(text, await response.text());
  text.dataset["level"] = response.ok ? "" : "problem";
  show(text, true);
}
