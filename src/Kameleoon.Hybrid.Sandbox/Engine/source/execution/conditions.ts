import type { Condition } from "../configuration";
import type { Context } from "../context";
import { now } from "../page/clock";
import { readAllCookies } from "../page/cookie";
import { warnOnce } from "../page/journal";
import { sum } from "../page/lists";
import type { CustomData } from "../tracking/custom-data";
import type { Visit } from "../tracking/visit";
import { matchNumber, matchText, type Verdict } from "./matching";

/** What conditions read besides the visits. */
export interface Facts {
  readonly context: Context;
  readonly customData: CustomData;
  /** When this view began. */
  readonly openedAt: number;
  readonly events: ReadonlySet<string>;
  isAdBlocked: boolean | undefined;
  segment(id: number): Verdict;
}

type Test = (condition: Condition, facts: Facts) => Verdict;

// In the order of the data file's reference.
const TESTS: Record<string, Test> = {
  PAGE_URL: ({ matchType, url }) => matchText(location.href, matchType, url),
  PAGE_TITLE: ({ matchType, title }) => later(matchText(document.title, matchType, title), isRead()),
  PREVIOUS_PAGE: ({ matchType, url }, { context }) =>
    context.referrer !== "" && matchText(context.referrer, matchType, url),
  LANDING_PAGE: ({ matchType, url }, { context }) => matchText(context.visits.current.landing, matchType, url),
  PAGE_VIEWS: ({ matchType, pageCount }, { context }) =>
    matchNumber(
      sum(context.visits.all, (visit) => visit.pageViews),
      matchType,
      pageCount,
    ),
  VISITOR_CODE: ({ matchType, visitorCode }, { context }) =>
    matchText(context.visitor.code ?? "", matchType, visitorCode),
  DEVICE_TYPE: ({ device }, { context }) => context.environment.deviceType === device,
  OPERATING_SYSTEM: ({ os }, { context }) => context.environment.os === os,
  BROWSER: ({ browser, version, versionMatchType }, { context: { environment } }) =>
    environment.browser === (browser === "INTERNET_EXPLORER" ? "IE" : browser) &&
    (!version || matchNumber(environment.browserVersion, versionMatchType, Number.parseFloat(String(version)))),
  BROWSER_LANGUAGE: ({ language }) => navigator.language.toLowerCase().startsWith(String(language).toLowerCase()),
  COOKIE: ({ name, nameMatchType, value, valueMatchType }) =>
    readAllCookies().some(
      ([key, text]) =>
        (nameMatchType === "OPTIONAL" || matchText(key, nameMatchType, name)) && matchText(text, valueMatchType, value),
    ),
  CUSTOM_DATUM: (condition, { customData }) =>
    matchCustomData(condition, customData.valuesOf(Number(condition.customDataIndex))),
  GEOLOCATION: matchPlace,
  VISITOR_IP: ({ ip, matchType }, { context: { visits } }) =>
    visits.current.ip === undefined ? undefined : matchText(visits.current.ip, matchType ?? "EXACT", ip),
  AD_BLOCKER: (_, facts) => facts.isAdBlocked,
  SEGMENT: ({ segmentId }, { segment }) => segment(Number(segmentId)),
  CONVERSIONS: (condition, { context }) =>
    scoped(condition, context, true).some(({ conversions }) =>
      Object.entries(conversions).some(([goal, count]) => count > 0 && isAny(condition.goalId, goal)),
    ),
  TARGET_EXPERIMENT: ({ experimentId, variationMatchType, variationId, ...condition }, { context }) =>
    scoped(condition, context).some(({ experiments }) => {
      const variation = experiments[Number(experimentId)];
      return variation !== undefined && (variationMatchType === "ANY" || variation === Number(variationId));
    }),
  TARGET_PERSONALIZATION: ({ personalizationId, ...condition }, { context }) =>
    scoped(condition, context).some(({ personalizations }) => Number(personalizationId) in personalizations),
  VISITS: ({ matchType, visitCount }, { context }) => matchNumber(context.visits.count, matchType, visitCount),
  NEW_VISITORS: ({ visitorType }, { context }) => (visitorType === "NEW") === context.visits.count < 2,
  FIRST_VISIT: (condition, { context }) =>
    matchAge(condition, context.visits.count > 1 ? context.visits.all[0] : undefined),
  LAST_VISIT: (condition, { context }) => matchAge(condition, context.visits.previous),
  SAME_DAY_VISITS: ({ matchType, visitCount }, { context }) => {
    const midnight = new Date(now()).setHours(0, 0, 0, 0);
    return matchNumber(context.visits.all.filter((visit) => visit.startedAt >= midnight).length, matchType, visitCount);
  },
  DAY_OF_WEEK: ({ days }) => Array.isArray(days) && days.includes(new Date(now()).getDay()),
  TIME_SINCE_PAGE_LOAD: ({ countInMillis }, { openedAt }) => later(now() - openedAt >= Number(countInMillis), false),
  DOM_ELEMENT: ({ selector }, { context }) =>
    later(context.elements.has(String(selector), context.reevaluate), false),
  EVENT: ({ event }, { events }) => later(events.has(String(event)), false),
  MOUSE_OUT: (_, { events }) => later(events.has(MOUSE_OUT), false),
  JS_CODE: ({ code }) => typeof code === "function" && Boolean(code()),
};

