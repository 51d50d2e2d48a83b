import { cleanText } from "./text";

/**
 * Writes a value as JSON without asking `toJSON` of the page's prototypes, and with clean texts. Undefined members are
 * left out.
 */
export function toJson(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(cleanText(value));
  }

  if (value instanceof Date) {
    return toJson(value.toISOString());
  }

  if (Array.isArray(value)) {
    // Old versions of Prototype.js give arrays a `toJSON` that writes them as a text.
    return `[${value.map((item) => toJson(item)).join()}]`;
  }

  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${toJson(name)}:${toJson(member)}`).join()}}`;
  }

  return JSON.stringify(value) ?? "null";
}
