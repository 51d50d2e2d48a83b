import type { Context } from "../context";
import { cutText } from "../page/text";

const MAX_TEXT = 200;

/** Reports a page view: the page, then the visitor's device and browser. */
export function trackPageView({ transport, environment, visits, referrer }: Context): void {
  visits.refresh();
  transport.add("page", {
    href: cut(location.href),
    title: cut(document.title),
    keyPagesIndices: [],
    referrersIndices: [],
    canonicalHref: cut(document.querySelector<HTMLLinkElement>('link[rel="canonical"]')?.href),
    referrerHref: cut(referrer || undefined),
  });

  const { browser, browserIndex, browserVersion, os, osIndex, deviceType } = environment;
  const { sincePrevious, count } = visits;
  // Sizes make the browser lay the page out, and the first look at the time zone takes milliseconds.
  transport.add("staticData", () => ({
    timeSincePreviousVisit: sincePrevious,
    browser,
    browserIndex,
    browserVersion,
    os,
    osIndex,
    screenWidth: window.screen?.width,
    screenHeight: window.screen?.height,
    localeLanguageTag: navigator.language,
    deviceType,
    visitNumber: count,
    windowWidth: window.innerWidth,
    windowHeight: window.innerHeight,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    experimentInfluences: {},
    personalizationInfluences: {},
  }));
  visits.current.pageViews++;
  visits.touch();
}

/** Reports activity at a fixed interval and when the page is hidden, if the visitor moved, scrolled or clicked since. */
export function trackActivity(context: Context): void {
  const { scope, configuration, visits } = context;
  // On the next view of a single-page application the visitor has just done something.
  let isActive = navigator.userActivation?.isActive === true;
  let clicks = 0;
  const report = () => {
    if (isActive) {
      context.track("activity", { clicks });
      isActive = false;
      clicks = 0;
    }
  };
  const move = () => {
    isActive = true;
  };
  scope.listen(document, "pointermove", move);
  scope.listen(document, "scroll", move);
  scope.listen(document, "click", () => {
    isActive = true;
    context.beginIfOver();
    clicks++;
    visits.current.clicks++;
    visits.touch();
  });
  report();
  // These run before the listeners that send the events.
  scope.whenHidden(report);
  scope.every(configuration.activityMs, report);
}

// An element named "title" hides the document's.
const cut = (text: unknown): string | undefined => (text === undefined ? undefined : cutText(text, MAX_TEXT));
