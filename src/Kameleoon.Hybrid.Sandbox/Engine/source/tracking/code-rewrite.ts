import type { Context } from "../context";
import { now } from "../page/clock";
import { warn } from "../page/journal";
import { readableCodes } from "./visitor";

const DAY_MS = 86_400_000;

/** Has the site's server write a code that a script wrote, since some browsers forget such cookies after a week. */
export function askServerToRewrite({ configuration, consent, visitor, visits }: Context): void {
  const { lasting } = visits;
  const { code } = visitor;
  const isDue = now() - (lasting.rewrittenAt ?? 0) >= DAY_MS;
  if (configuration.syncUrl === null || code === undefined || !lasting.isMinted || !isDue || !consent.mayRequest) {
    return;
  }

  lasting.rewrittenAt = now();
  visits.touch();
  const url = new URL(configuration.syncUrl, location.href);
  url.searchParams.set("kameleoonVisitorCode", code);
  fetch(url.href, { credentials: "include" }).then(
    () => readableCodes().includes(code) || warn("the synchronisation endpoint wrote another visitor code; it is ignored."),
    (error: unknown) => warn("the synchronisation endpoint did not answer.", error),
  );
}
