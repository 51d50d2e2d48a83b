import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, createBrowser } from "./browser.mjs";

test("the current visit can be read", async () => {
  const browser = createBrowser({ document: { referrer: "https://search.test/?q=lamp" } });
  browser.load({ goals: [{ id: 7, name: "Basket" }], customData: [{ index: 3, name: "Plan" }] });

  browser.run(`
    Kameleoon.API.Goals.processConversion("Basket");
    Kameleoon.API.Data.setCustomData("Plan", "gold");
    Kameleoon.API.Experiments.assignVariation(100, 1, true);
    Kameleoon.API.Experiments.trigger(100, true);`);

  const { CurrentVisit, Visitor, Experiments } = browser.window.Kameleoon.API;
  assert.deepEqual(
    [CurrentVisit.index, CurrentVisit.pageViews, CurrentVisit.acquisitionChannel, CurrentVisit.device],
    [1, 1, "search.test", "DESKTOP"],
  );
  assert.equal(CurrentVisit.landingPageURL, "https://www.shop.test/page?a=b");
  assert.equal(CurrentVisit.conversions[0].name, "Basket");
  assert.deepEqual([...CurrentVisit.customData.Plan], ["gold"]);
  assert.equal(CurrentVisit.activatedExperiments[0].id, 100);
  assert.equal(Experiments.getTriggeredInVisit().length, 1);
  assert.deepEqual([Visitor.visits.length, Visitor.previousVisit], [1, null]);
});

test("visits have the same shape, the current one and those before", async () => {
  const configuration = { customData: [{ index: 3, name: "Plan" }], personalizations: [{ id: 5, name: "Banner" }] };
  const first = createBrowser();
  first.load(configuration);
  first.run(`
    Kameleoon.API.Data.setCustomData("Plan", "gold");
    Kameleoon.API.Experiments.assignVariation(100, 1, true);
    Kameleoon.API.Experiments.trigger(100, true);`);
  await first.advance(500);
  const second = createBrowser({ local: { ...first.window.localStorage }, cookies: first.jar.cookies });
  second.clock.advance(3_600_000);

  second.load(configuration);

  const [before] = second.window.Kameleoon.API.Visitor.visits;
  assert.deepEqual([...before.customData.Plan], ["gold"]);
  assert.equal(before.activatedExperiments[0].associatedVariation.name, "One");
  assert.equal(before.activatedPersonalizations[0].priority, null);
  assert.equal(first.window.Kameleoon.API.CurrentVisit.activatedExperiments[0].triggered, true);
});

test("before the start the visitor has nothing but the method that says who it is", () => {
  const browser = createBrowser();
  browser.run(`var seen; var kameleoonQueue = [{ level: "IMMEDIATE", command: () => {
    seen = Object.keys(Kameleoon.API.Visitor).join();
    Kameleoon.API.Visitor.setVisitorCode("imposed");
  } }];`);

  browser.load();

  assert.equal(browser.window.seen, "setVisitorCode");
  assert.equal(browser.window.Kameleoon.API.Visitor.code, "imposed");
  assert.equal(browser.window.Kameleoon.API.Visitor.numberOfVisits, 1);
});

test("data is kept for an hour, or for thirty days when it is persistent", () => {
  const browser = createBrowser();
  browser.load();

  browser.run(`
    Kameleoon.API.Data.writeLocalData("short", { a: 1 });
    Kameleoon.API.Data.writeLocalData("long", 2, true);`);
  const { Data } = browser.window.Kameleoon.API;
  assert.equal(Data.readLocalData("short").a, 1);
  browser.clock.advance(61 * 60_000);

  assert.deepEqual([Data.readLocalData("short"), Data.readLocalData("long")], [null, 2]);
});

test("data of the platform is handed over", async () => {
  const browser = createBrowser();
  browser.answers["/map/map"] = answer({ tier: "gold" });
  browser.answers["/map/maps"] = answer({ a: {}, b: {} });
  browser.load();

  browser.run(`
    var got = [];
    Kameleoon.API.Data.retrieveDataFromRemoteSource("some key", (data) => got.push(data));
    Kameleoon.API.Data.retrieveDataFromRemoteSource(["a", "b"], (data) => got.push(data));`);
  await browser.advance(0);

  assert.equal(browser.window.got[0].tier, "gold");
  assert.deepEqual(Object.keys(browser.window.got[1]), ["a", "b"]);
  assert.equal(browser.files[0].searchParams.get("key"), "some key");
  assert.equal(browser.files[1].searchParams.get("keys"), '["a","b"]');
});
