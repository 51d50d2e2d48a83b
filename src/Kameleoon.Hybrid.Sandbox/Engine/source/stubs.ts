import { warnOnce } from "./journal";

/**
 * The rest of the documented interface. A missing method would break a queue entry without a word; these say once that
 * they do nothing, and give back a value the caller can live with.
 */
const METHODS: Record<string, Record<string, unknown>> = {
  Core: {
    enableLegalConsent: undefined,
    disableLegalConsent: undefined,
    runWhenElementPresent: undefined,
    runWhenShadowRootElementPresent: undefined,
    enableSinglePageSupport: undefined,
    enableDynamicRefresh: undefined,
    processRedirect: undefined,
  },
  Experiments: { getActive: [], getTriggeredInVisit: [], getActivatedInVisit: [], block: undefined },
  Personalizations: {
    trigger: undefined,
    disable: undefined,
    block: undefined,
    getAll: [],
    getActive: [],
    getById: null,
    getByName: null,
    getTriggeredInVisit: [],
    getActivatedInVisit: [],
  },
  Variations: { execute: undefined },
  Segments: { getAll: [], getById: null, getByName: null, trigger: undefined, reevaluate: undefined },
  Triggers: { getAll: [], getById: null, getByName: null, trigger: undefined, reevaluate: undefined },
  Data: {
    resetCustomData: undefined,
    readLocalData: null,
    writeLocalData: undefined,
    retrieveDataFromRemoteSource: undefined,
    performRemoteSynchronization: undefined,
  },
  Events: { trigger: undefined },
  Utils: {
    querySelectorAll: [],
    addEventListener: undefined,
    addUniversalClickListener: undefined,
    setTimeout: 0,
    setInterval: 0,
    clearTimeout: undefined,
    clearInterval: undefined,
    getURLParameters: {},
    createHash: "",
    performRequest: undefined,
  },
  Tracking: { processOmniture: undefined },
  Products: {},
};

const PROPERTIES: Record<string, Record<string, unknown>> = {
  Visitor: {
    visits: [],
    currentVisit: null,
    previousVisit: null,
    customData: {},
    experimentLegalConsent: null,
    personalizationLegalConsent: null,
  },
  CurrentVisit: {
    index: 0,
    startDate: null,
    duration: 0,
    pageViews: 0,
    locale: null,
    device: null,
    geolocation: null,
    activatedExperiments: [],
    activatedPersonalizations: [],
    conversions: [],
    customData: {},
    acquisitionChannel: null,
    landingPageURL: null,
  },
};

export type Api = Record<string, Record<string, unknown>>;

/** Adds to `api` every documented member it does not implement. */
export function addStubs(api: Api): void {
  visit(api, METHODS, (path, value) => ({ value: () => neutral(path, value), enumerable: true, writable: true }));
  visit(api, PROPERTIES, (path, value) => ({ get: () => neutral(path, value), enumerable: true }));
}

function visit(api: Api, names: Api, describe: (path: string, value: unknown) => PropertyDescriptor): void {
  for (const [group, members] of Object.entries(names)) {
    const target = (api[group] ??= {});
    for (const [name, value] of Object.entries(members)) {
      Object.defineProperty(target, name, describe(`${group}.${name}`, value));
    }
  }
}

function neutral(path: string, value: unknown): unknown {
  warnOnce(`${path} is not implemented by this engine.`);
  // A fresh value each time: the caller may change what it was given.
  return typeof value === "object" && value !== null ? (Array.isArray(value) ? [] : {}) : value;
}
