const MAX_SEGMENTS = 4;

/**
 * Finds the method a queue entry names, in full (`Kameleoon.API.Core.load`) or short (`Core.load`).
 * Names come from the page's markup, so only own properties are followed: nothing inherited is reachable.
 */
export function resolveMethod(path: string, root: object): ((...values: unknown[]) => unknown) | undefined {
  const given = path.split(".");
  const segments = given[0] === "Kameleoon" ? given.slice(1) : ["API", ...given];
  if (segments.length >= MAX_SEGMENTS) {
    return undefined;
  }

  let owner: unknown;
  let value: unknown = root;
  for (const segment of segments) {
    if (typeof value !== "object" || value === null || !Object.prototype.hasOwnProperty.call(value, segment)) {
      return undefined;
    }

    owner = value;
    value = (value as Record<string, unknown>)[segment];
  }

  return typeof value === "function" ? value.bind(owner) : undefined;
}
