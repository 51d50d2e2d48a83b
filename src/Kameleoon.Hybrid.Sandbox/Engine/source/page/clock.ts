/** Pages freeze and replace the clock; whatever they did to it, this is a number. */
export function now(): number {
  try {
    const time = Number(Date.now());
    return time >= 0 ? time : 0;
  } catch {
    return 0;
  }
}
