import { type Goal, UNDECLARED } from "../configuration";
import type { Context } from "../context";
import { announce } from "../page/announce";
import { now } from "../page/clock";
import { findNamed, toId } from "../page/ids";
import { warn, warnOnce } from "../page/journal";
import { matchText } from "./matching";

const TICK_MS = 1000;

/** Reports conversions that the page asks for, and those of goals that observe the visitor. */
export class Goals {
  private readonly converted = new Set<number>();

  constructor(private readonly context: Context) {}

  /** Reports a conversion of a known goal; without a list of goals any goal id is taken. */
  convert(nameOrId: unknown, revenue: unknown, metadata: unknown, negative: boolean): void {
    const goal = this.find(nameOrId);
    if (goal === undefined) {
      warnOnce(`goal ${String(nameOrId)} is unknown; it is ignored.`);
      return;
    }

    this.context.beginIfOver();
    const { conversions } = this.context.visits.current;
    conversions[goal.id] = (conversions[goal.id] ?? 0) + (negative ? -1 : 1);
    this.context.track("conversion", {
      goalId: goal.id,
      negative,
      revenue: toRevenue(revenue),
      metadata: textLists(metadata),
    });
    announce("ConversionTriggered", { goal: { id: goal.id, name: goal.name, type: goal.type ?? "CUSTOM" } });
    this.context.reevaluate();
  }

  /** Observes the page for goals with a type. */
  watch(): void {
    const { configuration, scope, visits } = this.context;
    const of = (type: string): Goal[] => configuration.goals.filter((goal) => goal.type === type);
    for (const goal of of("URL")) {
      if (matchText(location.href, goal.matchType ?? "CONTAINS", goal.url)) {
        this.oncePerPage(goal);
      }
    }

    const clickGoals = of("CLICK");
    if (clickGoals.length > 0) {
      scope.listen(document, "click", ({ target }) => {
        for (const goal of clickGoals.filter(({ selector }) => isWithin(target, selector))) {
          this.convert(goal.id, 0, undefined, false);
        }
      });
    }

    const scrollGoals = of("SCROLL");
    if (scrollGoals.length > 0) {
      scope.listen(window, "scroll", () => {
        const depth = scrolledPercent();
        scrollGoals.filter(({ threshold }) => depth >= (threshold ?? 100)).forEach((goal) => this.oncePerPage(goal));
      });
    }

    const slow = [...of("PAGE_VIEWS"), ...of("TIME_SPENT"), ...of("ENGAGEMENT")];
    const check = () => {
      if (visits.isOver) {
        return; // Time goes on, the visit does not.
      }

      const { pageViews, clicks, startedAt } = visits.current;
      const seconds = (now() - startedAt) / 1000;
      for (const goal of slow) {
        const amount = goal.type === "PAGE_VIEWS" ? pageViews : goal.type === "TIME_SPENT" ? seconds : clicks;
        if (amount >= (goal.threshold ?? 1) && visits.once(`goal-${goal.id}`)) {
          this.convert(goal.id, 0, undefined, false);
        }
      }
    };
    if (slow.length > 0) {
      check();
      scope.every(TICK_MS, check);
    }
  }

  forget(): void {
    this.converted.clear();
  }

  private oncePerPage(goal: Goal): void {
    if (!this.converted.has(goal.id)) {
      this.converted.add(goal.id);
      this.convert(goal.id, 0, undefined, false);
    }
  }

  private find(nameOrId: unknown): Goal | undefined {
    const known = this.context.configuration.goals;
    if (known !== UNDECLARED) {
      return findNamed(known, nameOrId);
    }

    const id = toId(nameOrId);
    return id === undefined ? undefined : { id, name: String(id) };
  }
}

/** A number, or a text of digits with a decimal point, neither with an exponent; 0 and a warning for anything else. */
function toRevenue(revenue: unknown): number {
  const isNumberOrText = typeof revenue === "number" || typeof revenue === "string";
  const isPlain = isNumberOrText && [revenue, Number(revenue)].every((one) => /^-?\d+(?:\.\d+)?$/.test(String(one)));
  if (!isPlain && revenue != null) {
    warn("the revenue of a conversion is not a plain number; it is ignored.", revenue);
  }

  return isPlain ? Number(revenue) : 0;
}

function isWithin(target: EventTarget | null, selector: string | undefined): boolean {
  try {
    // Some libraries replace the global `Element`.
    return selector !== undefined && ((target as Partial<Element> | null)?.closest?.(selector) ?? null) !== null;
  } catch {
    warnOnce(`${selector} is not a selector.`);
    return false;
  }
}

function scrolledPercent(): number {
  const { scrollHeight } = document.documentElement;
  return scrollHeight === 0 ? 0 : ((window.scrollY + window.innerHeight) / scrollHeight) * 100;
}

/** `{ index: [text, …] }` whatever the page gave: one value or several, of any type. */
function textLists(metadata: unknown): Record<string, string[]> | undefined {
  const entries = Object.entries((metadata ?? {}) as Record<string, unknown>);
  const lists = entries.map(([index, value]) => [index, [value].flat().map(String)] as const);
  return lists.length === 0 ? undefined : Object.fromEntries(lists);
}
