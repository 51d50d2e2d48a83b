// Everything shown came in a request, so text goes in as text and never as markup.

type Properties = Record<string, unknown> & { class?: string; data?: Record<string, string>; attributes?: Record<string, string> };
type Child = Node | string | null | false;

/** An element with properties and children; strings among the children become text. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Properties = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const { class: className, data, attributes, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (className !== undefined) {
    element.className = className;
  }

  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    element.setAttribute(name, value);
  }

  element.append(...children.filter((child): child is Node | string => child !== null && child !== false));
  return element;
}

export function $(id: string): HTMLElement {
  return document.getElementById(id)!;
}

/** Writes a text only when it differs, so that a selection in it survives. */
export function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function show(element: HTMLElement, visible: boolean): void {
  if (element.hidden === visible) {
    element.hidden = !visible;
  }
}

const built = new WeakMap<Element, string>();

/** Shows a list; an element is made anew only when its item changed, and not while its reader types in it. */
export function list<T>(container: HTMLElement, items: readonly T[], key: (item: T) => string, build: (item: T) => HTMLElement): void {
  // Before anything is built: building may move what is focused.
  const focused = container.contains(document.activeElement) ? document.activeElement as HTMLElement : null;
  const old = new Map([...container.children].map(element => [(element as HTMLElement).dataset.key ?? "", element as HTMLElement]));
  const wanted = items.map(item => {
    const name = key(item);
    const print = JSON.stringify(item);
    const known = old.get(name);
    if (known !== undefined && (built.get(known) === print || isTyping(known))) {
      return known;
    }

    const element = build(item);
    element.dataset.key = name;
    built.set(element, print);
    if (known !== undefined) {
      keep(known, element);
    }

    return element;
  });
  if (wanted.length !== container.children.length || wanted.some((element, index) => container.children[index] !== element)) {
    const focus = focused?.dataset.focus;
    container.replaceChildren(...wanted);
    (focus === undefined ? focused : container.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focus)}"]`))?.focus({ preventScroll: true });
  }
}

// A choice that is open, or that a form has not sent yet; browsers that cannot tell count every choice in use.
const choosing = CSS.supports("selector(select:open)") ? "select:open, form select" : "select";

function isTyping(element: HTMLElement): boolean {
  const active = document.activeElement;
  return active !== null && element.contains(active) && active.matches(`input:not([type=checkbox]), ${choosing}`);
}

// What the reader opened stays open.
function keep(before: HTMLElement, after: HTMLElement): void {
  const open = [...before.querySelectorAll("details")].map(details => details.open);
  [...after.querySelectorAll("details")].forEach((details, index) => { details.open = open[index] ?? details.open; });
}
