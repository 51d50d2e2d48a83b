import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const pendingKey = "kameleoonRequestEvents";
const sameOrigin = { dataUrl: "/data/" };

for (const [what, changes] of [["the network fails", { offline: true }], ["the server fails", { status: 503 }]]) {
  test(`when ${what} the lines wait in the tab and the next flush carries them with their nonces`, async () => {
    const browser = Object.assign(createBrowser({ cookies }), changes);
    browser.load(sameOrigin);
    await browser.advance(500);
    const failed = browser.hits[0].lines;
    assert.equal(browser.window.sessionStorage.getItem(pendingKey) === null, false);

    Object.assign(browser, { offline: false, status: 204 });
    browser.run("Kameleoon.API.Goals.processConversion(1)");
    await browser.advance(500);

    assert.equal(browser.hits.length, 2);
    assert.match(browser.hits[1].lines[0], /^eventType=conversion/);
    assert.deepEqual(browser.hits[1].lines.slice(1), failed);
    assert.equal(browser.window.sessionStorage.getItem(pendingKey), null);
  });
}

test("the next page of the tab carries the lines of the previous one", async () => {
  const first = Object.assign(createBrowser({ cookies }), { offline: true });
  first.load();
  await first.advance(500);
  const second = createBrowser({ cookies, tab: { ...first.window.sessionStorage } });

  second.load();
  await second.advance(500);

  assert.match(second.hits[0].lines[0], /^eventType=page/);
  assert.deepEqual(second.hits[0].lines.slice(2), first.hits[0].lines);
  assert.equal(second.hits[0].url.searchParams.get("tabId"), first.hits[0].url.searchParams.get("tabId"));
});

test("lines that waited go out under the code they were gathered under", async () => {
  const browser = Object.assign(createBrowser({ cookies }), { offline: true });
  browser.load();
  await browser.advance(500);

  browser.offline = false;
  browser.run(`Kameleoon.API.Visitor.setVisitorCode("B")`);
  await browser.advance(500);

  const [failed, ...sent] = browser.hits;
  assert.deepEqual(sent.map((hit) => hit.visitorCode), ["B", "abc"]);
  assert.deepEqual(sent[1].lines, failed.lines);
});

test("on another origin the answer is opaque on purpose and never a reason to send again", async () => {
  const browser = Object.assign(createBrowser({ cookies }), { status: 0 });

  browser.load();
  await browser.advance(500);

  const { method, mode, credentials } = browser.hits[0].init;
  assert.deepEqual({ method, mode, credentials }, { method: "POST", mode: "no-cors", credentials: "omit" });
  assert.equal(browser.window.sessionStorage.getItem(pendingKey), null);
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
