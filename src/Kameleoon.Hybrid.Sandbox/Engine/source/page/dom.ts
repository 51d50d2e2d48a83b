// An input hides the members of its form that have its name, and an image, a form or a frame those of the document.

/** Has the methods of every element, and nothing hides them on it; some libraries replace the global `Element`. */
export const anyElement = document.documentElement;

type Name = "baseURI" | "cookie" | "createElement" | "querySelector" | "querySelectorAll" | "readyState" | "referrer" | "title";

/** A text or a method of the document, also where an element of that name hides it. */
export function ofDocument<N extends Name>(name: N): Document[N] {
  const value: unknown = document[name];
  // What the page itself put in its place stays: consent managers do so with cookies.
  return typeof value === "object"
    ? ((Reflect.get(Object.getPrototypeOf(document) as Document, name, document) ?? value) as Document[N])
    : (value as Document[N]);
}

/** The elements of a valid selector. */
export const allOf = (selector: string): Element[] => [...ofDocument("querySelectorAll").call(document, selector)];

/** The element around the target of an event, or itself, that the selector describes. */
export const closestTo = (target: EventTarget | null, selector: string): Element | null =>
  target !== null && "closest" in target ? anyElement.closest.call(target as Element, selector) : null;
