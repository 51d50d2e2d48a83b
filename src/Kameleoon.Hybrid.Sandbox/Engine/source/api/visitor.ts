import type { Engine } from "../engine";
import { now } from "../page/clock";
import type { Visit } from "../tracking/visit";
import type { Api } from "./stubs";

export function createVisitorApi(engine: Engine): Api {
  const { context, tracking, execution, customData } = engine;
  const { visits, visitor, consent, environment, configuration } = context;
  const { experiments, personalizations } = execution;
  const activated = <T>(ids: object, campaigns: { find(id: string): T | undefined; describe(one: T): object }) =>
    Object.keys(ids).map((id) => {
      const one = campaigns.find(id);
      return one === undefined ? { id: Number(id) } : campaigns.describe(one);
    });
  const describe = (visit: Visit, index: number) => ({
    index,
    startDate: visit.startedAt,
    duration: (visit === visits.current ? now() : visit.lastSeenAt) - visit.startedAt,
    pageViews: visit.pageViews,
    locale: navigator.language,
    device: environment.deviceType,
    geolocation: visit.place ?? null,
    activatedExperiments: activated(visit.experiments, experiments),
    activatedPersonalizations: activated(visit.personalizations, personalizations),
    conversions: Object.entries(visit.conversions).map(([id, count]) => ({ ...goalOf(id), count })),
    customData: customData.byName(visit === visits.current ? undefined : visit.customData),
    acquisitionChannel: hostOf(visit.referrer),
    landingPageURL: visit.landing,
  });
  const goalOf = (id: string) => configuration.goals.find((goal) => goal.id === Number(id)) ?? { id: Number(id) };
  const all = () => visits.all.map((visit, i) => describe(visit, visits.count - visits.all.length + i + 1));
  const last = (back: number) => all()[visits.all.length - back] ?? null;
  const current = () => describe(visits.current, visits.count);

  const setVisitorCode = (code: unknown) => tracking.setVisitorCode(code);
  const known = {
    get code() {
      return visitor.code;
    },
    get numberOfVisits() {
      return visits.count;
    },
    get firstVisitStartDate() {
      return visits.firstStartedAt;
    },
    get visits() {
      return all();
    },
    get currentVisit() {
      return last(1);
    },
    get previousVisit() {
      return last(2);
    },
    get customData() {
      return customData.byName();
    },
    get experimentLegalConsent() {
      return consent.state("AB_TESTING");
    },
    get personalizationLegalConsent() {
      return consent.state("PERSONALIZATION");
    },
    setVisitorCode,
  };
  const unknown = { setVisitorCode };

  return {
    /** Before the start the visitor is unknown. */
    get Visitor() {
      return tracking.isOn ? known : unknown;
    },
    CurrentVisit: Object.defineProperties(
      {},
      Object.fromEntries(
        (Object.keys(current()) as (keyof ReturnType<typeof current>)[]).map((name) => [
          name,
          { enumerable: true, get: () => current()[name] },
        ]),
      ),
    ),
  };
}

/** The site a visit came from; null when it began here. */
function hostOf(url: string): string | null {
  try {
    const { host } = new URL(url);
    return host === location.host ? null : host;
  } catch {
    return null;
  }
}