export const MOUSE_OUT = "\u0000mouse-out";

/** Evaluates one condition. A condition that cannot be computed is false; one of an unknown type is true. */
export function evaluate(condition: Condition, facts: Facts): Verdict {
  const type = String(condition.targetingType);
  const test = Object.prototype.hasOwnProperty.call(TESTS, type) ? TESTS[type] : undefined;
  let verdict: Verdict = true;
  if (test === undefined) {
    warnOnce(`conditions of the type ${type} are unknown; they count as true.`);
  } else {
    try {
      verdict = test(condition, facts);
    } catch {
      warnOnce(`a condition of the type ${type} failed; it counts as false.`);
      verdict = false;
    }
  }

  return condition.isInclude === false && verdict !== undefined ? !verdict : verdict;
}

// While the document is loading, its title may still change.
const isRead = (): boolean => document.readyState !== "loading";
const later = (isTrue: boolean, isFinal: boolean): Verdict => isTrue || (isFinal ? false : undefined);
const isAny = (wanted: unknown, actual: string): boolean =>
  wanted === undefined || wanted === null || Number(wanted) === -1 || Number(wanted) === Number(actual);

/** The visits a condition looks at: the current one, or the last ones with it. */
function scoped(
  { visitScope, visitCount }: Condition,
  { visits }: Context,
  isWide = false,
): readonly Visit[] {
  const scope = String(visitScope).toUpperCase();
  const count = Number(visitCount) > 0 ? Number(visitCount) : 25;
  return visits.all.slice((isWide ? scope !== "CURRENT_VISIT" : scope === "VISITOR") ? -count : -1);
}

function matchAge({ matchType, countInMillis }: Condition, visit: Visit | undefined): boolean {
  const isAsked = typeof countInMillis === "number" && countInMillis >= 0;
  return isAsked && visit !== undefined && matchNumber(now() - visit.startedAt, matchType, countInMillis);
}

function matchPlace({ country, region, city }: Condition, { context }: Facts): Verdict {
  const { place } = context.visits.current;
  if (place === undefined) {
    return undefined;
  }

  const isSame = (wanted: unknown, actual: string | undefined): boolean =>
    !wanted || String(wanted).toLowerCase() === actual?.toLowerCase();
  return Boolean(country) && isSame(country, place.country) && isSame(region, place.region) && isSame(city, place.city);
}

function matchCustomData({ valueMatchType: operator, value, range }: Condition, values: string[] | undefined): boolean {
  if (values === undefined || operator === "UNDEFINED") {
    return values === undefined && operator === "UNDEFINED";
  }

  return values.some((text) => {
    switch (operator) {
      case "TRUE":
      case "FALSE":
        return text.toUpperCase() === operator;
      case "AMONG_VALUES":
        return (JSON.parse(String(value)) as unknown[]).some((one) => one !== null && String(one) === text);
      case "RANGE":
        return Array.isArray(range) && Number(text) >= Number(range[0]) && Number(text) <= Number(range[1]);
      default:
        return matchText(text, operator, value) || (text.trim() !== "" && matchNumber(Number(text), operator, value));
    }
  });
}
