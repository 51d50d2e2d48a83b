import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";

test("the file has one token, no evaluation of text and stays within its budget", () => {
  const file = readFileSync(new URL("../engine.js", import.meta.url), "utf8");

  assert.equal(file.split("__KAMELEOON_CONFIGURATION__").length, 2);
  assert.doesNotMatch(file, /\beval\(|new Function|\r|innerHTML/);
  assert.ok(Buffer.byteLength(file) < 40_000);
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

test("what is not implemented says so once and gives a neutral value", () => {
  const browser = createBrowser();
  browser.load();

  browser.run(`
    Kameleoon.API.Core.enableLegalConsent("BOTH");
    Kameleoon.API.Core.enableLegalConsent("BOTH");
    Kameleoon.API.Segments.getAll().push("mine");
    var segments = Kameleoon.API.Segments.getAll().length;
    var visits = Kameleoon.API.Visitor.visits.length;
    var consent = Kameleoon.API.Visitor.experimentLegalConsent;`);

  assert.equal(browser.warnings.filter((text) => text.includes("enableLegalConsent")).length, 1);
  assert.deepEqual([browser.window.segments, browser.window.visits, browser.window.consent], [0, 0, null]);
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
