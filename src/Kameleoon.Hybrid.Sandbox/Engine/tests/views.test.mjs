import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, createBrowser, withoutNonce } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];

// T-SPA
test("another address is another view, with the one before as its referrer", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ spa: { enabled: true } });
  await browser.advance(500);
  assert.equal(browser.linesOf("page").length, 1);

  browser.window.location.pathname = "/next";
  await browser.advance(700);

  const fields = new URLSearchParams(browser.linesOf("page")[1]);
  assert.equal(fields.get("href"), "https://www.shop.test/next?a=b");
  assert.equal(fields.get("referrerHref"), "https://www.shop.test/page?a=b");
  assert.equal(browser.names().filter((name) => name === "Started").length, 2);
});

// T-SPA
test("support can be switched on by the page", async () => {
  const browser = createBrowser({ cookies });
  browser.load();
  browser.run("Kameleoon.API.Core.enableSinglePageSupport()");

  browser.window.location.pathname = "/next";
  await browser.advance(700);

  assert.equal(browser.linesOf("page").length, 2);
});

for (const [what, changes] of [
  ["by its parameter", {}],
  ["by the abort script", { abortScript: () => location.href.includes("Disabled") }],
]) {
  // T-SPA
  test(`a view that was kept back ${what} does not keep the next one back`, async () => {
    const browser = createBrowser({ cookies, url: "https://www.shop.test/page?kameleoonDisabled" });
    browser.load({ spa: { enabled: true }, ...changes });
    assert.ok(browser.names().includes("Aborted"));

    browser.window.location.search = "";
    await browser.advance(700);

    assert.equal(browser.linesOf("page").length, 1);
    assert.equal(browser.names().filter((name) => name === "Started").length, 1);
    assert.ok(browser.steps().includes("spa/reload"));
  });
}

test("global scripts run at every load, one that throws stops nothing, paused experiments run none", () => {
  const browser = createBrowser({ cookies });
  const web = (id, more) => ({ id, name: `E${id}`, kind: "web", variations: [], ...more });
  browser.run("var ran = [];");

  browser.load({
    globalScript: () => {
      throw new Error("no");
    },
    experiments: [
      web(1, { globalScript: () => ran.push(1) }),
      web(2, { globalScript: () => ran.push(2), paused: true }),
      web(3, { globalScript: () => ran.push(3) }),
    ],
  });
  browser.run("Kameleoon.API.Core.load()");

  assert.deepEqual([...browser.window.ran], [1, 3, 1, 3]);
  assert.ok(browser.names().includes("Started"));
  assert.equal(browser.steps().filter((type) => type === "globalScript").length, 2);
});

// TRACK-14
test("address and place are asked for once per visit, where a segment needs them", async () => {
  const tree = (targetingType, more) => ({ firstLevel: [{ conditions: [{ targetingType, ...more }] }] });
  const segments = [
    { id: 1, name: "France", conditionsData: tree("GEOLOCATION", { country: "france" }) },
    { id: 2, name: "Office", conditionsData: tree("VISITOR_IP", { ip: "10.0.0.1" }) },
  ];
  const open = async (local) => {
    const browser = createBrowser({ cookies, local });
    browser.answers["/geolocation"] = answer(null, { geoip_country: "France", geoip_city: "Le%20Mans" });
    browser.answers["/ip"] = answer(null, { ip: "10.0.0.1" });
    browser.load({ segments });
    await browser.advance(0);
    await browser.advance(500);
    return browser;
  };

  const first = await open({});
  const second = await open({ ...first.window.localStorage });
  const none = createBrowser({ cookies });
  none.load();

  assert.deepEqual(first.files.map((url) => url.pathname).sort(), ["/geolocation", "/ip"]);
  assert.deepEqual(first.linesOf("geolocation").map(withoutNonce), [
    "eventType=geolocation&country=France&city=Le%20Mans",
  ]);
  assert.equal(first.linesOf("targetingSegment").length, 2);
  assert.deepEqual([second.files.length, second.linesOf("targetingSegment").length, none.files.length], [0, 0, 0]);
  assert.equal(first.window.Kameleoon.API.CurrentVisit.geolocation.city, "Le Mans");
});

// T-ADB
test("a hidden advertisement is reported, a visible one is not", async () => {
  for (const [baitWidth, count] of [
    [0, 1],
    [1, 0],
  ]) {
    const browser = createBrowser({ cookies });
    browser.baitWidth = baitWidth;
    browser.load({ needs: { adBlocker: true } });

    await browser.advance(2600);

    assert.equal(browser.linesOf("adBlocker").length, count);
  }
});

// TRACK-14
test("a place that could not be told is asked for again on the next page", async () => {
  const browser = createBrowser({ cookies });
  browser.answers["/geolocation"] = { ...answer(null), ok: false, status: 503 };

  browser.load({ needs: { geolocation: true } });
  await browser.advance(500);

  assert.deepEqual(browser.linesOf("geolocation"), []);
  assert.equal(browser.stored("kameleoonData").visits[0].place, undefined);
});
