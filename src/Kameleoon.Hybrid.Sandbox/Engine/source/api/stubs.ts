import { warnOnce } from "../page/journal";

/**
 * Documented methods that are not implemented, or only by an add-on that the project does not use. A missing method would
 * silently break a queue entry; these warn once that they do nothing.
 */
const STUBS: Record<string, string> = {
  Core: "runWhenShadowRootElementPresent",
  Tracking: "processOmniture",
  Products:
    "obtainFullSearchProducts obtainInstantSearchProducts obtainProductData obtainProductInteractions " +
    "obtainRecommendedCollections obtainRecommendedProducts trackAddToCart trackAddToWishList trackCategoryView " +
    "trackProductView trackSearchQuery trackTransaction",
};

export type Api = Record<string, Record<string, unknown>>;

/** Adds to `api` every documented member it does not implement. */
export function addStubs(api: Api): void {
  for (const [group, names] of Object.entries(STUBS)) {
    const target = (api[group] ??= {});
    for (const name of names.split(" ")) {
      target[name] = () => warnOnce(`${group}.${name} is not available here.`);
    }
  }
}
