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
    kameleoonLoadingTimeout?: number;
  }
}

/** What happened to the page before the engine started. */
export interface Release {
  /** Milliseconds since that tag, or since the engine's own start. */
  readonly loadTime: number;
  /** Whether the page was shown before the engine was there: by the tag's timer, or after as much time without a tag. */
  readonly cameLate: boolean;
}

// What the platform's tags hide a page for at most.
const DEFAULT_TIMEOUT_MS = 750;

/** Shows the page that the anti-flicker tag hides, once. */
export function releasePage(startedAt: number): Release {
  clearTimeout(window.kameleoonDisplayPageTimeOut);
  const { kameleoonDisplayPage: display, kameleoonStartLoadTime, kameleoonTimeout } = window;
  const hasTag = display !== undefined || kameleoonStartLoadTime !== undefined;
  const cameLate = kameleoonTimeout === true || (!hasTag && isLateWithoutTag());
  if (typeof display === "function") {
    // Removed first, so that a tag that throws is not called twice.
    window.kameleoonDisplayPage = null;
    try {
      display(true);
    } catch (error) {
      warn("the anti-flicker tag failed.", error);
    }
  }

  const time = now();
  // The documentation writes a capital, detectors of the engine look for lower case.
  window.kameleoonEndLoadTime = time;
  window.KameleoonEndLoadTime = time;
  return { loadTime: time - (kameleoonStartLoadTime ?? startedAt), cameLate };
}

/** Whether the document began to arrive longer ago than a tag would have hidden it. */
function isLateWithoutTag(): boolean {
  try {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const { responseStart = 0, activationStart = 0 } = (navigation ?? {}) as { responseStart?: number; activationStart?: number };
    const waited = performance.now() - Math.max(responseStart, activationStart);
    return waited > (window.kameleoonLoadingTimeout ?? DEFAULT_TIMEOUT_MS);
  } catch {
    return false; // Pages replace the clock.
  }
}
