import type { BlockingReason } from "./loading/blocking";

/** What an onlooker may want to know, `Kameleoon.Internals.runtime`; the engine writes it and never decides by it. */
export interface Runtime {
  phase: "idle" | "loading" | "tracking" | "started" | "aborted";
  abortReason: BlockingReason | null;
  visitorCode: string | null;
  tabId: string | null;
}

export const createRuntime = (): Runtime => ({ phase: "idle", abortReason: null, visitorCode: null, tabId: null });
