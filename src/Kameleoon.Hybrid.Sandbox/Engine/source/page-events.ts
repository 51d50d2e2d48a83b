import type { Configuration } from "./configuration";
import type { Environment } from "./environment";
import type { Scope } from "./scope";
import type { Transport } from "./transport";
import type { Visits } from "./visits";

const MAX_TEXT = 200;

/** Opens a page view: what was seen, then who sees it with what. */
export function trackPageView(transport: Transport, environment: Environment, visits: Visits): void {
  transport.add("page", {
    href: cut(location.href),
    title: cut(document.title),
    keyPagesIndices: [],
    referrersIndices: [],
    canonicalHref: cut(document.querySelector<HTMLLinkElement>('link[rel="canonical"]')?.href),
    referrerHref: cut(document.referrer || undefined),
  });

  const { browser, browserIndex, browserVersion, os, osIndex, deviceType } = environment;
  transport.add("staticData", {
    timeSincePreviousVisit: visits.sincePrevious,
    browser,
    browserIndex,
    browserVersion,
    os,
    osIndex,
    screenWidth: window.screen?.width,
    screenHeight: window.screen?.height,
    localeLanguageTag: navigator.language,
    deviceType,
    visitNumber: visits.count,
    windowWidth: window.innerWidth,
    windowHeight: window.innerHeight,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    experimentInfluences: {},
    personalizationInfluences: {},
  });
}

/** Reports activity at a steady pace, only while the visitor moves, scrolls or clicks. */
export function trackActivity(transport: Transport, scope: Scope, configuration: Configuration): void {
  let isActive = false;
  let clicks = 0;
  const move = () => {
    isActive = true;
  };
  scope.listen(document, "pointermove", move);
  scope.listen(document, "scroll", move);
  scope.listen(document, "click", () => {
    isActive = true;
    clicks++;
  });
  scope.every(configuration.activityMs, () => {
    if (isActive) {
      transport.add("activity", { clicks });
      isActive = false;
      clicks = 0;
    }
  });
}

function cut(text: string): string;
function cut(text: string | undefined): string | undefined;
function cut(text: string | undefined): string | undefined {
  return text?.slice(0, MAX_TEXT);
}
