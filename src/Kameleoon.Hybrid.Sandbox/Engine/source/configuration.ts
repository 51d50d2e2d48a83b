import type { AddOnFactory } from "./add-on";
import type { Script } from "./page/files";

/** The literal that the server writes into engine.js. `siteCode` and `dataUrl` are mandatory. */
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
  /**
   * True: local storage wins over a cookie with another code. Null: local storage keeps a copy, which is used when there
   * is no cookie. False: local storage is not used, except by unified storage.
   */
  visitorCodeInLocalStorage: boolean | null;
  /** Other domains whose pages share the visitor with this one. */
  crossDomains: string[];
  cookie: { days: number; secure: "auto" | boolean; scope: string };
  consent: ConsentPolicy;
  visit: { idleMs: number; maxLocal: number };
  spa: { enabled: boolean; dynamicRefresh: boolean; pollMs: number; ignoreHash: boolean; ignoreParameters: boolean };
  flushMs: number;
  activityMs: number;
  /** Null: on in Safari, and in every browser where the project has experiments that a server decides. */
  realTimeSync: boolean | "safari" | null;
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
  addOns: Record<string, AddOnFactory>;
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
  /** Whether its code is in a separate file. */
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

/** Stands for a list that the project does not have: every id that the page names is accepted. */
export const UNDECLARED: never[] = [];

/** Whether a segment, a trigger or a scenario of the project has a condition of one of the types. */
export function hasCondition({ personalizations, segments, triggers }: Configuration, types: readonly unknown[]): boolean {
  return [
    ...personalizations.map(({ scenario }) => scenario),
    ...[...segments, ...triggers].map(({ conditionsData }) => conditionsData),
  ].some((tree) => tree?.firstLevel?.some(({ conditions }) => conditions?.some((one) => types.includes(one.targetingType))));
}
