import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { createBrowser } from "./browser.mjs";

test("the file has one token, no evaluation of text and stays within its budget", () => {
  const file = readFileSync(new URL("../engine.js", import.meta.url), "utf8");

  assert.equal(file.split("__KAMELEOON_CONFIGURATION__").length, 2);
  assert.doesNotMatch(file, /\beval\(|new Function|\r|innerHTML/);
  assert.ok(Buffer.byteLength(file) < 64_000);
  assert.ok(gzipSync(file, { level: 9 }).length < 24_000);
});

test("the configuration can be read back, with its defaults", () => {
  const browser = createBrowser();

  browser.load({ generatedAt: "2026-11-22T00:00:00Z", goals: [{ id: 1, name: "G" }] });

  const { API, Internals } = browser.window.Kameleoon;
  assert.equal(Internals.configuration.flushMs, 500);
  assert.equal(Internals.runtime.phase, "started");
  assert.deepEqual(JSON.parse(JSON.stringify(API.Core.getConfiguration())), {
    siteCode: "site1",
    singlePageSupport: false,
    goals: [{ id: 1, name: "G" }],
    generationTime: "2026-11-22T00:00:00Z",
  });
});

test("an experiment is found by id and by name", () => {
  const browser = createBrowser();
  browser.run(`
    var kameleoonQueue = [["Experiments.assignVariation", 100, 2, true], ["Experiments.trigger", 100, true]];`);

  browser.load();

  const { Experiments } = browser.window.Kameleoon.API;
  assert.equal(Experiments.getById("100").associatedVariation.id, 2);
  assert.equal(Experiments.getByName("Known").triggered, true);
  assert.equal(Experiments.getById(5), null);
  assert.equal(Experiments.getAll().length, 1);
});

test("a callback waits for its condition, and runs at once when it already holds", () => {
  const browser = createBrowser();
  browser.run(`var log = []; var ready = false;`);
  browser.load();

  browser.run(`
    Kameleoon.API.Core.runWhenConditionTrue(() => true, () => log.push("now"));
    Kameleoon.API.Core.runWhenConditionTrue(() => ready, () => log.push("later"));
    Kameleoon.API.Core.runWhenConditionTrue(() => missing.member, () => log.push("never"));`);
  browser.clock.advance(1000);
  assert.deepEqual([...browser.window.log], ["now"]);
  browser.window.ready = true;
  browser.clock.advance(1000);

  assert.deepEqual([...browser.window.log], ["now", "later"]);
});

test("what belongs to add-ons says so once and gives a neutral value", () => {
  const browser = createBrowser();
  browser.load();

  browser.run(`
    Kameleoon.API.Products.trackProductView(1);
    Kameleoon.API.Products.trackProductView(2);
    kameleoonQueue.push(["Tracking.processOmniture", {}]);
    var product = Kameleoon.API.Products.obtainProductData(1);`);

  assert.equal(browser.warnings.filter((text) => text.includes("trackProductView")).length, 1);
  assert.equal(browser.window.product, undefined);
});

test("every documented method and property exists", () => {
  const browser = createBrowser();
  browser.load();
  const { API } = browser.window.Kameleoon;
  const campaigns = "getAll getById getByName trigger";
  const documented = {
    Core: "enableLegalConsent disableLegalConsent load getConfiguration runWhenConditionTrue runWhenElementPresent " +
      "runWhenShadowRootElementPresent enableSinglePageSupport enableDynamicRefresh processRedirect",
    Visitor: "setVisitorCode visits numberOfVisits firstVisitStartDate currentVisit previousVisit customData code " +
      "experimentLegalConsent personalizationLegalConsent",
    CurrentVisit: "index startDate duration pageViews locale device geolocation activatedExperiments " +
      "activatedPersonalizations conversions customData acquisitionChannel landingPageURL",
    Experiments: `assignVariation block getActive getTriggeredInVisit getActivatedInVisit ${campaigns}`,
    Personalizations: `disable block getActive getTriggeredInVisit getActivatedInVisit ${campaigns}`,
    Variations: "execute",
    Segments: `reevaluate ${campaigns}`,
    Triggers: `reevaluate ${campaigns}`,
    Goals: "processConversion cancelConversion",
    Data: "setCustomData resetCustomData readLocalData writeLocalData retrieveDataFromRemoteSource " +
      "performRemoteSynchronization",
    Events: "trigger",
    Utils: "querySelectorAll addEventListener addUniversalClickListener setTimeout setInterval clearTimeout " +
      "clearInterval getURLParameters createHash performRequest",
    Tracking: "processOmniture",
  };

  const missing = Object.entries(documented).flatMap(([group, names]) =>
    names.split(" ").filter((name) => !(name in API[group])).map((name) => `${group}.${name}`));

  assert.deepEqual(missing, []);
});

test("the hash is SHA-256", () => {
  const browser = createBrowser();
  browser.load();

  for (const text of ["", "abc", "é".repeat(40), "x".repeat(200)]) {
    const expected = createHash("sha256").update(text).digest().readUInt32BE(0);
    assert.equal(browser.window.Kameleoon.API.Utils.createHash(text), expected);
  }
});

test("calls before the start wait for the visitor, in order", async () => {
  const browser = createBrowser({ document: { prerendering: true } });
  browser.load();

  browser.run(`
    Kameleoon.API.Experiments.assignVariation(999, 3, true);
    Kameleoon.API.Experiments.trigger(999, true);`);
  browser.document.prerendering = false;
  browser.document.dispatchEvent(new Event("prerenderingchange"));
  await browser.advance(500);

  assert.equal(browser.linesOf("experiment").length, 1);
});

test("the lower-case namespace works in the sandbox and says what to write", () => {
  const browser = createBrowser();
  browser.load();

  assert.equal(browser.window.kameleoon, browser.window.Kameleoon);
  assert.match(browser.warnings.join(), /the namespace is Kameleoon/);
});

test("a page that has a namespace of its own in lower case keeps it", () => {
  const before = createBrowser({ globals: { kameleoon: { mine: 1 } } });
  before.load();
  const after = createBrowser();
  after.load();

  after.run(`"use strict"; window.kameleoon = window.kameleoon || {}; window.kameleoon = { mine: 2 };`);

  assert.equal(before.window.kameleoon.mine, 1);
  assert.equal(after.window.kameleoon.mine, 2);
});

test("ten thousand different mistakes are not compared with each other", () => {
  const browser = createBrowser();
  browser.load({ goals: [{ id: 1, name: "Only" }] });

  browser.run(`
    var compared = 0;
    var includes = Array.prototype.includes;
    Array.prototype.includes = function (...values) { compared += this.length; return includes.apply(this, values); };
    for (let i = 0; i < 10000; i++) Kameleoon.API.Goals.processConversion("unknown " + i);`);

  assert.ok(browser.window.compared < 10_000);
  assert.equal(browser.warnings.length, 100);
});
