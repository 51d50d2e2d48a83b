import type { Engine } from "../engine";
import { toId } from "../page/ids";
import { warnOnce } from "../page/journal";
import type { Api } from "./stubs";

interface Catalogue<T> {
  find(idOrName: unknown): T | undefined;
  describe(one: T): object;
}

/** The lookups every kind of campaign has. */
function lookups<T>(all: () => readonly T[], catalogue: Catalogue<T>): Record<string, (idOrName?: unknown) => unknown> {
  const describe = (one: T) => catalogue.describe(one);
  const find = (idOrName: unknown) => {
    const found = catalogue.find(idOrName);
    return found === undefined ? null : describe(found);
  };
  return { getAll: () => all().map(describe), getById: find, getByName: find };
}

export function createCampaignApi(engine: Engine): Api {
  const { context, execution } = engine;
  const { configuration, visits } = context;
  const { serverDecisions, experiments, personalizations, goals } = execution;
  const later =
    (action: (...values: unknown[]) => void) =>
    (...values: unknown[]) =>
      engine.whenTracking(() => action(...values));
  /** What experiments and personalizations have in common. */
  const campaignApi = <T extends { id: number }>(
    kind: "experiments" | "personalizations",
    campaigns: Catalogue<T> & { isTriggered(id: number): boolean },
    isActive: (one: T) => boolean,
  ) => {
    const all = () => configuration[kind] as unknown as readonly T[];
    const where = (test: (one: T) => boolean) => () => all().filter(test).map((one) => campaigns.describe(one));
    const isActivated = ({ id }: T) => id in visits.current[kind];
    return {
      ...lookups(all, campaigns),
      getActive: where(isActive),
      getTriggeredInVisit: where((one) => campaigns.isTriggered(one.id) || isActivated(one)),
      getActivatedInVisit: where(isActivated),
    };
  };
  const segmentApi = (segments: typeof execution.segments) => ({
    ...lookups(() => segments.all, segments),
    trigger: later((name) => segments.trigger(name)),
    reevaluate: later((name) => segments.reevaluate(name)),
  });
  const block = later((name) => personalizations.block(name));

  return {
    Experiments: {
      assignVariation: later((id, variation, override) => serverDecisions.assign(id, variation, override)),
      trigger: later((id, trackingOnly) => serverDecisions.trigger(id, trackingOnly)),
      block: later((id, visit) => experiments.block(id, visit)),
      ...campaignApi("experiments", experiments, ({ paused }) => paused !== true),
    },
    Personalizations: {
      trigger: later((name) => personalizations.trigger(name)),
      disable: block,
      block,
      ...campaignApi("personalizations", personalizations, ({ id }) => !personalizations.isBlocked(id)),
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
