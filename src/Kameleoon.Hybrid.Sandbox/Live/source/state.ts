/** What the sandbox sends; the names are those of LiveSnapshot. */
export interface State {
  readonly dataFile: {
    readonly name: string;
    readonly state: "ready" | "missing" | "unreadable" | "broken";
    readonly lastModified: string | null;
    readonly mistakes: readonly { readonly line: number; readonly path: string; readonly reason: string }[];
    readonly warnings: readonly string[];
    readonly flags: readonly string[];
    readonly environments: readonly string[];
  };
  readonly sandbox: {
    readonly storage: string | null;
    readonly aheadSeconds: number;
    readonly faults: Readonly<Record<string, Fault>>;
    readonly edits: number;
  };
  readonly totals: {
    readonly visitors: number;
    readonly exposures: number;
    readonly conversions: number;
    readonly revenue: number;
    readonly violations: number;
  };
  readonly activity: { readonly engine: readonly Point[]; readonly server: readonly Point[] };
  readonly experiments: readonly Experiment[];
  readonly goals: readonly Goal[];
  readonly products: readonly Product[];
  readonly visitors: readonly Visitor[];
  readonly warnings: readonly { readonly time: string; readonly problem: string; readonly visitorCode: string; readonly text: string }[];
  readonly flags: readonly Flag[];
  readonly events: readonly SentEvent[];
}

export type Point = readonly [second: number, events: number];

export interface Fault {
  readonly delayMs: number;
  readonly status: number | null;
  readonly drop: boolean;
  readonly times: number | null;
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Goal {
  readonly goalId: number;
  readonly name: string | null;
  readonly conversions: number;
  readonly cancelled: number;
  readonly revenue: number;
}

export interface Experiment {
  readonly id: number;
  readonly flag: string | null;
  readonly kind: "flag" | "delivery" | "web" | "holdout";
  readonly visitors: number;
  readonly forced: number;
  readonly ratio: { readonly chiSquare: number; readonly pValue: number; readonly verdict: "few" | "fine" | "doubtful" | "broken" } | null;
  readonly variations: readonly Variation[];
}

export interface Variation {
  readonly id: number;
  readonly key: string | null;
  readonly name: string | null;
  readonly share: number;
  readonly visitors: number;
  readonly both: number;
  readonly engine: { readonly visitors: number; readonly exposures: number };
  readonly server: { readonly visitors: number; readonly exposures: number };
  readonly goals: readonly Result[];
}

export interface Result {
  readonly goalId: number;
  readonly visitors: number;
  readonly conversions: number;
  readonly revenue: number;
  readonly rate: Interval | null;
  readonly lift: Interval | null;
}

export interface Visitor {
  readonly code: string;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly pageViews: number;
  readonly visits: number;
  readonly server: boolean;
  readonly engine: boolean;
  readonly seen: readonly string[];
  readonly warnings: number;
}

export interface Flag {
  readonly key: string;
  readonly enabled: boolean;
  readonly default: string;
  readonly variations: readonly { readonly key: string; readonly name: string }[];
  readonly rules: readonly Rule[];
  readonly edit: FlagEdit | null;
}

export interface Rule {
  readonly id: string;
  readonly experimentId: number;
  readonly isDelivery: boolean;
  readonly segmentId: number | null;
  readonly traffic: number;
  readonly shares: readonly { readonly key: string; readonly share: number }[];
}

export interface FlagEdit {
  enabled?: boolean | null;
  rules?: Record<string, { traffic?: number | null; weights?: Record<string, number> | null }> | null;
  forced?: { variation: string; visitor?: string | null }[] | null;
}

export interface SentEvent {
  readonly number: number;
  readonly time: string;
  readonly sender: "engine" | "server";
  readonly sdk: string | null;
  readonly type: string;
  readonly visitorCode: string | null;
  readonly flag: string | null;
  readonly variation: string | null;
  readonly fields: Readonly<Record<string, string>>;
  readonly violations: readonly string[];
  readonly counted: boolean;
}

export interface Story {
  readonly code: string;
  readonly codes: readonly string[];
  readonly moments: readonly Moment[];
  readonly decisions: readonly { readonly flag: string; readonly variation: string; readonly reason: string }[];
}

export interface Moment {
  readonly time: string;
  readonly sender: "server" | "engine" | "browser" | "sandbox";
  readonly kind: "visit" | "event" | "request" | "step" | "cookie" | "warning";
  readonly text: string | null;
  readonly event: SentEvent | null;
}

export interface Chart {
  readonly seconds: readonly number[];
  readonly variations: readonly { readonly name: string; readonly rates: readonly (Interval | null)[] }[];
}

/** What the application itself counts of an experiment; the names are those of TrustedExperiment. */
export interface Trusted {
  readonly experimentId: number;
  readonly problem: string | null;
  readonly firstStage: Stage | null;
  readonly variations: readonly { readonly key: string; readonly stages: Readonly<Record<Stage, number>> }[];
}

export type Stage = "decided" | "completed" | "handed" | "unreached" | "reported" | "converted";

export interface Product {
  readonly id: string;
  readonly name: string;
  readonly views: number;
  readonly carts: number;
  readonly purchases: number;
  readonly recommended: readonly string[];
}
