import { append } from "./lists";

/** Runs inside a file the sandbox serves; never text that would have to be evaluated. */
export type Script = (...values: unknown[]) => unknown;

// A file that does not come must not keep the campaigns waiting for ever.
const PATIENCE_MS = 10_000;

// The attribute reads empty under a policy, the property works, and only while the script itself runs.
const nonce = document.currentScript?.nonce ?? "";
const waiting: { name: string; receive: (value: unknown) => void }[] = [];

/** Called by the files themselves with what they carry. */
export function receive(name: unknown, value: unknown): void {
  for (const one of waiting.filter((entry) => entry.name === name)) {
    one.receive(value);
  }
}

/** Loads a file of the resource host as a script with this one's nonce, and settles with what it handed to `receive`. */
export function loadFile(resourceUrl: string | null, path: string, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (resourceUrl === null) {
      throw new Error(`There is no host of ${path}.`);
    }

    let value: unknown;
    const entry = { name, receive: (given: unknown) => (value = given) };
    append(waiting, entry);
    const script = document.createElement("script");
    const settle = (finish: () => void) => () => {
      clearTimeout(timer);
      waiting.splice(waiting.indexOf(entry), 1);
      script.remove();
      finish();
    };
    script.onload = settle(() =>
      value === undefined ? reject(new Error(`${path} is unknown.`)) : resolve(value),
    );
    script.onerror = settle(() => reject(new Error(`${path} cannot be loaded.`)));
    const timer = setTimeout(
      settle(() => reject(new Error(`${path} took too long.`))),
      PATIENCE_MS,
    );
    script.nonce = nonce;
    script.async = true;
    // Site and environment stand in the query, and hold for every file.
    const [base, query] = resourceUrl.split("?") as [string, string?];
    setSource(script, `${base.replace(/\/+$/, "")}/${path}${query ? `?${query}` : ""}`);
    document.documentElement.append(script);
  });
}

/** A style with this script's nonce; where even that is refused, a sheet the policy does not look at. */
export function addStyle(id: string, css: string): () => void {
  const style = document.createElement("style");
  style.id = id;
  style.nonce = nonce;
  style.textContent = css;
  document.documentElement.append(style);
  if (style.sheet !== null || !("adoptedStyleSheets" in document)) {
    return () => style.remove();
  }

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    style.remove();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  };
}

interface TrustedTypes {
  createPolicy(name: string, rules: object): { createScriptURL(url: string): string };
}

let policy: { createScriptURL(url: string): string } | undefined;

// Where the page requires trusted types, addresses of scripts come from the policy the page allows by this name.
function setSource(script: HTMLScriptElement, url: string): void {
  const { trustedTypes } = window as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy("kameleoon", { createScriptURL: (text: string) => text });
  script.src = policy?.createScriptURL(url) ?? url;
}
