const MAX_MESSAGES = 100;
const said = new Set<string>();
let count = 0;

/** Tells the developer; the page never notices. Thousands of broken entries must not drown the console. */
export function warn(message: string, ...details: unknown[]): void {
  if (count++ < MAX_MESSAGES) {
    console.warn(`Kameleoon: ${message}`, ...details);
  }
}

/** The same, once per page: for situations that repeat with every call. */
export function warnOnce(message: string): void {
  if (count < MAX_MESSAGES && !said.has(message)) {
    said.add(message);
    warn(message);
  }
}

/** Runs what may fail because of what the page or its campaigns brought; the engine goes on. */
export function attempt<T>(what: string, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    warn(`${what} failed.`, error);
    return undefined;
  }
}
