import type { Engine } from "./lifecycle";
import { type Api, addStubs } from "./stubs";

/** What the page calls, `Kameleoon.API`: plain objects, so that queue entries can name every method. */
export function createApi(engine: Engine): Api {
  const { configuration, tracking } = engine;
  const { experiments, goals, customData } = tracking;
  const describe = (nameOrId: unknown) => {
    const experiment = experiments.find(nameOrId);
    return experiment === undefined ? null : experiments.describe(experiment, tracking.isOn);
  };

  const api: Api = {
    Core: {
      load: () => engine.load(),
      getConfiguration: () => ({
        siteCode: configuration.siteCode,
        singlePageSupport: false,
        goals: configuration.goals.map((goal) => ({ ...goal })),
        generationTime: configuration.generatedAt,
      }),
      runWhenConditionTrue: (condition: () => unknown, callback: () => void, pollMs = 200) =>
        engine.runWhen(condition, callback, pollMs),
    },
    Visitor: {
      get code() {
        return tracking.visitor.code;
      },
      get numberOfVisits() {
        return tracking.visits.count;
      },
      get firstVisitStartDate() {
        return tracking.visits.firstStartedAt;
      },
      setVisitorCode: (code: unknown) => tracking.setVisitorCode(code),
    },
    Experiments: {
      assignVariation: (experimentId: unknown, variationId: unknown, override: unknown = false) =>
        engine.whenTracking(() => experiments.assign(experimentId, variationId, override)),
      trigger: (experimentId: unknown, trackingOnly: unknown = false) =>
        engine.whenTracking(() => experiments.trigger(experimentId, trackingOnly)),
      getById: describe,
      getByName: describe,
      getAll: () => configuration.experiments.map((experiment) => describe(experiment.id)),
    },
    Goals: {
      processConversion: (nameOrId: unknown, revenue: unknown = 0, metadata?: unknown) =>
        engine.whenTracking(() => goals.convert(nameOrId, revenue, metadata, false)),
      cancelConversion: (nameOrId: unknown, revenue: unknown = 0) =>
        engine.whenTracking(() => goals.convert(nameOrId, revenue, undefined, true)),
    },
    Data: {
      setCustomData: (nameOrIndex: unknown, values: unknown, overwrite?: unknown) =>
        engine.whenTracking(() => customData.set(nameOrIndex, values, overwrite)),
    },
  };
  addStubs(api);
  return api;
}
