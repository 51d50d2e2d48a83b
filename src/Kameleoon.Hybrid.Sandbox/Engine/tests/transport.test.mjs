import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const pendingKey = "kameleoonRequestEvents";
const sameOrigin = { dataUrl: "/data/" };

for (const [what, changes] of [["the network fails", { offline: true }], ["the server fails", { status: 503 }]]) {
  test(`when ${what} the lines wait in the tab and the next flush carries them first, with their nonces`, async () => {
    const browser = Object.assign(createBrowser({ cookies }), changes);
    browser.load(sameOrigin);
    await browser.advance(500);
    const failed = browser.hits[0].lines;
    assert.equal(browser.window.sessionStorage.getItem(pendingKey) === null, false);

    Object.assign(browser, { offline: false, status: 204 });
    browser.run("Kameleoon.API.Goals.processConversion(1)");
    await browser.advance(1000);

    assert.equal(browser.hits.length, 2);
    assert.deepEqual(browser.hits[1].lines.slice(0, -1), failed);
    assert.match(browser.hits[1].lines.at(-1), /^eventType=conversion/);
    assert.equal(browser.window.sessionStorage.getItem(pendingKey), null);
  });
}

test("the next page of the tab carries the lines of the previous one", async () => {
  const first = Object.assign(createBrowser({ cookies }), { offline: true });
  first.load(sameOrigin);
  await first.advance(500);
  const second = createBrowser({ cookies, tab: { ...first.window.sessionStorage } });

  second.load(sameOrigin);
  await second.advance(500);

  assert.deepEqual(second.hits[0].lines.slice(0, -2), first.hits[0].lines);
  assert.match(second.hits[0].lines.at(-2), /^eventType=page/);
  assert.equal(second.hits[0].url.searchParams.get("tabId"), first.hits[0].url.searchParams.get("tabId"));
});

test("lines that waited go out under the code they were gathered under", async () => {
  const browser = Object.assign(createBrowser({ cookies }), { offline: true });
  browser.load(sameOrigin);
  await browser.advance(500);

  browser.offline = false;
  browser.run(`Kameleoon.API.Visitor.setVisitorCode("B")`);
  await browser.advance(1000);

  const [failed, ...sent] = browser.hits;
  assert.deepEqual(sent.map((hit) => hit.visitorCode), ["abc", "B"]);
  assert.deepEqual(sent[0].lines, failed.lines);
});

test("on another origin an answer that says failure is heard, and the lines wait", async () => {
  const browser = Object.assign(createBrowser({ cookies }), { status: 503 });

  browser.load();
  await browser.advance(500);

  const { method, mode, credentials } = browser.hits[0].init;
  assert.deepEqual({ method, mode, credentials }, { method: "POST", mode: "cors", credentials: "omit" });
  assert.equal(JSON.parse(browser.window.sessionStorage.getItem(pendingKey))[0].lines.length, 2);
});

test("another origin without CORS headers gets the same lines once more, and from then on no question", async () => {
  const browser = Object.assign(createBrowser({ cookies }), { refusesCors: true, status: 0 });

  browser.load();
  await browser.advance(500);
  browser.run("Kameleoon.API.Goals.processConversion(1)");
  await browser.advance(500);

  assert.deepEqual(browser.hits.map((hit) => hit.init.mode), ["cors", "no-cors", "no-cors"]);
  assert.deepEqual(browser.hits[1].lines, browser.hits[0].lines);
  assert.deepEqual(browser.hits.map((hit) => hit.init.credentials), ["omit", "omit", "omit"]);
  assert.equal(browser.window.sessionStorage.getItem(pendingKey), null);
});

test("without a network another origin is not taken for one without CORS headers", async () => {
  const browser = Object.assign(createBrowser({ cookies }), { offline: true });
  browser.load();
  await browser.advance(500);

  Object.assign(browser, { offline: false, status: 204 });
  browser.run("Kameleoon.API.Goals.processConversion(1)");
  await browser.advance(1000);

  assert.deepEqual(browser.hits.map((hit) => hit.init.mode), ["cors", "no-cors", "cors"]);
  assert.deepEqual(browser.hits[2].lines.slice(0, -1), browser.hits[0].lines);
});

test("an endpoint that keeps failing is asked less and less often, until it answers", async () => {
  const browser = Object.assign(createBrowser({ cookies }), { status: 503 });
  browser.load(sameOrigin);
  const times = [];
  for (let second = 0; second < 400; second++) {
    const before = browser.hits.length;
    browser.run("Kameleoon.API.Goals.processConversion(1)");
    await browser.advance(500);
    await browser.advance(500);
    times.push(...Array(browser.hits.length - before).fill(second));
  }

  assert.deepEqual(times, [0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363]);
  browser.status = 204;
  await browser.advance(60_000);
  browser.run("Kameleoon.API.Goals.processConversion(1)");
  await browser.advance(500);
  assert.equal(browser.linesOf("conversion").length > 400, true);
});

