import { now } from "./clock";
import { attempt } from "./journal";

/** Tells the page, synchronously, as the `Kameleoon::{name}` event of the window. */
export function announce(name: string, detail: Record<string, unknown> = {}): void {
  attempt(`the event ${name}`, () =>
    window.dispatchEvent(new CustomEvent(`Kameleoon::${name}`, { detail: { ...detail, time: now() } })),
  );
}

/** Diagnostics for tools that watch the engine at work. */
export const announceStep = (type: string, detail: Record<string, unknown> = {}): void =>
  announce("Internals", { type, ...detail });
