import { warnOnce } from "./journal";
import type { Scope } from "./scope";

/** Calls back at once or as soon as the condition holds, within the scope. */
export function runWhen(scope: Scope, condition: () => unknown, callback: () => void, pollMs: number): void {
  if (holds(condition)) {
    callback();
    return;
  }

  const stop = scope.every(pollMs, () => {
    if (holds(condition)) {
      stop();
      callback();
    }
  });
}

function holds(condition: () => unknown): boolean {
  try {
    return Boolean(condition());
  } catch {
    warnOnce("a condition of Core.runWhenConditionTrue failed; it counts as false.");
    return false;
  }
}
