import { toJson } from "../page/json";
import { append } from "../page/lists";
import { cleanText } from "../page/text";

/** The fields of an event in the order in which they are sent; undefined members are left out. */
export type Fields = Record<string, unknown>;

export interface TrackedEvent {
  readonly type: string;
  readonly nonce: string;
  /** The visitor of the event; the current code may change before the event is sent. */
  readonly visitorCode: string;
  /** A function where reading them costs time: it is called when the event is sent. */
  readonly fields: Fields | (() => Fields);
}

/** One event as the platform reads it: its type, its nonce, its fields, percent-encoded. */
export function renderLine({ type, nonce, fields }: TrackedEvent): string {
  return Object.entries({ eventType: type, nonce, ...(typeof fields === "function" ? fields() : fields) })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join("&");
}

/** Groups lines into bodies of at most `limit` bytes; rendered lines are ASCII, so a character is a byte. */
export function groupLines(lines: readonly string[], limit: number): string[][] {
  const groups: string[][] = [];
  let group: string[] = [];
  let size = Infinity;
  for (const line of lines) {
    size += line.length + 1;
    if (size > limit) {
      append(groups, (group = []));
      size = line.length;
    }

    append(group, line);
  }

  return groups;
}

function encode(value: unknown): string {
  return encodeURIComponent(typeof value === "object" ? toJson(value) : cleanText(String(value)));
}
