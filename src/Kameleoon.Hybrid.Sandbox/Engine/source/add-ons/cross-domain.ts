import type { AddOn, Tools } from "../add-on";

const PARAMETER = "kameleoonVisitorCode";
const RESTORE_MS = 1000;

/** Whether a host is one of the domains, or below one of them. */
const isBelow = (host: string, domains: readonly string[]): boolean =>
  domains.some((domain) => `.${host}`.endsWith(`.${domain.toLowerCase()}`));

/** The parameters of an address as they are written, without the visitor code. */
const parametersOf = ({ search }: URL): string[] =>
  search
    .slice(1)
    .split("&")
    .filter((pair) => pair !== "" && !new URLSearchParams(pair).has(PARAMETER));

/**
 * Shares the visitor with the project's other domains, by a parameter of links and forms. The code of an address is
 * accepted only on pages that one of these domains leads to.
 */
export default function crossDomain({ engine, attempt, warn }: Tools): AddOn {
  const { context } = engine;
  const { configuration, consent, visitor } = context;
  const { crossDomains: domains } = configuration;

  /** Other domains alone need the parameter: pages of the same one share the cookie. */
  const isOther = (host: string): boolean =>
    isBelow(host, domains) &&
    !domains.some((domain) => isBelow(host, [domain]) && isBelow(location.hostname, [domain]));

  const decorate = (url: URL): void => {
    const isSafe = url.protocol === "https:" || (url.protocol === "http:" && location.protocol === "http:");
    if (visitor.code !== undefined && consent.isOpen && isSafe && isOther(url.hostname)) {
      if (/^[\w.~-]{1,100}$/.test(visitor.code)) {
        url.search = [...parametersOf(url), `${PARAMETER}=${visitor.code}`].join("&");
      } else {
        warn("the visitor code cannot be part of an address.");
      }
    }
  };

  /** The address with the parameter; null where it needs none. */
  const decorated = (address: string): string | null => {
    const url = new URL(address, document.baseURI);
    const before = url.href;
    decorate(url);
    return url.href === before ? null : url.href;
  };

  const decorateLink = (target: EventTarget | null): void => {
    const link = (target as Partial<Element> | null)?.closest?.("a[href],area[href]");
    const written = link?.getAttribute("href");
    const address = written == null ? null : decorated(written);
    if (link && address !== null) {
      link.setAttribute("href", address);
      // What is copied or hovered later does not contain the code.
      setTimeout(() => link.getAttribute("href") === address && link.setAttribute("href", written as string), RESTORE_MS);
    }
  };

  const decorateForm = (form: Element, submitter: HTMLElement | null | undefined): void => {
    const owner = submitter?.hasAttribute("formaction") ? submitter : form;
    const name = owner === form ? "action" : "formaction";
    const address = decorated(owner.getAttribute(name) ?? location.href);
    const method = submitter?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get";
    if (address === null) {
      return;
    }

    if (method.toLowerCase() === "post") {
      owner.setAttribute(name, address);
      return;
    }

    // The fields of the form replace the query of its address.
    form.querySelectorAll(`input[name="${PARAMETER}"]`).forEach((old) => old.remove());
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: PARAMETER, value: visitor.code });
    form.append(field);
  };

  const listen = (target: EventTarget, type: string, listener: (event: Event) => void): void =>
    context.scope.listen(target, type, listener);

  return {
    onLoad() {
      const url = new URL(location.href);
      const given = url.searchParams.getAll(PARAMETER);
      if (given.length === 0) {
        return;
      }

      const from = attempt("the referrer", () => (document.referrer === "" ? "" : new URL(document.referrer).hostname));
      const [code] = given;
      if (given.length === 1 && /^[\w.~-]{1,100}$/.test(code ?? "") && isOther(from ?? "")) {
        visitor.receive(code as string);
      } else {
        warn("the visitor code of the address is not accepted.");
      }

      url.search = parametersOf(url).join("&");
      history.replaceState(history.state, "", url.href);
    },
    afterVisitor() {
      listen(document, "click", ({ target }) => decorateLink(target));
      listen(document, "auxclick", ({ target }) => decorateLink(target));
      listen(document, "submit", (event) => {
        const { target, submitter } = event as SubmitEvent;
        decorateForm(target as Element, submitter);
      });
    },
    decorate,
  };
}
