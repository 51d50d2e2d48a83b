import { createApi } from "./api/api";
import { Engine } from "./engine";
import { readConfiguration } from "./loading/read-configuration";
import { receive } from "./page/files";
import { warn, warnOnce } from "./page/journal";

/** The parameter of the function build.mjs puts around the bundle. */
declare const configuration: unknown;

declare global {
  interface Window {
    Kameleoon?: Record<string, unknown>;
  }
}

if (window.Kameleoon?.Analyst !== undefined) {
  warn("engine.js is on this page twice; it is ignored.");
} else {
  try {
    start();
  } catch (error) {
    console.error("Kameleoon: the engine could not start.", error);
  }
}

function start(): void {
  const root: Record<string, unknown> = {};
  const engine = new Engine(readConfiguration(configuration), root);
  const { context } = engine;
  root.Analyst = { load: () => engine.load() };
  root.API = createApi(engine);
  root.Internals = { "configuration": context.configuration, runtime: context.runtime, receive };
  window.Kameleoon = root;
  if (!("kameleoon" in window)) {
    // Some texts spell the namespace in lower case, which throws on a production page.
    Object.defineProperty(window, "kameleoon", { get: lowerCaseAlias, set: giveAway, configurable: true });
  }

  engine.load();
}

function lowerCaseAlias(): unknown {
  warnOnce("the namespace is Kameleoon, not kameleoon.");
  return window.Kameleoon;
}

/** A page that uses the name for something of its own has it. */
function giveAway(value: unknown): void {
  Object.defineProperty(window, "kameleoon", { value, writable: true, enumerable: true, configurable: true });
}
