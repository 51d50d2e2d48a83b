import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser, settled } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];

// TRACK-17
test("an event after half an hour of silence begins a new visit, with its page first", async () => {
  const browser = createBrowser({ cookies });
  browser.load();
  await browser.advance(31 * 60_000);

  browser.run("Kameleoon.API.Goals.processConversion(1)");
  await browser.advance(500);

  assert.deepEqual(
    browser.hits[1].lines.map((line) => line.split("&")[0]),
    ["eventType=page", "eventType=staticData", "eventType=conversion"],
  );
  assert.match(browser.linesOf("staticData")[1], /visitNumber=2/);
});

// TRACK-17
test("leaving a page long after the last event does not prolong the visit", async () => {
  const first = createBrowser({ cookies });
  first.load();
  await first.advance(180 * 60_000);
  first.hide();
  await settled();

  const second = createBrowser({ cookies, local: { ...first.window.localStorage } });
  second.clock.advance(181 * 60_000);
  second.load();
  await second.advance(500);

  assert.match(second.linesOf("staticData")[0], /visitNumber=2/);
});

for (const [what, code, noted] of [
  ["a conversion", "Kameleoon.API.Goals.processConversion(1)", "conversions"],
  ["custom data", `Kameleoon.API.Data.setCustomData(3, "gold")`, "customData"],
  [
    "an exposure",
    `kameleoonQueue.push(["Experiments.assignVariation", 100, 2], ["Experiments.trigger", 100, true])`,
    "experiments",
  ],
  ["a blocked experiment", "Kameleoon.API.Experiments.block(100, true)", "reported"],
  ["a personalization", "Kameleoon.API.Personalizations.trigger(5)", "personalizations"],
]) {
  // TRACK-17
  test(`${what} after half an hour of silence is noted in the new visit`, async () => {
    const browser = createBrowser({ cookies });
    browser.load({ personalizations: [{ id: 5, name: "P", segmentId: 99, variation: { id: 6, name: "V" } }] });
    await browser.advance(31 * 60_000);

    browser.run(code);
    await browser.advance(500);

    const counts = browser.stored("kameleoonData").visits.map((visit) => Object.keys(visit[noted]).length);
    assert.deepEqual(counts, [0, 1]);
  });
}

test("a goal of time is not reached while nobody is there", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ goals: [{ id: 7, name: "An hour", type: "TIME_SPENT", threshold: 3600 }] });

  await browser.advance(2 * 3_600_000);

  assert.deepEqual(browser.linesOf("conversion"), []);
  assert.equal(browser.stored("kameleoonData").count, 1);
});

test("a site that empties the browser's storage at a sign-in keeps the visits of its visitor", async () => {
  const browser = createBrowser({ cookies });
  browser.load();
  await browser.advance(500);

  browser.window.localStorage.clear();
  browser.run(`Kameleoon.API.Visitor.setVisitorCode("customer")`);
  browser.run("Kameleoon.API.Goals.processConversion(1)");
  await browser.advance(500);

  const { code, count, visits } = browser.stored("kameleoonData");
  assert.deepEqual([code, count, visits.map(({ conversions }) => conversions)], ["customer", 1, [{ 1: 1 }]]);
});
