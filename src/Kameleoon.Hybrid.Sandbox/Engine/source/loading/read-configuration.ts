import { type Configuration, UNDECLARED } from "../configuration";

const DEFAULTS = {
  generatedAt: null,
  resourceUrl: null,
  "environment": null,
  syncUrl: null,
  disabled: false,
  onTimeout: null,
  abortScript: null,
  visitorCodeInLocalStorage: null,
  crossDomains: [],
  flushMs: 500,
  activityMs: 15_000,
  realTimeSync: null,
  earlyCampaigns: false,
  globalScript: null,
  goals: UNDECLARED,
  customData: UNDECLARED,
  segments: [],
  triggers: [],
  experiments: [],
  personalizations: [],
  addOns: {},
};

const GROUPS: Record<string, object> = {
  deferral: {},
  unify: {},
  cookie: { days: 365, secure: "auto", "scope": "root" },
  "consent": { abTesting: "NOT_REQUIRED", personalization: "NOT_REQUIRED", requestsAfterConsent: true },
  visit: { idleMs: 1_800_000, maxLocal: 25 },
  spa: { enabled: false, dynamicRefresh: false, pollMs: 100, ignoreHash: false, ignoreParameters: false },
  needs: {},
  integrations: {},
};

/** Completes the literal with the documented defaults; null and absent mean the same. */
export function readConfiguration(literal: unknown): Configuration {
  const configuration = { ...DEFAULTS } as unknown as Configuration;
  complete(configuration, { ...GROUPS, ...withoutNulls(literal) });
  if (typeof configuration.siteCode !== "string" || typeof configuration.dataUrl !== "string") {
    throw new Error("The configuration needs siteCode and dataUrl.");
  }

  return configuration;
}

/** Adds what a deferred file brought; the object stays the same, for others hold it. */
export function complete(configuration: Configuration, part: unknown): void {
  const given = withoutNulls(part);
  for (const [name, defaults] of Object.entries(GROUPS)) {
    if (name in given) {
      given[name] = { ...defaults, ...withoutNulls(given[name]) };
    }
  }

  Object.assign(configuration, given);
  const { "consent": consent } = configuration;
  consent.unknown = { abTesting: "ALL", personalization: "ALL", ...withoutNulls(consent.unknown) };
  consent.denied = { abTesting: "STOP", personalization: "STOP", ...withoutNulls(consent.denied) };
}

function withoutNulls(value: unknown): Record<string, unknown> {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([, member]) => member !== null && member !== undefined));
}
