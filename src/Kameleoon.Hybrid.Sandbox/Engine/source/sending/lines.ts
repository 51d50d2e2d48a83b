import { append } from "../page/lists";

export interface TrackedEvent {
  readonly type: string;
  readonly nonce: string;
  /** Whom the event is about; the code may change before it leaves. */
  readonly visitorCode: string;
  /** In the order of the wire; undefined members are left out. */
  readonly fields: Record<string, unknown>;
}

/** One event as the platform reads it: its type, its nonce, its fields, percent-encoded. */
export function renderLine({ type, nonce, fields }: TrackedEvent): string {
  return Object.entries({ eventType: type, nonce, ...fields })
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
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  // Half a surrogate pair, left by cutting a text, would make the encoding throw.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"));
}
