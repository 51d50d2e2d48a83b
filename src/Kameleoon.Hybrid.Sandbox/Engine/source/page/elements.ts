import { attempt, warnOnce } from "./journal";
import { append } from "./lists";
import type { Scope } from "./scope";

interface Waiting {
  readonly selector: string;
  readonly callback: (elements: Element[]) => void;
  /** Null once it has fired, unless later elements count too. */
  readonly seen: Set<Element> | null;
}

/** All elements of a selector; none where the selector is not one. */
export function selectAll(selector: unknown): Element[] {
  try {
    return [...document.querySelectorAll(String(selector))];
  } catch {
    warnOnce(`${String(selector)} is not a selector.`);
    return [];
  }
}

/** Calls back when elements appear: one observer for all selectors, and only while one waits. */
export class Elements {
  private waiting: Waiting[] = [];
  private observer: MutationObserver | undefined;

  constructor(private readonly scope: Scope) {}

  whenPresent(
    selector: string,
    callback: (elements: Element[]) => void,
    pollMs: number | null,
    dynamic: boolean,
  ): void {
    const wait: Waiting = { selector, callback, seen: dynamic ? new Set() : null };
    if (this.settles(wait)) {
      return;
    }

    if (pollMs !== null) {
      const stop = this.scope.every(pollMs, () => this.settles(wait) && stop());
      return;
    }

    append(this.waiting, wait);
    this.observe();
  }

  private observe(): void {
    let { observer } = this;
    if (observer === undefined) {
      observer = new MutationObserver((records) => {
        // Removals alone bring no element.
        if (records.some((record) => record.type === "attributes" || record.addedNodes.length > 0)) {
          // A callback may wait for further elements, or end the view.
          const waiting = this.waiting;
          this.waiting = [];
          const unsettled = waiting.filter((wait) => !this.settles(wait));
          if (this.observer !== observer) {
            return;
          }

          this.waiting = [...unsettled, ...this.waiting];
        }

        if (this.waiting.length === 0) {
          this.rest();
        }
      });
      this.observer = observer;
      this.scope.add(() => this.rest());
    }

    // Few selectors ask for more than ids and classes, and pages change other attributes all the time.
    const asksMore = this.waiting.some(({ selector }) => /[[:]/.test(selector));
    const attributes = asksMore ? { attributes: true } : { attributeFilter: ["id", "class"] };
    observer.observe(document.documentElement, { subtree: true, childList: true, ...attributes });
  }

  private rest(): void {
    this.observer?.disconnect();
    this.observer = undefined;
    this.waiting = [];
  }

  private settles({ selector, callback, seen }: Waiting): boolean {
    const fresh = selectAll(selector).filter((element) => !seen?.has(element));
    fresh.forEach((element) => seen?.add(element));
    if (fresh.length > 0) {
      attempt("a callback of Core.runWhenElementPresent", () => callback(fresh));
    }

    return fresh.length > 0 && seen === null;
  }
}
