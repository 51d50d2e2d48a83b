import type { AddOn, Tools } from "../add-on";

const DAY_MS = 86_400_000;

/**
 * Asks the site's server to write a visitor code that a script wrote, at most once a day: some browsers delete the
 * cookies of scripts after a week.
 */
export default function serverCookie({ engine, now, warn }: Tools): AddOn {
  const { configuration, consent, visitor, visits } = engine.context;
  const ask = (syncUrl: string, code: string): void => {
    const url = new URL(syncUrl, location.href);
    url.searchParams.set("kameleoonVisitorCode", code);
    fetch(url.href, { credentials: "include" }).then(
      () =>
        visitor.readable().includes(code) ||
        warn("the synchronisation endpoint wrote another visitor code; it is ignored."),
      (error: unknown) => warn("the synchronisation endpoint did not answer.", error),
    );
  };

  return {
    afterVisitor() {
      const { lasting } = visits;
      const isDue = now() - (lasting.rewrittenAt ?? 0) >= DAY_MS;
      if (configuration.syncUrl !== null && visitor.code !== undefined && lasting.isMinted && isDue && consent.mayRequest) {
        lasting.rewrittenAt = now();
        visits.touch();
        ask(configuration.syncUrl, visitor.code);
      }
    },
  };
}
