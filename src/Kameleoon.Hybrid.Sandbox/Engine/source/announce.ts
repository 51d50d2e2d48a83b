/** Tells the page, synchronously, as the `Kameleoon::{name}` event of the window. */
export function announce(name: string, detail: Record<string, unknown> = {}): void {
  window.dispatchEvent(new CustomEvent(`Kameleoon::${name}`, { detail: { ...detail, time: Date.now() } }));
}
