import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser, withoutNonce } from "./browser.mjs";

/** What the server writes into the page. */
const trackingCode = (experimentId, variationId, trackingOnly = true) =>
  "window.kameleoonQueue=window.kameleoonQueue||[];" +
  `window.kameleoonQueue.push(['Experiments.assignVariation',${experimentId},${variationId},true]);` +
  `window.kameleoonQueue.push(['Experiments.trigger',${experimentId},${trackingOnly}]);`;

const storedAs = (variation) => ({
  local: { "kameleoonExperiment-100": JSON.stringify({ value: `${variation}/1`, expirationDate: 9e15 }) },
});

const exposures = async (browser) => {
  await browser.advance(500);
  return browser.linesOf("experiment").map(withoutNonce);
};

// T-HYB-1
test("a known experiment is reported with the server's ids and stored for thirty days", async () => {
  const browser = createBrowser();
  browser.run(trackingCode(100, 2));

  browser.load();

  assert.deepEqual(await exposures(browser), ["eventType=experiment&id=100&variationId=2"]);
  const stored = JSON.parse(browser.window.localStorage.getItem("kameleoonExperiment-100"));
  assert.equal(stored.value, `2/${Date.UTC(2026, 0, 1)}`);
  assert.equal(stored.expirationDate, Date.UTC(2026, 0, 31));
});

// T-HYB-3
test("an unknown experiment is reported and nothing is stored", async () => {
  const browser = createBrowser();
  browser.run(trackingCode(999, 7));

  browser.load();

  assert.deepEqual(await exposures(browser), ["eventType=experiment&id=999&variationId=7"]);
  assert.equal(browser.window.localStorage.getItem("kameleoonExperiment-999"), null);
});

for (const id of [100, 999]) {
  // T-HYB-7
  test(`the tracking code of experiment ${id} rendered twice gives one exposure`, async () => {
    const browser = createBrowser();
    browser.run(trackingCode(id, 1) + trackingCode(id, 1));

    browser.load();
    browser.run(trackingCode(id, 1));

    assert.equal((await exposures(browser)).length, 1);
  });

  // T-QUEUE-4
  test(`the tracking code of experiment ${id} gives the same bytes before and after the engine`, async () => {
    const before = createBrowser();
    before.run(trackingCode(id, 1));
    before.load();
    const after = createBrowser();
    after.load();
    after.run(trackingCode(id, 1));

    assert.deepEqual(await exposures(before), await exposures(after));
  });
}

// T-HYB-4
test("with override the server's variation replaces the stored one", async () => {
  const browser = createBrowser(storedAs(1));
  browser.run(trackingCode(100, 2));

  browser.load();

  assert.deepEqual(await exposures(browser), ["eventType=experiment&id=100&variationId=2"]);
  assert.match(browser.stored("kameleoonExperiment-100"), /^2\//);
});

// T-HYB-4
test("without override the stored variation is kept and reported", async () => {
  const browser = createBrowser(storedAs(1));
  browser.run(`var kameleoonQueue = [["Experiments.assignVariation", 100, 2], ["Experiments.trigger", 100, true]];`);

  browser.load();

  assert.deepEqual(await exposures(browser), ["eventType=experiment&id=100&variationId=1"]);
});

test("an expired assignment is removed at the start and counts as none", async () => {
  const expired = JSON.stringify({ value: "1/1", expirationDate: Date.UTC(2025, 11, 31) });
  const browser = createBrowser({ local: { "kameleoonExperiment-100": expired } });
  browser.run(`var kameleoonQueue = [["Experiments.trigger", 100, true]];`);

  browser.load();

  assert.deepEqual(await exposures(browser), []);
  assert.equal(browser.window.localStorage.getItem("kameleoonExperiment-100"), null);
});

test("a visitor kept out of the traffic is not exposed", async () => {
  const browser = createBrowser(storedAs(null));
  browser.run(`var kameleoonQueue = [["Experiments.assignVariation", 100, 2], ["Experiments.trigger", 100, true]];`);

  browser.load();

  assert.deepEqual(await exposures(browser), []);
});

test("an unknown experiment is silent without an assignment, or when its code should run", async () => {
  const browser = createBrowser();
  browser.run(`var kameleoonQueue = [["Experiments.trigger", 998, true]];` + trackingCode(999, 7, false));

  browser.load();

  assert.deepEqual(await exposures(browser), []);
});

test("tracking alone announces no campaign event; running the variation does, once", async () => {
  const silent = createBrowser();
  silent.run(trackingCode(100, 1, true));
  silent.load();
  const loud = createBrowser();
  loud.run(trackingCode(100, 1, false) + trackingCode(100, 1, false));
  loud.load();

  assert.ok(!silent.names().some((name) => name.startsWith("Experiment")));
  assert.deepEqual(loud.names().filter((name) => name.startsWith("Experiment")), [
    "ExperimentTriggered",
    "ExperimentActivated",
  ]);
  assert.equal(loud.detailOf("ExperimentActivated").experiment.associatedVariation.name, "One");
  assert.equal((await exposures(loud)).length, 1);
});

test("after a late code switch the new visitor can be exposed to the same experiment", async () => {
  const browser = createBrowser();
  browser.run(trackingCode(100, 1));
  browser.load();

  browser.run(`Kameleoon.API.Visitor.setVisitorCode("B");` + trackingCode(100, 2));

  assert.deepEqual(await exposures(browser), [
    "eventType=experiment&id=100&variationId=1",
    "eventType=experiment&id=100&variationId=2",
  ]);
  assert.deepEqual(browser.hits.map((hit) => hit.visitorCode === "B"), [false, true]);
});

test("ids that are not ids are logged and nothing is reported", async () => {
  const browser = createBrowser();
  browser.run(`
    var kameleoonQueue = [["Experiments.assignVariation", "1;x", 2, true], ["Experiments.trigger", {}, true]];`);

  browser.load();

  assert.deepEqual(await exposures(browser), []);
  assert.equal(browser.warnings.length, 2);
});

// T-BFCACHE
test("a page restored from the browser's cache is a new view without a new exposure", async () => {
  const browser = createBrowser();
  browser.run(trackingCode(100, 1));
  browser.load();
  browser.hide();

  browser.window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));

  assert.equal((await exposures(browser)).length, 1);
  assert.equal(browser.linesOf("page").length, 2);
  assert.equal(browser.names().filter((name) => name === "Started").length, 1);
});

test("with a full storage the page knows the server's decision, and an earlier one does not come back", async () => {
  const browser = createBrowser(storedAs(1));
  browser.window.localStorage.constructor.prototype.setItem = () => {
    throw new Error("QuotaExceededError");
  };
  browser.run(trackingCode(100, 2));

  browser.load();

  assert.deepEqual(await exposures(browser), ["eventType=experiment&id=100&variationId=2"]);
  assert.equal(browser.window.Kameleoon.API.Experiments.getById(100).associatedVariation.id, 2);
  assert.match(browser.warnings.join(), /storage is full/);
});
