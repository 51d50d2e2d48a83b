import type { Context } from "../context";
import { now } from "../page/clock";
import { warn } from "../page/journal";

const REDIRECTED = "kameleoonRedirected";
const REDIRECT_MS = 10_000;
const HIDDEN_MS = 5000;

/** Goes to another address after sending the events gathered so far. */
export function follow({ scope, tab, visits, transport, addOns }: Context, url: string): void {
  const target = new URL(url, location.href);
  if (!/^https?:$/.test(target.protocol)) {
    warn("a redirect leads neither to http nor to https; it is ignored.", url);
    return;
  }

  if (isHere(url)) {
    return;
  }

  // The site may have made another address of it: going there again would never end.
  const [last, time] = (tab.get(REDIRECTED) ?? "").split(" ");
  if (last === target.href && Math.abs(now() - Number(time)) < REDIRECT_MS) {
    warn("a redirect is not followed again.", url);
    return;
  }

  addOns.run("decorate", target);
  tab.put(REDIRECTED, `${target.href} ${now()}`, true);
  visits.settle();
  transport.flush(true);
  const { style } = document.documentElement;
  style.visibility = "hidden";
  // An address that answers with a download, or not at all, leaves the visitor here.
  scope.after(HIDDEN_MS, scope.add(() => (style.visibility = "")));
  location.replace(target.href);
}

/** Whether a redirect has arrived. */
export function isHere(url: string | null | undefined): boolean {
  try {
    return url != null && withoutSlash(new URL(url, location.href)) === withoutSlash(location);
  } catch {
    return false;
  }
}

const withoutSlash = ({ origin, pathname, search, hash }: URL | Location): string =>
  origin + pathname.replace(/\/+$/, "") + search + hash;
