// Old libraries replace methods of arrays by others of the same name, among them `push`, `entries`, `reduce` and `from`.

/** Adds an item to a list. */
export function append<T>(list: T[], item: T): void {
  list[list.length] = item;
}

/** Adds up what `of` returns for every item. */
export function sum<T>(list: readonly T[], of: (item: T) => number): number {
  let total = 0;
  list.forEach((item) => (total += of(item)));
  return total;
}
