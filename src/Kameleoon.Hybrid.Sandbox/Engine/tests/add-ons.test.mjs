import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, createBrowser, settled } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const resourceUrl = "https://files.test";
const crossDomains = ["first.test", "second.test"];

/** A page that another one leads to; its address is changed as a browser's is. */
function arrive(url, referrer, more = {}, changes = {}) {
  const browser = createBrowser({ url, document: { referrer }, ...more });
  browser.window.history = {
    state: { kept: true },
    replaceState: (state, _, address) => {
      browser.replaced = state;
      browser.window.location.href = address;
    },
  };
  browser.load({ crossDomains, ...changes });
  return browser;
}

test("a code is taken over from another domain of the site, stored, and removed from the address alone", async () => {
  const browser = arrive("https://www.second.test/a?q=a%20b&kameleoonVisitorCode=brought&x#h", "https://first.test/");
  await browser.advance(500);

  assert.equal(browser.window.Kameleoon.API.Visitor.code, "brought");
  assert.equal(browser.window.location.href, "https://www.second.test/a?q=a%20b&x#h");
  assert.deepEqual(browser.replaced, { kept: true });
  assert.equal(browser.stored("kameleoonVisitorCode"), "brought");
  assert.equal(new URLSearchParams(browser.linesOf("page")[0]).get("href"), browser.window.location.href);
});

for (const [name, url, referrer] of [
  ["of a stranger", "https://second.test/?kameleoonVisitorCode=brought", "https://stranger.test/"],
  ["of a host that only ends alike", "https://second.test/?kameleoonVisitorCode=brought", "https://notfirst.test/"],
  ["without a referrer", "https://second.test/?kameleoonVisitorCode=brought", ""],
  ["of the own domain", "https://second.test/?kameleoonVisitorCode=brought", "https://www.second.test/"],
  ["with other characters", "https://second.test/?kameleoonVisitorCode=a%3Bb", "https://first.test/"],
  ["that is too long", `https://second.test/?kameleoonVisitorCode=${"x".repeat(101)}`, "https://first.test/"],
  ["that comes twice", "https://second.test/?kameleoonVisitorCode=a&kameleoonVisitorCode=b", "https://first.test/"],
]) {
  test(`a code ${name} is not taken over, and removed from the address`, () => {
    const browser = arrive(url, referrer);

    assert.match(browser.window.Kameleoon.API.Visitor.code, /^[a-z0-9]{16}$/);
    assert.equal(browser.window.location.href, "https://second.test/");
  });
}

for (const [name, search, more, changes] of [
  ["that is disabled", "", {}, { disabled: true }],
  ["whose abort script says so", "", {}, { abortScript: () => true }],
  ["that the address disables", "&kameleoonDisabled=true", {}, {}],
  ["without storage", "", { refuseStorage: true }, {}],
]) {
  test(`an engine ${name} removes the code from the address too`, () => {
    const url = `https://www.second.test/a?q=1&kameleoonVisitorCode=brought${search}#h`;
    const browser = arrive(url, "https://first.test/", more, changes);

    assert.ok(browser.names().includes("Aborted"));
    assert.equal(browser.window.location.href, `https://www.second.test/a?q=1${search}#h`);
    assert.deepEqual([browser.jar.writes, browser.hits], [[], []]);
  });
}

test("a code that came with an aborted view is the visitor's in the next one", () => {
  const browser = arrive("https://second.test/?kameleoonVisitorCode=brought&kameleoonDisabled", "https://first.test/");
  browser.window.location.href = "https://second.test/next";
  browser.run("Kameleoon.API.Core.load()");

  assert.equal(browser.window.Kameleoon.API.Visitor.code, "brought");
});

test("a code that the page sets wins over the one of the address", () => {
  const browser = createBrowser({
    url: "https://second.test/?kameleoonVisitorCode=brought",
    document: { referrer: "https://first.test/" },
    globals: { history: { replaceState: () => undefined } },
  });
  browser.run(`var kameleoonQueue = [{ level: "IMMEDIATE", command: ["Visitor.setVisitorCode", "imposed"] }];`);
  browser.load({ crossDomains });

  assert.equal(browser.window.Kameleoon.API.Visitor.code, "imposed");
});

const linkTo = (href) => {
  const attributes = { href };
  return {
    attributes,
    getAttribute: (name) => attributes[name] ?? null,
    setAttribute: (name, value) => (attributes[name] = value),
  };
};

