import type { Configuration } from "../configuration";
import { attempt } from "../page/journal";
import { isStorageRefused, type Store } from "../page/store";

export type BlockingReason = "STORAGE" | "TIMEOUT" | "PRERENDER" | "SCRIPT" | "PARAMETER" | "DISABLED";

const DISABLED_FOR_VISIT = "kameleoonDisabledForVisit";

/** Why this page must not be tracked, if it must not. Nothing is written before this is known, but the VISIT mark. */
export function findBlockingReason(
  configuration: Configuration,
  tab: Store,
  timedOut: boolean,
): BlockingReason | undefined {
  if (isStorageRefused()) {
    return "STORAGE";
  }

  if (timedOut && configuration.onTimeout === "VISIT") {
    tab.put(DISABLED_FOR_VISIT, "true");
  }

  if (timedOut || tab.get(DISABLED_FOR_VISIT) === "true") {
    return "TIMEOUT";
  }

  if (isPrerendering()) {
    return "PRERENDER";
  }

  if (attempt("the abort script", () => configuration.abortScript?.())) {
    return "SCRIPT";
  }

  if (isDisabledByUrl(location.search) || isDisabledByUrl(location.hash)) {
    return "PARAMETER";
  }

  return configuration.disabled ? "DISABLED" : undefined;
}

/** Calls back when the prerendered page is shown, if it ever is. */
export function listenForActivation(listen: (target: EventTarget, type: string) => void): void {
  listen(document, "prerendering" in document ? "prerenderingchange" : "visibilitychange");
}

// Today's browsers say "hidden" while they prerender; "prerender" is what earlier ones said.
export function isPrerendering(): boolean {
  const { prerendering, visibilityState } = document as { prerendering?: boolean; visibilityState: string };
  return prerendering === true || visibilityState === "prerender";
}

function isDisabledByUrl(part: string): boolean {
  return part.split(/[?#&]/).some((pair) => /^kameleoondisabled(?:=(?:true)?)?$/i.test(pair));
}
