import { now } from "../page/clock";

export type Counts = Record<string, number>;

export interface Place {
  readonly country?: string;
  readonly region?: string;
  readonly city?: string;
  readonly postalCode?: string;
  readonly latitude?: string;
  readonly longitude?: string;
}

export interface ProductInteraction {
  readonly id: string;
  readonly action: "view" | "cart" | "wishList" | "purchase";
  readonly at: number;
}

/** One visit, and what is known of it. */
export interface Visit {
  startedAt: number;
  lastSeenAt: number;
  pageViews: number;
  clicks: number;
  landing: string;
  referrer: string;
  experiments: Record<number, number>;
  personalizations: Record<number, number>;
  conversions: Record<number, number>;
  customData: Record<number, Counts>;
  /** What is reported once per visit: segments, and goals of some types. */
  reported: string[];
  isSynchronised?: boolean;
  /** What the visitor did with products, oldest first; only where the project recommends products. */
  products?: ProductInteraction[];
  ip?: string;
  place?: Place;
}

export function newVisit(startedAt: number = now(), lastSeenAt: number = startedAt): Visit {
  return {
    startedAt,
    lastSeenAt,
    pageViews: 0,
    clicks: 0,
    landing: location.href,
    referrer: document.referrer,
    experiments: {},
    personalizations: {},
    conversions: {},
    customData: {},
    reported: [],
  };
}
