/** Ids arrive as numbers, or as their digits from hand-written tags; anything else is undefined. */
export function toId(value: unknown): number | undefined {
  const isDigits = typeof value === "string" && /^\d{1,15}$/.test(value);
  const id = isDigits ? Number(value) : value;
  return typeof id === "number" && Number.isSafeInteger(id) && id >= 0 ? id : undefined;
}
