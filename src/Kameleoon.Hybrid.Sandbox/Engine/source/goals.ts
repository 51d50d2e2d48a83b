import { announce } from "./announce";
import type { Goal } from "./configuration";
import { toId } from "./ids";
import { warnOnce } from "./journal";
import type { Transport } from "./transport";

/** Reports conversions of known goals; without a list of goals any goal id is taken. */
export class Goals {
  constructor(private readonly known: readonly Goal[], private readonly transport: Transport) {}

  convert(nameOrId: unknown, revenue: unknown, metadata: unknown, negative: boolean): void {
    const goal = this.find(nameOrId);
    if (goal === undefined) {
      warnOnce(`goal ${String(nameOrId)} is unknown; its conversions are ignored.`);
      return;
    }

    this.transport.add("conversion", {
      goalId: goal.id,
      negative,
      revenue: Number.isFinite(Number(revenue)) ? Number(revenue) : 0,
      metadata: textLists(metadata),
    });
    announce("ConversionTriggered", { goal: { id: goal.id, name: goal.name, type: goal.type ?? "CUSTOM" } });
  }

  private find(nameOrId: unknown): Goal | undefined {
    const id = toId(nameOrId);
    if (this.known.length === 0) {
      return id === undefined ? undefined : { id, name: String(id) };
    }

    return this.known.find((goal) => goal.id === id || goal.name === nameOrId);
  }
}

/** `{ index: [text, …] }` whatever the page gave: one value or several, of any type. */
function textLists(metadata: unknown): Record<string, string[]> | undefined {
  const entries = Object.entries((metadata ?? {}) as Record<string, unknown>);
  const lists = entries.map(([index, value]) => [index, [value].flat().map(String)] as const);
  return lists.length === 0 ? undefined : Object.fromEntries(lists);
}
