import { warn } from "./journal";

declare global {
  interface Window {
    kameleoonDisplayPage?: ((byEngine: boolean) => void) | null;
    kameleoonDisplayPageTimeOut?: number;
    kameleoonStartLoadTime?: number;
    kameleoonEndLoadTime?: number;
    KameleoonEndLoadTime?: number;
  }
}

/** Shows the page the anti-flicker tag hides, once, and returns the milliseconds since that tag or `startedAt`. */
export function releasePage(startedAt: number): number {
  clearTimeout(window.kameleoonDisplayPageTimeOut);
  const display = window.kameleoonDisplayPage;
  if (typeof display === "function") {
    // Forgotten first: a tag that throws is not asked twice.
    window.kameleoonDisplayPage = null;
    try {
      display(true);
    } catch (error) {
      warn("the anti-flicker tag failed to show the page.", error);
    }
  }

  const now = Date.now();
  // The documentation writes a capital, detectors of the engine look for lower case.
  window.kameleoonEndLoadTime = now;
  window.KameleoonEndLoadTime = now;
  return now - (window.kameleoonStartLoadTime ?? startedAt);
}
