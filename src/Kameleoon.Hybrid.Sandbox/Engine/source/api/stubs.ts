import { warnOnce } from "../page/journal";

/**
 * The rest of the documented interface, which belongs to add-ons. A missing method would break a queue entry without a
 * word; these say once that they do nothing, and give back a value the caller can live with.
 */
const STUBS: Record<string, Record<string, unknown>> = {
  Core: { runWhenShadowRootElementPresent: undefined },
  Tracking: { processOmniture: undefined },
  Products: {
    obtainFullSearchResult: null,
    obtainInstantSearchResult: null,
    obtainProductData: null,
    obtainProductInteractions: null,
    obtainRecommendedProducts: null,
    trackAddToCart: undefined,
    trackAddToWishList: undefined,
    trackCategoryView: undefined,
    trackProductView: undefined,
    trackSearchQuery: undefined,
    trackTransaction: undefined,
  },
};

export type Api = Record<string, Record<string, unknown>>;

/** Adds to `api` every documented member it does not implement. */
export function addStubs(api: Api): void {
  for (const [group, members] of Object.entries(STUBS)) {
    const target = (api[group] ??= {});
    for (const [name, value] of Object.entries(members)) {
      target[name] = () => {
        warnOnce(`${group}.${name} is not implemented by this engine.`);
        return value;
      };
    }
  }
}
