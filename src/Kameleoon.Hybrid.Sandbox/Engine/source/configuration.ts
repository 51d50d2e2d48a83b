import type { Script } from "./page/files";

/** The literal the server writes into engine.js. Names follow the platform's vocabulary; only two are mandatory. */
export interface Configuration {
  siteCode: string;
  dataUrl: string;
  generatedAt: string | number | null;
  resourceUrl: string | null;
  environment: string | null;
  syncUrl: string | null;
  disabled: boolean;
  onTimeout: "PAGE" | "VISIT" | null;
  abortScript: Script | null;
  deferral: { configuration?: boolean; campaigns?: boolean };
  unify: { enabled?: boolean; frameUrl?: string; frameOrigin?: string };
  visitorCodeInLocalStorage: boolean;
  cookie: { days: number; secure: "auto" | boolean; scope: string };
  consent: ConsentPolicy;
  visit: { idleMs: number; maxLocal: number };
  spa: { enabled: boolean; dynamicRefresh: boolean; pollMs: number };
  flushMs: number;
  activityMs: number;
  realTimeSync: boolean | "safari";
  needs: { ip?: boolean; geolocation?: boolean; adBlocker?: boolean };
  earlyCampaigns: boolean;
  globalScript: Script | null;
  integrations: Record<string, Script>;
  goals: Goal[];
  customData: CustomDatum[];
  segments: Segment[];
  triggers: Segment[];
  experiments: Experiment[];
  personalizations: Personalization[];
  liveUpdate: boolean;
  opportunities: boolean;
}

export interface ConsentPolicy {
  abTesting: "NOT_REQUIRED" | "REQUIRED";
  personalization: "NOT_REQUIRED" | "REQUIRED";
  unknown: { abTesting: string; personalization: string };
  denied: { abTesting: string; personalization: string };
  requestsAfterConsent: boolean;
}

export interface Goal {
  readonly id: number;
  readonly name: string;
  readonly type?: string;
  readonly selector?: string;
  readonly threshold?: number;
  readonly url?: string;
  readonly matchType?: string;
}

export interface CustomDatum {
  readonly index: number;
  readonly name: string;
  readonly type?: string;
  readonly scope?: string;
  readonly isMappingIdentifier?: boolean;
  readonly localOnly?: boolean;
}

export interface Condition {
  readonly targetingType?: string;
  readonly isInclude?: boolean | null;
  readonly [field: string]: unknown;
}

/** As in the data file: `true` joins with OR. */
export interface ConditionTree {
  readonly firstLevel?: readonly { orOperators?: readonly boolean[]; conditions?: readonly Condition[] }[];
  readonly firstLevelOrOperators?: readonly boolean[];
}

export interface Segment {
  readonly id: number;
  readonly name: string;
  readonly conditionsData?: ConditionTree | null;
}

export interface Variation {
  readonly id: number;
  readonly name: string;
  readonly share?: number | null;
  readonly js?: Script | null;
  readonly css?: string | null;
  readonly redirect?: string | null;
  readonly respoolTime?: number | null;
  /** Its code is in a file of its own. */
  readonly deferred?: boolean;
}

export interface Campaign {
  readonly id: number;
  readonly name: string;
  readonly tags?: readonly string[];
  readonly segmentId?: number | null;
  readonly goals?: readonly number[];
  readonly integrations?: readonly string[];
}

export interface Experiment extends Campaign {
  readonly kind: "web" | "feature" | "holdout";
  readonly variations: readonly Variation[];
  readonly mainGoalId?: number | null;
  readonly globalScript?: Script | null;
  readonly paused?: boolean;
  readonly track?: boolean;
  readonly assignmentDays?: number | null;
}

export interface Personalization extends Campaign {
  /** 1 is the highest; without one the personalization is independent of the others. */
  readonly priority?: number | null;
  readonly schedule?: readonly { start?: number | null; end?: number | null }[] | null;
  readonly capping?: { global?: number | null; visitors?: number | null; visitor?: number | null } | null;
  readonly scenario?: ConditionTree | null;
  readonly variation?: Variation | null;
}

/** The list of a project that has none: whatever the page names is taken. */
export const UNDECLARED: never[] = [];

const DEFAULTS = {
  generatedAt: null,
  resourceUrl: null,
  environment: null,
  syncUrl: null,
  disabled: false,
  onTimeout: null,
  abortScript: null,
  visitorCodeInLocalStorage: false,
  flushMs: 500,
  activityMs: 15_000,
  realTimeSync: false,
  earlyCampaigns: false,
  globalScript: null,
  goals: UNDECLARED,
  customData: UNDECLARED,
  segments: [],
  triggers: [],
  experiments: [],
  personalizations: [],
  liveUpdate: false,
  opportunities: false,
};

const GROUPS: Record<string, object> = {
  deferral: {},
  unify: {},
  cookie: { days: 365, secure: "auto", scope: "root" },
  consent: { abTesting: "NOT_REQUIRED", personalization: "NOT_REQUIRED", requestsAfterConsent: true },
  visit: { idleMs: 1_800_000, maxLocal: 25 },
  spa: { enabled: false, dynamicRefresh: false, pollMs: 100 },
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
  const { consent } = configuration;
  consent.unknown = { abTesting: "ALL", personalization: "ALL", ...withoutNulls(consent.unknown) };
  consent.denied = { abTesting: "STOP", personalization: "STOP", ...withoutNulls(consent.denied) };
}

function withoutNulls(value: unknown): Record<string, unknown> {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([, member]) => member !== null && member !== undefined));
}