for (const [href, expected] of [
  ["https://second.test/a?q=a%20b#h", "https://second.test/a?q=a%20b&kameleoonVisitorCode=abc#h"],
  ["//pay.second.test", "https://pay.second.test/?kameleoonVisitorCode=abc"],
  ["https://second.test/?kameleoonVisitorCode=old", "https://second.test/?kameleoonVisitorCode=abc"],
  ["http://second.test/", undefined],
  ["https://other.first.test/", undefined],
  ["https://stranger.test/", undefined],
  ["/path", undefined],
  ["mailto:a@second.test", undefined],
]) {
  test(`a link to ${href} ${expected === undefined ? "stays as it is" : "carries the code"}`, () => {
    const link = linkTo(href);
    const browser = createBrowser({
      cookies,
      url: "https://www.first.test/",
      document: { baseURI: "https://www.first.test/", closest: () => link },
    });
    browser.load({ crossDomains });

    browser.document.dispatchEvent(new Event("click"));
    assert.equal(link.attributes.href, expected ?? href);
    browser.clock.advance(1000);

    assert.equal(link.attributes.href, href);
  });
}

test("no link carries a code without consent", () => {
  const link = linkTo("https://second.test/");
  const browser = createBrowser({
    cookies,
    url: "https://first.test/",
    document: { baseURI: "https://first.test/", closest: () => link },
  });
  browser.load({ crossDomains, consent: { abTesting: "REQUIRED" } });
  browser.document.dispatchEvent(new Event("click"));

  assert.equal(link.attributes.href, "https://second.test/");
});

const day = 86_400_000;
const now = Date.UTC(2026, 0, 1);
const segment = (id, name, age, more) => ({ id, name, dateCreated: now - age * day, dateModified: now - age * day, ...more });

test("opportunity segments are young and not meant for tests, and goals begin after them", async () => {
  const browser = createBrowser({ cookies });
  browser.fileMs = 300;
  browser.served["/audiences/segments.js"] = [
    "segments",
    [
      segment(1, "Young", 89),
      segment(2, "Changed", 400, { dateModified: now - day }),
      segment(3, "Old", 91),
      segment(4, "[DEV] a", 1),
      segment(5, "[TEST] a", 1),
      segment(6, "[QA]", 1),
    ],
  ];
  const goals = [{ id: 7, name: "Seen", type: "URL", url: "shop" }];
  browser.load({ resourceUrl, opportunities: true, goals });
  await browser.advance(200);
  assert.equal(browser.names().includes("ConversionTriggered"), false);
  await browser.advance(100);
  await browser.advance(500);

  assert.deepEqual(
    browser.linesOf("targetingSegment").map((line) => Number(/id=(\d+)/.exec(line)[1])),
    [1, 2],
  );
  assert.ok(browser.names().includes("ConversionTriggered"));
});

test("goals begin without the opportunity segments when their file is missing", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ resourceUrl, opportunities: true, goals: [{ id: 7, name: "Seen", type: "URL", url: "shop" }] });
  await browser.advance(0);
  await browser.advance(500);

  assert.equal(browser.linesOf("conversion").length, 1);
  assert.match(browser.warnings.join(), /opportunity segments are missing/);
});

test("products are reported, kept with the visit and asked for", async () => {
  const browser = createBrowser({ cookies });
  browser.answers["/products/recommendations"] = answer({ products: ["b"] });
  browser.load({ recommendations: true });
  browser.run(`
    const { Products } = Kameleoon.API;
    Products.trackProductView(4006381333931, { name: "Lamp", price: 20 });
    Products.trackAddToCart("a", 19.9, 2);
    Products.trackAddToWishList("a");
    Products.trackTransaction([{ productID: "a", quantity: 3 }, { productID: "b" }], { order: "o1" });
    Products.trackCategoryView("lamps");
    Products.trackSearchQuery("desk & lamp");
    Products.trackProductView("");
    Products.obtainRecommendedProducts("code", { item: "a", exclude: ["x"] }, (products) => (window.got = products));`);
  await settled();
  await browser.advance(500);

  const fields = browser.linesOf("product").map((line) => Object.fromEntries(new URLSearchParams(line)));
  assert.deepEqual(
    fields.map(({ ean, action, quantity, category, query }) => [ean, action, quantity, category, query].filter(Boolean)),
    [
      ["4006381333931", "view"],
      ["a", "cart", "2"],
      ["a", "wishList", "1"],
      ["a", "purchase", "3"],
      ["b", "purchase", "1"],
      ["category", "lamps"],
      ["search", "desk & lamp"],
    ],
  );
  assert.deepEqual(JSON.parse(fields[0].data), { name: "Lamp", price: 20 });
  assert.deepEqual(browser.window.got, { products: ["b"] });
  const query = Object.fromEntries(browser.files[0].searchParams);
  assert.deepEqual(query, { siteCode: "site1", visitorCode: "abc", item: "a", exclude: '["x"]', code: "code" });
  assert.deepEqual(
    browser.stored("kameleoonData").visits[0].products.map(({ id, action }) => `${id} ${action}`),
    ["4006381333931 view", "a cart", "a wishList", "a purchase", "b purchase"],
  );
});

