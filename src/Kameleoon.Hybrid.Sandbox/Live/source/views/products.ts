import { $, h, list, show } from "../dom";
import { whole } from "../format";
import type { Product, State } from "../state";

/** Products that visitors viewed or bought, and what is recommended next to each. */
export function renderProducts({ products }: State): void {
  show($("products-section"), products.length > 0);
  list($("product-list"), products, product => product.id, row);
}

function row({ id, name, views, carts, purchases, recommended }: Product): HTMLElement {
  const counts = `${whole(views)} viewed, ${whole(carts)} in carts, ${whole(purchases)} bought`;
  return h("li", {},
    h("strong", {}, name),
    name !== id && h("span", { class: "mono quiet" }, ` ${id}`),
    h("p", { class: "quiet" }, counts),
    recommended.length > 0 && h("p", {}, `Recommended with it: ${recommended.join(", ")}`));
}
