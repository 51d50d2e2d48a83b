import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";

const aborted = [
  ["STORAGE", { refuseStorage: true }, {}],
  ["PRERENDER", { document: { prerendering: true } }, {}],
  ["PRERENDER", { document: { visibilityState: "prerender" } }, {}],
  ["PARAMETER", { url: "https://shop.test/?a=1&kameleoonDisabled" }, {}],
  ["PARAMETER", { url: "https://shop.test/?KAMELEOONDISABLED=True" }, {}],
  ["PARAMETER", { url: "https://shop.test/#/route?kameleoonDisabled=true" }, {}],
  ["DISABLED", {}, { disabled: true }],
];

for (const [reason, options, changes] of aborted) {
  const cause = JSON.stringify({ ...options, ...changes });
  test(`T-${reason} aborts after Loaded and leaves no trace (${cause})`, async () => {
    const browser = createBrowser(options);
    browser.run(`var kameleoonQueue = [["Goals.processConversion", 1]];`);

    browser.load(changes);
    browser.run(`Kameleoon.API.Experiments.assignVariation(100, 1, true);`);
    await browser.advance(60_000);
    browser.window.dispatchEvent(new Event("pagehide"));

    assert.deepEqual(browser.names().filter((name) => !/Internals|pagehide/.test(name)), ["Loaded", "Aborted"]);
    assert.equal(browser.detailOf("Aborted").reason, reason);
    assert.deepEqual([browser.hits.length, browser.jar.writes.length], [0, 0]);
    assert.ok(reason === "STORAGE" || Object.keys(browser.window.localStorage).length === 0);
    assert.equal(browser.window.Kameleoon.Internals.runtime.abortReason, reason);
  });
}

test("the parameter with the value false does not abort", () => {
  const browser = createBrowser({ url: "https://shop.test/?kameleoonDisabled=false" });

  browser.load();

  assert.ok(browser.names().includes("Started"));
});

// T-HYB-9
test("a prerendered page is tracked when it is shown, once", async () => {
  const browser = createBrowser({ document: { prerendering: true, visibilityState: "hidden" } });
  browser.run(`
    var kameleoonQueue = [["Experiments.assignVariation", 100, 1, true], ["Experiments.trigger", 100, true]];`);
  browser.load();

  Object.assign(browser.document, { prerendering: false, visibilityState: "visible" });
  browser.document.dispatchEvent(new Event("visibilitychange"));
  browser.document.dispatchEvent(new Event("prerenderingchange"));
  browser.document.dispatchEvent(new Event("prerenderingchange"));
  await browser.advance(500);

  assert.equal(browser.linesOf("experiment").length, 1);
  assert.equal(browser.linesOf("page").length, 1);
});

// T-LOAD-1
test("a second copy of the file warns and does nothing", async () => {
  const browser = createBrowser();
  browser.load();
  const first = browser.window.Kameleoon;

  browser.load({ siteCode: "other" });
  await browser.advance(500);

  assert.equal(browser.window.Kameleoon, first);
  assert.equal(browser.linesOf("page").length, 1);
  assert.match(browser.warnings.join(), /twice/);
});

test("an aborted page can be loaded again by hand, and what waited then runs", async () => {
  const browser = createBrowser({ url: "https://shop.test/?kameleoonDisabled" });
  browser.run(`var kameleoonQueue = [["Goals.processConversion", 1]];`);
  browser.load();

  browser.window.location.search = "";
  browser.run("Kameleoon.API.Core.load()");
  await browser.advance(500);

  assert.equal(browser.linesOf("conversion").length, 1);
});

test("loading again is a new view with a fresh exposure, and leaves no timer behind", async () => {
  const browser = createBrowser();
  browser.load();
  const timers = browser.clock.pending;
  const report = "kameleoonQueue.push(['Experiments.assignVariation',9,1],['Experiments.trigger',9,true]);";
  browser.run(report);

  browser.run(`Kameleoon.Analyst.load(); ${report}`);

  assert.equal(browser.clock.pending, timers);
  await browser.advance(500);
  assert.equal(browser.linesOf("page").length, 2);
  assert.equal(browser.linesOf("experiment").length, 2);
});

test("what waits for long leaves nothing behind: no timer that is over is cleared at the end of the view", async () => {
  const browser = createBrowser();
  const { clearTimeout } = browser.window;
  let cleared = 0;
  browser.window.clearTimeout = (timer) => (cleared++, clearTimeout(timer));
  const conditions = [{ targetingType: "EVENT", event: "never" }];
  const segments = [{ id: 7, name: "Undecided", conditionsData: { firstLevel: [{ conditions }] } }];
  browser.load({ segments });
  browser.run("for (let i = 0; i < 100; i++) Kameleoon.API.Utils.setTimeout(() => undefined, i);");
  await browser.advance(600_000);

  cleared = 0;
  browser.run("Kameleoon.API.Core.load()");

  assert.ok(cleared < 10, `${cleared} timers`);
});

test("load() called while loading is ignored", () => {
  const browser = createBrowser();
  browser.run(`addEventListener("Kameleoon::Loaded", () => Kameleoon.API.Core.load());`);

  browser.load();

  assert.equal(browser.names().filter((name) => name === "Loaded").length, 1);
});

// T-LOAD-3
test("the anti-flicker rule is released once, before Loaded, and its timer stopped", () => {
  const browser = createBrowser();
  browser.run(`
    var log = [];
    var kameleoonStartLoadTime = Date.now() - 30;
    var kameleoonDisplayPageTimeOut = setTimeout(() => log.push("timer"), 750);
    window.kameleoonDisplayPage = (byEngine) => log.push("shown by engine: " + byEngine);
    addEventListener("Kameleoon::Loaded", (event) => log.push("Loaded after " + event.detail.loadTime));`);

  browser.load({ disabled: true });
  browser.clock.advance(1000);

  assert.deepEqual([...browser.window.log], ["shown by engine: true", "Loaded after 30"]);
  assert.equal(browser.window.kameleoonDisplayPage, null);
  assert.equal(browser.window.kameleoonEndLoadTime, browser.window.KameleoonEndLoadTime);
});

test("Started tells whether the visitor is new", () => {
  const first = createBrowser();
  first.load();
  const second = createBrowser({ local: { ...first.window.localStorage }, cookies: first.jar.cookies });
  second.load();

  assert.equal(first.detailOf("Started").newVisitorCode, true);
  assert.equal(second.detailOf("Started").newVisitorCode, false);
  assert.equal(typeof second.detailOf("Started").time, "number");
});

test("a configuration without a site code is reported and breaks nothing", () => {
  const browser = createBrowser();

  browser.load({ siteCode: null });

  assert.equal(browser.window.Kameleoon, undefined);
  assert.match(browser.warnings.join(), /could not start/);
});
