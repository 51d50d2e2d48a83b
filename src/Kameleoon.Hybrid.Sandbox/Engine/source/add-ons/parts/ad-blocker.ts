import type { Context } from "../../context";

const PATIENCE_MS = 2000;
const POLL_MS = 100;

/**
 * Detects an ad blocker by an element that blockers hide; it takes no space on the page. Calls back as soon as the
 * element is hidden, or after two seconds if it is not.
 */
export function detectAdBlocker({ scope, track }: Context, onKnown: (isBlocked: boolean) => void): void {
  const bait = document.createElement("div");
  bait.className = "ad-placement";
  Object.assign(bait.style, { position: "absolute", left: "-9999px", width: "1px", height: "1px" });
  (document.body ?? document.documentElement).append(bait);
  const remove = scope.add(() => bait.remove());
  let isKnown = false;
  const finish = (isBlocked: boolean) => {
    if (!isKnown) {
      isKnown = true;
      stop();
      remove();
      if (isBlocked) {
        track("adBlocker");
      }

      onKnown(isBlocked);
    }
  };
  const check = () => bait.offsetWidth === 0 && finish(true);
  const stop = scope.every(POLL_MS, check);
  check();
  scope.after(PATIENCE_MS, () => finish(bait.offsetWidth === 0));
}
