/** Adds without `push`, which pages replace. */
export function append<T>(list: T[], item: T): void {
  list[list.length] = item;
}