test("without the add-on the products of a page are ignored and said once", () => {
  const browser = createBrowser({ cookies });
  browser.load();
  browser.run(`Kameleoon.API.Products.trackProductView("a"); Kameleoon.API.Products.trackProductView("b");`);

  assert.equal(browser.warnings.filter((text) => text.includes("Products.trackProductView")).length, 1);
});

test("recommendations are not asked for without consent, which the error callback learns", () => {
  const browser = createBrowser({ cookies });
  browser.load({ recommendations: true, consent: { abTesting: "REQUIRED" } });
  browser.run(`Kameleoon.API.Products.obtainRecommendedProducts("c", {}, () => undefined, () => (window.failed = true));`);

  assert.deepEqual([browser.window.failed, browser.files.length], [true, 0]);
});

/** A page of a shop that recommends products. */
function openShop(changes, local) {
  const browser = createBrowser({ cookies, local });
  browser.answers["/products/recommendations"] = answer({ products: ["b"] });
  browser.load({ recommendations: true, ...changes });
  return {
    browser,
    view: (...ids) => ids.forEach((id) => browser.run(`Kameleoon.API.Products.trackProductView("${id}");`)),
    async ask() {
      browser.run(`var result; Kameleoon.API.Products.obtainRecommendedProducts("c", {}, () => (result = "answered"), () => (result = "refused"));`);
      await settled();
      await browser.advance(500);
      return browser.window.result;
    },
    say: (word, ...modules) => modules.forEach((one) => browser.run(`Kameleoon.API.Core.${word}LegalConsent("${one}");`)),
    sent: () => browser.linesOf("product").map((line) => new URLSearchParams(line).get("ean")),
    history: () => (browser.stored("kameleoonData")?.visits.at(-1).products ?? []).map(({ id }) => id),
  };
}

for (const module of ["PRODUCT_RECOMMENDATION", "BOTH"]) {
  test(`a refusal of ${module} ends reports, history and questions about products`, async () => {
    const { browser, view, ask, say, sent, history } = openShop();
    say("disable", module);
    view("p1");
    browser.run(`
      const { Products } = Kameleoon.API;
      Products.trackAddToCart("p1", 1);
      Products.trackAddToWishList("p1");
      Products.trackTransaction([{ productID: "p1" }]);
      Products.trackCategoryView("lamps");
      Products.trackSearchQuery("lamp");`);

    assert.equal(await ask(), "refused");
    assert.deepEqual([browser.linesOf("product"), browser.files, history()], [[], [], []]);

    say("enable", module);
    view("p2");
    assert.equal(await ask(), "answered");
    assert.deepEqual([sent(), history()], [["p2"], ["p2"]]);
  });
}

test("a refusal of recommendations leaves everything else as it was, and holds on the next page", async () => {
  const first = openShop();
  first.view("p0");
  await first.browser.advance(500);
  first.say("disable", "PRODUCT_RECOMMENDATION");
  first.browser.run(`Kameleoon.API.Goals.processConversion(7);`);
  await first.browser.advance(500);
  const next = openShop({}, { ...first.browser.window.localStorage });
  next.view("p1");

  assert.equal(first.browser.linesOf("conversion").length, 1);
  assert.equal(await next.ask(), "refused");
  assert.deepEqual([first.sent(), next.sent(), next.history()], [["p0"], [], ["p0"]]);
  assert.equal(next.browser.linesOf("page").length, 1);
});

test("consent for recommendations alone lets products leave and be asked for, and nothing else", async () => {
  const { browser, view, ask, say, sent } = openShop({ consent: { abTesting: "REQUIRED", personalization: "REQUIRED" } });
  view("p1");
  say("enable", "PRODUCT_RECOMMENDATION");

  assert.equal(await ask(), "answered");
  assert.deepEqual([sent(), browser.linesOf("page"), browser.stored("kameleoonData")], [["p1"], [], undefined]);
});

test("an answer for all modules replaces an earlier one about recommendations", async () => {
  const { view, ask, say, sent } = openShop({ consent: { abTesting: "REQUIRED" } });
  say("disable", "PRODUCT_RECOMMENDATION", "AB_TESTING");
  say("enable", "BOTH");
  view("p1");
  assert.equal(await ask(), "answered");
  say("enable", "PRODUCT_RECOMMENDATION");
  say("disable", "BOTH");
  view("p2");

  assert.equal(await ask(), "refused");
  assert.deepEqual(sent(), ["p1"]);
});
