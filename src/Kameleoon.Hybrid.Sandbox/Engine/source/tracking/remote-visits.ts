import { hasCondition } from "../configuration";
import type { Context } from "../context";
import { warn } from "../page/journal";
import { dataAddress } from "../sending/endpoint";
import { mappingValue } from "./custom-data";
import { type Visit, newVisit } from "./visit";

const PATIENCE_MS = 1000;
const PARTS = [
  "staticData",
  "currentVisit",
  "customData",
  "conversion",
  "experiment",
  "personalization",
  "geolocation",
  "page",
];

interface RemoteEvent {
  readonly data: Record<string, unknown>;
}

interface RemoteVisit {
  readonly timeStarted?: number;
  readonly timeLastEvent?: number;
  readonly [events: string]: unknown;
}

// Conditions on what a server can report between two pages of a visit.
const REPORTED = ["CONVERSIONS", "CUSTOM_DATUM", "TARGET_EXPERIMENT"];

/**
 * Whether the platform is asked for what it knows of the visitor: because of the project's setting or kind, or because the
 * visitor has an identifier that is the same on all devices.
 */
function isSynchronised(context: Context): boolean {
  const { configuration, environment, consent } = context;
  const { realTimeSync, experiments } = configuration;
  const isSafari = environment.browser === "SAFARI";
  const isWanted =
    realTimeSync === "safari" ? isSafari : (realTimeSync ?? (isSafari || experiments.some(({ kind }) => kind !== "web")));
  return (isWanted || mappingValue(context) !== undefined) && consent.mayRequest;
}

/** Whether to ask for the visitor's earlier visits: at most once per visit. */
export const wantsRemoteVisits = (context: Context): boolean =>
  isSynchronised(context) && !context.visits.current.isSynchronised;

/** Whether to ask on a later page what was reported meanwhile: where a campaign depends on it. */
export const wantsCurrentVisit = (context: Context): boolean =>
  isSynchronised(context) && hasCondition(context.configuration, REPORTED);

/** Adds the visits that the platform knows. The page waits at most a second for the answer. */
export function fetchRemoteVisits(context: Context, currentVisitOnly = false): Promise<void> {
  const { configuration, scope, visitor, visits } = context;
  context.beginIfOver();
  visits.current.isSynchronised ||= !currentVisitOnly;
  visits.touch();
  const identity = mappingValue(context);
  const query = new URLSearchParams({
    siteCode: configuration.siteCode,
    ...(identity === undefined ? { visitorCode: visitor.code ?? "" } : { mappingValue: identity }),
    maxNumberPreviousVisits: String(currentVisitOnly ? 0 : configuration.visit.maxLocal),
    version: "0",
    ...Object.fromEntries(PARTS.map((part) => [part, "true"])),
  });
  const { code } = visitor;
  return new Promise((resolve) => {
    let isLate = false;
    const stop = scope.after(PATIENCE_MS, () => {
      isLate = true;
      resolve();
    });
    fetch(dataAddress(configuration, `/visit/visitor?${query.toString()}`))
      .then((response) => response.json() as Promise<{ currentVisit?: RemoteVisit; previousVisits?: RemoteVisit[] }>)
      .then((answer) => {
        // Another visitor by now, or a page that went on.
        if (!isLate && visitor.code === code) {
          visits.addEarlier(
            [...(currentVisitOnly ? [] : (answer.previousVisits ?? [])), answer.currentVisit].flatMap((one) => read(one) ?? []),
          );
        }
      })
      .catch((error: unknown) => warn("the visits could not be read.", error))
      .finally(() => {
        stop();
        resolve();
      });
  });
}

function read(remote: RemoteVisit | null | undefined): Visit | undefined {
  if (typeof remote?.timeStarted !== "number") {
    return undefined;
  }

  const visit = newVisit(remote.timeStarted, remote.timeLastEvent ?? remote.timeStarted);
  Object.assign(visit, { landing: "", referrer: "" });
  for (const kind of ["experiment", "personalization"] as const) {
    for (const { data } of eventsOf(remote, `${kind}Events`)) {
      visit[`${kind}s`][Number(data.id)] = Number(data.variationId);
    }
  }

  for (const { data } of eventsOf(remote, "conversionEvents")) {
    const goal = Number(data.goalId);
    visit.conversions[goal] = (visit.conversions[goal] ?? 0) + (data.negative === true ? -1 : 1);
  }

  for (const { data } of eventsOf(remote, "customDataEvents")) {
    visit.customData[Number(data.index)] = (data.valuesCountMap ?? {}) as Record<string, number>;
  }

  const pages = eventsOf(remote, "pageEvents");
  const places = eventsOf(remote, "geolocationEvents");
  visit.pageViews = pages.length;
  visit.landing = String(pages[0]?.data.href ?? "");
  visit.place = places[places.length - 1]?.data;
  return visit;
}

function eventsOf(visit: RemoteVisit, name: string): RemoteEvent[] {
  const events = visit[name];
  const isWhole = (event: RemoteEvent | null) => typeof event?.data === "object" && event.data !== null;
  return Array.isArray(events) ? events.filter(isWhole) : [];
}
