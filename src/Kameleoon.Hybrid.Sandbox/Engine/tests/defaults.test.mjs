import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, createBrowser, settled } from "./browser.mjs";

const safari =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const web = { id: 1, name: "E1", kind: "web", variations: [] };
const feature = { id: 2, name: "E2", kind: "feature", variations: [] };
const conversionOf = (goalId) => ({
  currentVisit: {
    timeStarted: Date.UTC(2026, 0, 1) - 1000,
    timeLastEvent: Date.UTC(2026, 0, 1),
    conversionEvents: [{ data: { goalId } }],
  },
});
const entry = (value) => ({
  kameleoonVisitorCode: JSON.stringify({ value, expirationDate: Date.UTC(2027, 0, 1) }),
});

for (const [name, options, changes, isAsked] of [
  ["a project with experiments of a server", {}, { experiments: [web, feature] }, true],
  ["Safari", { userAgent: safari }, { experiments: [web] }, true],
  ["a project of the browser alone", {}, { experiments: [web] }, false],
  ["a project without campaigns", {}, { experiments: [] }, false],
  ["a project that switches it off", { userAgent: safari }, { experiments: [feature], realTimeSync: false }, false],
]) {
  test(`${name} ${isAsked ? "asks" : "does not ask"} the platform for the visitor's earlier visits`, async () => {
    const browser = createBrowser({ cookies, ...options });
    browser.answers["/visit/visitor"] = answer({});
    browser.load({ realTimeSync: null, ...changes });
    await settled();

    assert.equal(browser.files.length, isAsked ? 1 : 0);
    assert.ok(browser.names().includes("Started"));
  });
}

test("an experiment targeted on a conversion that a server reported runs", async () => {
  const browser = createBrowser({ cookies });
  browser.answers["/visit/visitor"] = answer(conversionOf(7));
  const condition = { targetingType: "CONVERSIONS", goalId: 7 };
  browser.load({
    realTimeSync: null,
    segments: [{ id: 9, name: "Buyers", conditionsData: { firstLevel: [{ conditions: [condition] }] } }],
    experiments: [feature, { ...web, segmentId: 9, variations: [{ id: 5, name: "V", share: 1 }] }],
  });
  await settled();
  await settled();
  await browser.advance(500);

  assert.equal(browser.linesOf("experiment").length, 1);
});

test("local storage keeps a copy of the code, which is used when the cookie is gone", () => {
  const first = createBrowser({ cookies });
  first.load();
  const later = createBrowser({ local: { ...first.window.localStorage } });
  later.load();

  assert.equal(first.stored("kameleoonVisitorCode"), "abc");
  assert.equal(later.window.Kameleoon.API.Visitor.code, "abc");
  assert.equal(later.jar.cookies[0].value, "abc");
});

for (const [setting, code] of [
  [null, "abc"],
  [true, "stored"],
  [false, "abc"],
]) {
  test(`of two codes the ${code === "abc" ? "cookie" : "local storage"} wins where the setting is ${setting}`, () => {
    const browser = createBrowser({ cookies, local: entry("stored") });
    browser.load({ visitorCodeInLocalStorage: setting });

    assert.equal(browser.window.Kameleoon.API.Visitor.code, code);
    assert.equal(browser.stored("kameleoonVisitorCode"), setting === false ? "stored" : code);
  });
}

test("where the setting is false local storage neither keeps nor gives a code", () => {
  const none = createBrowser({ local: entry("stored") });
  none.load({ visitorCodeInLocalStorage: false });
  const kept = createBrowser({ cookies });
  kept.load({ visitorCodeInLocalStorage: false });

  assert.notEqual(none.window.Kameleoon.API.Visitor.code, "stored");
  assert.equal(kept.stored("kameleoonVisitorCode"), undefined);
});

test("a cookie with the code of local storage is left as it is", () => {
  const browser = createBrowser({ cookies, local: entry("abc") });
  browser.load({ visitorCodeInLocalStorage: true });

  assert.deepEqual(browser.jar.writes, []);
});

