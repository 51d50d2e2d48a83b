import type { Configuration } from "./configuration";
import { isStorageRefused } from "./storage";

export type BlockingReason = "STORAGE" | "PRERENDER" | "PARAMETER" | "DISABLED";

/** Why this page must not be tracked, if it must not. Nothing is written before this is known. */
export function findBlockingReason(configuration: Configuration): BlockingReason | undefined {
  if (isStorageRefused()) {
    return "STORAGE";
  }

  if (isPrerendering()) {
    return "PRERENDER";
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
function isPrerendering(): boolean {
  const { prerendering, visibilityState } = document as { prerendering?: boolean; visibilityState: string };
  return prerendering === true || visibilityState === "prerender";
}

function isDisabledByUrl(part: string): boolean {
  return part.split(/[?#&]/).some((pair) => /^kameleoondisabled(?:=(?:true)?)?$/i.test(pair));
}
