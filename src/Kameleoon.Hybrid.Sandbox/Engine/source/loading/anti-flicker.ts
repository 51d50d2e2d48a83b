import { now } from "../page/clock";
import { warn } from "../page/journal";

declare global {
  interface Window {
    kameleoonDisplayPage?: ((byEngine: boolean) => void) | null;
    kameleoonDisplayPageTimeOut?: number;
    kameleoonStartLoadTime?: number;
    kameleoonEndLoadTime?: number;
    KameleoonEndLoadTime?: number;
    kameleoonTimeout?: boolean;
  }
}

/** What the anti-flicker tag did before the engine came. */
export interface Release {
  /** Milliseconds since that tag, or since the engine's own start. */
  readonly loadTime: number;
  /** The tag's timer showed the page before the engine did. */
  readonly cameLate: boolean;
}

/** Shows the page the anti-flicker tag hides, once. */
export function releasePage(startedAt: number): Release {
  clearTimeout(window.kameleoonDisplayPageTimeOut);
  const cameLate = window.kameleoonTimeout === true;
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

  const time = now();
  // The documentation writes a capital, detectors of the engine look for lower case.
  window.kameleoonEndLoadTime = time;
  window.KameleoonEndLoadTime = time;
  return { loadTime: time - (window.kameleoonStartLoadTime ?? startedAt), cameLate };
}
