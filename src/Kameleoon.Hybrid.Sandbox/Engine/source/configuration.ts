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
