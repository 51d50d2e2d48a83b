/** Replaces every half of a surrogate pair by U+FFFD: percent-encoding throws on one, and many servers refuse one. */
export const cleanText = (text: string): string => text.replace(/\p{Surrogate}/gu, "\uFFFD");

/** Returns at most `max` UTF-16 units of the text, without half of a surrogate pair at the cut. */
export const cutText = (text: unknown, max: number): string =>
  cleanText(String(text)).slice(0, max).replace(/[\uD800-\uDBFF]$/, "");
