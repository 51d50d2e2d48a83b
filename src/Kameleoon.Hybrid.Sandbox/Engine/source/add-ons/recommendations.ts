import type { AddOn, Tools } from "../add-on";
import type { ProductInteraction } from "../tracking/visit";

// More would fill the browser's storage.
const MAX_INTERACTIONS = 100;
const PATH = "/products";

type Callback = (answer: unknown) => void;
type Members = Record<string, unknown>;

const asMembers = (value: unknown): Members => (typeof value === "object" && value !== null ? (value as Members) : {});

/**
 * `Kameleoon.API.Products`: reports what the visitor does with products, keeps it with the visit, and asks the data host
 * for recommendations.
 */
export default function recommendations({ engine, append, attempt, dataAddress, now, toJson, warn }: Tools): AddOn {
  const { context } = engine;
  const { configuration, consent, visits, visitor } = context;
  const isRefused = (): boolean => consent.judge("product") === "drop";

  /** Runs what reports products, unless the visitor refused it by then. */
  const whenAllowed = (action: () => void): void => engine.whenTracking(() => isRefused() || action());

  const note = (id: string, action: ProductInteraction["action"]): void => {
    const { current } = visits;
    const products = (current.products ??= []);
    append(products, { id, action, at: now() });
    current.products = products.slice(-MAX_INTERACTIONS);
    visits.touch();
  };

  /** Reports an interaction with one product. */
  const track = (id: unknown, action: ProductInteraction["action"], fields: Members): void => {
    const ean = String(id ?? "");
    if (ean === "") {
      warn("a product has no id; it is ignored.");
      return;
    }

    whenAllowed(() => {
      context.beginIfOver();
      note(ean, action);
      context.track("product", { ean, action, ...fields });
    });
  };

  const ask = (what: string, query: Members, callback: unknown, onError: unknown): void =>
    engine.whenTracking(() => {
      const fail = (error: unknown) => {
        warn(`the products could not be read: ${what}.`, error);
        attempt("a callback of Products", () => (onError as Callback | undefined)?.(error));
      };
      if (isRefused() || !(consent.mayRequest || consent.judge("product") === "send")) {
        fail(new Error("There is no consent."));
        return;
      }

      // What was just reported is part of the answer; while a variation is shown it is sent after this script.
      context.transport.flush();
      const parameters = new URLSearchParams({
        siteCode: configuration.siteCode,
        visitorCode: visitor.code ?? "",
      });
      Object.entries(query).forEach(
        ([name, value]) =>
          value != null && parameters.set(name, typeof value === "object" ? toJson(value) : String(value)),
      );
      Promise.resolve()
        .then(() => fetch(dataAddress(configuration, `${PATH}/${what}?${parameters.toString()}`)))
        .then((answer) => (answer.ok ? (answer.json() as Promise<unknown>) : Promise.reject(new Error(`${answer.status}`))))
        .then((answer) => attempt("a callback of Products", () => (callback as Callback)(answer)), fail)
        .catch(fail);
    });

  const positive = (value: unknown, otherwise: number): number => (Number(value) > 0 ? Number(value) : otherwise);
  const eansOf = (eans: unknown): string[] => [eans].flat().map((ean) => String(ean));

  return {
    afterVisitor() {
      if (!isRefused()) {
        visits.current.products ??= [];
        visits.touch();
      }
    },
    api: {
      Products: {
        trackProductView: (id: unknown, data?: unknown) => track(id, "view", { data: asMembers(data) }),
        trackAddToCart: (id: unknown, unitPrice?: unknown, amount?: unknown, parameters?: unknown) =>
          track(id, "cart", {
            price: unitPrice,
            quantity: positive(amount, 1),
            parameters: parameters === undefined ? undefined : asMembers(parameters),
          }),
        trackAddToWishList: (id: unknown, quantity?: unknown) =>
          track(id, "wishList", { quantity: quantity === undefined ? 1 : Number(quantity) || 0 }),
        trackCategoryView: (category: unknown) =>
          whenAllowed(() => context.track("product", { action: "category", category: String(category) })),
        trackSearchQuery: (query: unknown) =>
          whenAllowed(() => context.track("product", { action: "search", query: String(query) })),
        trackTransaction: (products: unknown, parameters?: unknown) => {
          for (const product of [products].flat().map(asMembers)) {
            track(product.productID ?? product.productId ?? product.id, "purchase", {
              quantity: positive(product.quantity, 1),
              parameters: parameters === undefined ? undefined : asMembers(parameters),
            });
          }
        },
        obtainRecommendedProducts: (code: unknown, parameters: unknown, onSuccess: unknown, onError?: unknown) =>
          ask("recommendations", { ...asMembers(parameters), code }, onSuccess, onError),
        obtainRecommendedCollections: (collection: unknown, onSuccess: unknown, onError?: unknown) =>
          ask("collections", { collection }, onSuccess, onError),
        obtainProductInteractions: (eans: unknown, callback: unknown, timeBegin?: unknown, timeEnd?: unknown) =>
          ask("interactions", { eans: eansOf(eans), timeBegin, timeEnd }, callback, undefined),
        obtainProductData: (eans: unknown, callback: unknown) =>
          ask("data", { eans: eansOf(eans) }, callback, undefined),
        obtainInstantSearchProducts: (query: unknown, onSuccess: unknown, onError?: unknown) =>
          ask("search", { query: queryOf(query), limit: 5 }, onSuccess, onError),
        obtainFullSearchProducts: (query: unknown, onSuccess: unknown, onError?: unknown) =>
          ask("search", { ...asMembers(query), query: queryOf(query) }, onSuccess, onError),
      },
    },
  };
}

/** The text that is searched for: the query itself, or a member of it. */
function queryOf(query: unknown): unknown {
  const { search_query, query: text } = asMembers(query);
  return typeof query === "string" ? query : (search_query ?? text);
}
