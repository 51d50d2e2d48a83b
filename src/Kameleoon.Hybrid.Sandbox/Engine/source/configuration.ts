/** The literal the server writes into engine.js. Names follow the platform's vocabulary; only two are mandatory. */
export interface Configuration {
  readonly siteCode: string;
  readonly dataUrl: string;
  readonly generatedAt: string | number | null;
  readonly resourceUrl: string | null;
  readonly environment: string | null;
  readonly disabled: boolean;
  readonly flushMs: number;
  readonly activityMs: number;
  readonly cookie: { readonly days: number; readonly secure: "auto" | boolean };
  readonly visit: { readonly idleMs: number };
  readonly goals: readonly Goal[];
  readonly customData: readonly CustomDatum[];
  readonly experiments: readonly Experiment[];
}

export interface Goal {
  readonly id: number;
  readonly name: string;
  readonly type?: string;
}

export interface CustomDatum {
  readonly index: number;
  readonly name: string;
  readonly type?: string;
  readonly scope?: string;
}

export interface Experiment {
  readonly id: number;
  readonly name: string;
  readonly kind: "web" | "feature" | "holdout";
  readonly variations: readonly { readonly id: number; readonly name: string }[];
  readonly assignmentDays?: number;
}

/** Completes the literal with the documented defaults; null and absent mean the same. */
export function readConfiguration(literal: unknown): Configuration {
  const given = withoutNulls(literal);
  if (typeof given.siteCode !== "string" || typeof given.dataUrl !== "string") {
    throw new Error("The configuration needs siteCode and dataUrl.");
  }

  return {
    generatedAt: null,
    resourceUrl: null,
    environment: null,
    disabled: false,
    flushMs: 500,
    activityMs: 15_000,
    goals: [],
    customData: [],
    experiments: [],
    ...given,
    siteCode: given.siteCode,
    dataUrl: given.dataUrl,
    cookie: { days: 365, secure: "auto", ...withoutNulls(given.cookie) },
    visit: { idleMs: 1_800_000, ...withoutNulls(given.visit) },
  };
}

function withoutNulls(value: unknown): Record<string, unknown> {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([, member]) => member !== null && member !== undefined));
}
