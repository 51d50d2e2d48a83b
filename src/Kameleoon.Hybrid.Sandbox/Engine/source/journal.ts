const said = new Set<string>();

/** Tells the developer; the page never notices. */
export function warn(message: string, ...details: unknown[]): void {
  console.warn(`Kameleoon: ${message}`, ...details);
}

/** The same, once per page: for situations that repeat with every call. */
export function warnOnce(message: string): void {
  if (!said.has(message)) {
    said.add(message);
    warn(message);
  }
}
