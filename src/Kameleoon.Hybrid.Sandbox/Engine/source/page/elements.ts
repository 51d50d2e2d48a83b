import { attempt, warnOnce } from "./journal";
import { append } from "./lists";
import type { Scope } from "./scope";

// The methods of all elements: an input may hide those of its form, and some libraries replace the global `Element`.
const { getAttribute, querySelectorAll } = document.documentElement;

interface Waiting {
  readonly selector: string;
  readonly callback: (elements: Element[]) => void;
  /** The elements that were already passed on, where later ones are passed on too; else null. */
  readonly seen: Set<Element> | null;
}

/** Returns all elements of a selector; none if it is not a valid selector. */
export function selectAll(selector: unknown): Element[] {
  try {
    return [...document.querySelectorAll(String(selector))];
  } catch {
    warnOnce(`${String(selector)} is not a selector.`);
    return [];
  }
}

/**
 * Calls back when elements appear. One observer serves all selectors: it knows every id and class that the page has had,
 * so that most changes of the page search for no selector at all.
 */
export class Elements {
  /** `#id` and `.class`, in lower case: documents in quirks mode ignore case. */
  private readonly names = new Set<string>();
  private waiting: Waiting[] = [];
  private observer: MutationObserver | undefined;
  private isKept = false;

  constructor(private readonly scope: Scope) {}

  /** Observes the page until the end of the view, whether or not a selector waits. */
  keep(): void {
    this.isKept = true;
    this.observe();
  }

  /** Whether an element is present; `onChange` is called when one appears later. */
  has(selector: string, onChange: () => void): boolean {
    const isPossible = this.observer === undefined || this.isPlausible(selector);
    const isPresent = isPossible && selectAll(selector).length > 0;
    if (!isPresent) {
      this.add({ selector, callback: onChange, seen: null });
    }

    return isPresent;
  }

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

    this.add(wait);
  }

  private add(wait: Waiting): void {
    if (!this.waiting.some((one) => one.selector === wait.selector && one.callback === wait.callback)) {
      append(this.waiting, wait);
      this.observe();
    }
  }

  private observe(): void {
    let { observer } = this;
    if (observer === undefined) {
      observer = new MutationObserver((records) => this.notice(records, observer));
      this.observer = observer;
      this.scope.add(() => this.rest());
      this.index(document.querySelectorAll("[id],[class]"));
    }

    // Few selectors depend on more than ids and classes, and pages change other attributes all the time.
    const asksMore = this.waiting.some(({ selector }) => /[[:]/.test(selector));
    const attributes = asksMore ? { attributes: true } : { attributeFilter: ["id", "class"] };
    observer.observe(document.documentElement, { subtree: true, childList: true, ...attributes });
  }

  private notice(records: readonly MutationRecord[], observer: MutationObserver | undefined): void {
    // Removals alone bring no element.
    const relevant = records.filter(({ type, addedNodes }) => type === "attributes" || addedNodes.length > 0);
    for (const { type, target, addedNodes } of relevant) {
      if (type === "attributes") {
        this.index([target as Element]);
      }

      addedNodes.forEach((node) => {
        if ("getAttribute" in node) {
          this.index([node as Element]);
          this.index(querySelectorAll.call(node as Element, "[id],[class]"));
        }
      });
    }

    if (relevant.length > 0) {
      // A callback may wait for further elements, or end the view.
      const waiting = this.waiting;
      this.waiting = [];
      const unsettled = waiting.filter((wait) => !(this.isPlausible(wait.selector) && this.settles(wait)));
      if (this.observer !== observer) {
        return;
      }

      this.waiting = [...unsettled, ...this.waiting];
    }

    if (this.waiting.length === 0 && !this.isKept) {
      this.rest();
    }
  }

  private index(elements: Iterable<Element>): void {
    for (const element of elements) {
      this.names.add(`#${getAttribute.call(element, "id")}`.toLowerCase());
      const classes = getAttribute.call(element, "class");
      classes?.split(/[\t\n\f\r ]/).forEach((name) => this.names.add(`.${name}`.toLowerCase()));
    }
  }

  /** False only where the page never had an id or a class that every alternative of the selector needs. */
  private isPlausible(selector: string): boolean {
    // Attributes, functions and escapes can contain names that no element needs to have.
    return (
      /[[(\\]/.test(selector) ||
      selector
        .toLowerCase()
        .split(",")
        .some((part) => (part.match(/[#.][^\s#.:>+~]+/g) ?? []).every((name) => this.names.has(name)))
    );
  }

  private rest(): void {
    this.observer?.disconnect();
    this.observer = undefined;
    this.waiting = [];
    this.names.clear();
    this.isKept = false;
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
