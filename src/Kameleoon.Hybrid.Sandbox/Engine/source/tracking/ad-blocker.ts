import type { Context } from "../context";

const PATIENCE_MS = 2000;

/** Finds out whether advertising is blocked, by an element that blockers hide; it takes no room on the page. */
export function detectAdBlocker({ scope, track }: Context, onKnown: (isBlocked: boolean) => void): void {
  const bait = document.createElement("div");
  bait.className = "ad-placement";
  Object.assign(bait.style, { position: "absolute", left: "-9999px", width: "1px", height: "1px" });
  (document.body ?? document.documentElement).append(bait);
  scope.add(() => bait.remove());
  scope.after(PATIENCE_MS, () => {
    const isBlocked = bait.offsetWidth === 0;
    bait.remove();
    if (isBlocked) {
      track("adBlocker");
    }

    onKnown(isBlocked);
  });
}