test("what waits leaves the page most of its storage: the oldest lines go, and the console says so", async () => {
  const browser = Object.assign(createBrowser({ cookies }), { status: 503 });
  browser.load(sameOrigin);

  for (let i = 0; i < 20; i++) {
    browser.run(`for (let i = 0; i < 50; i++) Kameleoon.API.Data.setCustomData(${i}, String(i).padEnd(1000, "x"));`);
    await browser.advance(60_000);
  }

  const kept = browser.window.sessionStorage.getItem(pendingKey);
  assert.ok(kept.length <= 500_000 && kept.length > 400_000);
  assert.match(kept, /index=19&/);
  assert.doesNotMatch(kept, /index=1&/);
  assert.equal(browser.warnings.filter((text) => text.includes("the oldest are dropped")).length, 1);
});

test("an event that cannot be read is dropped alone", async () => {
  const browser = createBrowser({ cookies });
  Object.defineProperty(browser.window, "innerWidth", {
    get() {
      throw new Error("hidden");
    },
  });
  browser.document.title = { toString: () => "an element" };
  browser.load();

  await browser.advance(500);

  assert.deepEqual(browser.lines().map((line) => line.split("&")[0]), ["eventType=page"]);
  assert.match(browser.lines()[0], /title=an%20element/);
  assert.match(browser.warnings.join(), /an event of the type staticData failed/);
});

test("on the page's own origin the answer is checked", async () => {
  const browser = Object.assign(createBrowser({ cookies }), { status: 403 });

  browser.load(sameOrigin);
  await browser.advance(500);

  assert.equal(browser.hits[0].url.origin + browser.hits[0].url.pathname, "https://www.shop.test/data/visit/events");
  assert.equal(browser.hits[0].init.mode, "same-origin");
  assert.match(browser.warnings.join(), /refused events with status 403/);
  assert.equal(browser.window.sessionStorage.getItem(pendingKey), null);
});

test("leaving the page sends what is gathered at once, and only once", () => {
  const browser = createBrowser({ cookies });
  browser.load();

  browser.hide();

  assert.equal(browser.hits.length, 1);
  const { keepalive, mode, credentials } = browser.hits[0].init;
  assert.deepEqual({ keepalive, mode, credentials }, { keepalive: true, mode: "no-cors", credentials: "omit" });
});

test("a beacon takes over when the request is refused, and the tab when both are", () => {
  const beacon = Object.assign(createBrowser({ cookies }), { refusesFetch: true });
  beacon.load();
  beacon.hide();
  const neither = Object.assign(createBrowser({ cookies }), { refusesFetch: true, acceptsBeacons: false });
  neither.load();
  neither.hide();

  assert.equal(beacon.hits[0].init.beacon, true);
  assert.equal(neither.hits.length, 0);
  assert.equal(JSON.parse(neither.window.sessionStorage.getItem(pendingKey))[0].lines.length, 2);
});

test("bodies stay below what browsers accept from a page that is left", () => {
  const browser = createBrowser({ cookies });
  browser.load();

  browser.run(`for (let i = 0; i < 100; i++) Kameleoon.API.Data.setCustomData(1, String(i).padEnd(1000, "x"));`);
  browser.hide();

  assert.equal(browser.lines().length, 102);
  assert.equal(browser.hits.length, 2);
  assert.ok(browser.hits.every((hit) => hit.body.length <= 60_000));
  assert.deepEqual(browser.hits.map((hit) => hit.init.beacon === true), [false, true]);
});

test("nothing is sent when nothing happened", async () => {
  const browser = createBrowser({ cookies });
  browser.load();
  await browser.advance(500);

  await browser.advance(60_000);
  browser.hide();

  assert.equal(browser.hits.length, 1);
});

test("the flush interval is the configuration's", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ flushMs: 50 });

  await browser.advance(50);

  assert.equal(browser.hits.length, 1);
});

test("no handler keeps the page out of the browser's page cache", () => {
  const browser = createBrowser({ cookies });
  const types = [];
  for (const target of [browser.window, browser.document]) {
    const add = target.addEventListener;
    target.addEventListener = (type, ...rest) => (types.push(type), add(type, ...rest));
  }

  browser.load();

  assert.ok(types.includes("pagehide"));
  assert.ok(!types.some((type) => /unload/.test(type)));
});