const performanceAt = (now, responseStart, more) => ({
  performance: { now: () => now, getEntriesByType: () => [{ responseStart, ...more }] },
});

for (const [name, globals, isTimedOut] of [
  ["that arrives 800 ms after the page", performanceAt(900, 100), true],
  ["that arrives 700 ms after the page", performanceAt(800, 100), false],
  ["of a page that waits longer", { ...performanceAt(2000, 100), kameleoonLoadingTimeout: 3000 }, false],
  ["of a page with a tag that is still waiting", { ...performanceAt(9000, 0), kameleoonStartLoadTime: 1 }, false],
  ["of a page that was prerendered and is shown", performanceAt(5000, 10, { activationStart: 4900 }), false],
  ["of a page without a clock", {}, false],
]) {
  test(`an engine ${name} ${isTimedOut ? "aborts" : "runs"} where the project disables it on time-out`, () => {
    for (const onTimeout of ["PAGE", null]) {
      const browser = createBrowser({ cookies, globals });
      browser.load({ onTimeout });

      assert.equal(browser.detailOf("Aborted")?.reason, isTimedOut && onTimeout !== null ? "TIMEOUT" : undefined);
    }
  });
}

test("an ad blocker is known before the campaigns, when the page hides the element at once", async () => {
  const browser = createBrowser({ cookies, document: { readyState: "loading" } });
  browser.baitWidth = 0;
  const condition = { targetingType: "AD_BLOCKER" };
  browser.load({
    segments: [{ id: 9, name: "Blocked", conditionsData: { firstLevel: [{ conditions: [condition] }] } }],
    experiments: [{ ...web, segmentId: 9, variations: [{ id: 5, name: "V", share: 1 }] }],
  });
  await browser.advance(500);
  assert.equal(browser.linesOf("adBlocker").length, 1);

  browser.document.dispatchEvent(new Event("DOMContentLoaded"));
  await browser.advance(500);

  assert.equal(browser.linesOf("experiment").length, 1);
});

test("activity is reported when the page is left, once and only if there was any", async () => {
  const active = createBrowser({ cookies });
  const idle = createBrowser({ cookies });
  for (const browser of [active, idle]) {
    browser.load();
    await browser.advance(500);
  }

  active.document.dispatchEvent(new Event("click"));
  for (const browser of [active, idle]) {
    browser.hide();
  }

  assert.deepEqual(
    [active, idle].map((browser) => browser.linesOf("activity").map((line) => line.replace(/&nonce=\w+/, ""))),
    [["eventType=activity&clicks=1"], []],
  );
});

for (const [spa, changes, views] of [
  [{ ignoreHash: true }, ["#a", "#b", "", "?x=1"], 2],
  [{ ignoreParameters: true }, ["?x=1", "?x=2", "?x=2#a", ""], 3],
  [{ ignoreHash: true, ignoreParameters: true }, ["?x=1", "#a", "?y#b", ""], 1],
  [{}, ["?x=1", "?x=2"], 3],
]) {
  test(`with ${JSON.stringify(spa)} the addresses ${changes.join(" ")} are ${views} views`, async () => {
    const browser = createBrowser({ cookies, url: "https://shop.test/list" });
    browser.load({ spa: { enabled: true, ...spa } });
    for (const change of changes) {
      browser.window.location.href = `https://shop.test/list${change}`;
      await browser.advance(100);
    }

    await browser.advance(500);
    assert.equal(browser.linesOf("page").length, views);
  });
}

test("another path is another view whatever is ignored", async () => {
  const browser = createBrowser({ cookies, url: "https://shop.test/list" });
  browser.load({ spa: { enabled: true, ignoreHash: true, ignoreParameters: true } });
  browser.window.location.href = "https://shop.test/other?x=1#a";
  await browser.advance(600);

  assert.equal(browser.linesOf("page").length, 2);
});
