/** Ids arrive as numbers, or as their digits from hand-written tags; anything else is undefined. */
export function toId(value: unknown): number | undefined {
  const isDigits = typeof value === "string" && /^\d{1,15}$/.test(value);
  const id = isDigits ? Number(value) : value;
  return typeof id === "number" && Number.isSafeInteger(id) && id >= 0 ? id : undefined;
}

/** What the page names, by id or by name. */
export function findNamed<T extends { readonly id: number; readonly name: string }>(
  all: readonly T[],
  idOrName: unknown,
): T | undefined {
  const id = toId(idOrName);
  return all.find((one) => one.id === id || one.name === idOrName);
}
