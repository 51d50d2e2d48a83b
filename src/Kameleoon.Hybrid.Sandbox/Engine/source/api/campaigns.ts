import type { Engine } from "../engine";
import { toId } from "../page/ids";
import { warnOnce } from "../page/journal";
import type { Api } from "./stubs";

interface Described {
  readonly id: number;
}

/** The lookups every kind of campaign has. */
function lookups<T extends Described>(
  all: () => readonly T[],
  find: (idOrName: unknown) => T | undefined,
  describe: (one: T) => object,
): Record<string, (idOrName?: unknown) => unknown> {
  const one = (idOrName: unknown) => {
    const found = find(idOrName);
    return found === undefined ? null : describe(found);
  };
  return { getAll: () => all().map(describe), getById: one, getByName: one };
}

export function createCampaignApi(engine: Engine): Api {
  const { context, execution } = engine;
  const { configuration, visits } = context;
  const { serverDecisions, experiments, personalizations, goals } = execution;
  const later =
    (action: (...values: unknown[]) => void) =>
    (...values: unknown[]) =>
      engine.whenTracking(() => action(...values));
  const experimentsWhere = (test: (id: number, isPaused: boolean) => boolean) => () =>
    configuration.experiments
      .filter((one) => test(one.id, one.paused === true))
      .map((one) => experiments.describe(one));
  const personalizationsWhere = (test: (id: number) => boolean) => () =>
    configuration.personalizations.filter(({ id }) => test(id)).map((one) => personalizations.describe(one));
  const segmentApi = (segments: typeof execution.segments) => ({
    ...lookups(
      () => segments.all,
      (name) => segments.find(name),
      (one) => segments.describe(one),
    ),
    trigger: later((name) => segments.trigger(name)),
    reevaluate: later((name) => segments.reevaluate(name)),
  });

  return {
    Experiments: {
      assignVariation: later((id, variation, override) => serverDecisions.assign(id, variation, override)),
      trigger: later((id, trackingOnly) => serverDecisions.trigger(id, trackingOnly)),
      block: later((id, visit) => experiments.block(id, visit)),
      ...lookups(
        () => configuration.experiments,
        (name) => experiments.find(name),
        (one) => experiments.describe(one),
      ),
      getActive: experimentsWhere((_, isPaused) => !isPaused),
      getTriggeredInVisit: experimentsWhere((id) => experiments.isTriggered(id) || id in visits.current.experiments),
      getActivatedInVisit: experimentsWhere((id) => id in visits.current.experiments),
    },
    Personalizations: {
      trigger: later((name) => personalizations.trigger(name)),
      disable: later((name) => personalizations.block(name)),
      block: later((name) => personalizations.block(name)),
      ...lookups(
        () => configuration.personalizations,
        (name) => personalizations.find(name),
        (one) => personalizations.describe(one),
      ),
      getActive: personalizationsWhere((id) => !personalizations.isBlocked(id)),
      getTriggeredInVisit: personalizationsWhere(
        (id) => personalizations.isTriggered(id) || id in visits.current.personalizations,
      ),
      getActivatedInVisit: personalizationsWhere((id) => id in visits.current.personalizations),
    },
    Variations: {
      execute: later((variationId) => {
        const id = toId(variationId);
        for (const kind of ["experiments", "personalizations"] as const) {
          for (const campaign of configuration[kind]) {
            const variations = "variations" in campaign ? campaign.variations : [campaign.variation];
            const variation = variations.find((one) => one?.id === id);
            if (variation) {
              execution.campaigns.show(kind, campaign, variation);
              return;
            }
          }
        }

        warnOnce(`variation ${String(variationId)} is unknown.`);
      }),
    },
    Segments: segmentApi(execution.segments),
    Triggers: segmentApi(execution.triggers),
    Goals: {
      processConversion: later((name, revenue = 0, metadata?) => goals.convert(name, revenue, metadata, false)),
      cancelConversion: later((name, revenue = 0) => goals.convert(name, revenue, undefined, true)),
    },
  };
}
