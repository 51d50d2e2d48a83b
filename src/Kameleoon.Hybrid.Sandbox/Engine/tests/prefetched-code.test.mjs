import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";
import { campaignEvents, cookies, stored, tree, variation, web } from "./campaign-samples.mjs";

// T-DELAY
test("the code of a delayed variation comes after the page, and the reference needs none", async () => {
  const resourceUrl = "https://files.test";
  const open = (id) => {
    const browser = createBrowser({ cookies, document: { readyState: "interactive" } });
    browser.served[`/experiments/1/variations/2.js`] = [
      "experiments/1/variations/2",
      {
        id: 2,
        name: "V2",
        js: () => {
          ran = true;
        },
      },
    ];
    browser.run("var ran = false;");
    browser.load({ resourceUrl, experiments: [web(1, [variation(id, 1)], { tags: ["DELAYED"] })] });
    return browser;
  };

  const browser = open(2);
  await browser.advance(1000);
  assert.deepEqual([browser.files.length, browser.window.ran], [0, false]);
  browser.window.dispatchEvent(new Event("load"));
  await browser.advance(0);
  await browser.advance(0);
  const reference = open(0);
  reference.window.dispatchEvent(new Event("load"));
  await reference.advance(20_000);

  assert.equal(browser.window.ran, true);
  assert.deepEqual(campaignEvents(browser), ["ExperimentTriggered", "ExperimentActivated"]);
  assert.equal(reference.files.length, 0);
});

// T-DELAY
test("ten idle seconds after the page its code is fetched ahead of its need", async () => {
  const browser = createBrowser({ cookies });
  browser.served[`/experiments/1/variations/2.js`] = [
    "experiments/1/variations/2",
    {
      id: 2,
      name: "V2",
      js: () => {
        ran = true;
      },
    },
  ];
  browser.run("var ran = false;");
  browser.load({
    resourceUrl: "https://files.test",
    segments: [{ id: 7, name: "Event", conditionsData: tree({ targetingType: "EVENT", event: "opened" }) }],
    experiments: [web(1, [variation(2, 1)], { tags: ["DELAYED"], segmentId: 7 })],
  });

  await browser.advance(9_000);
  assert.equal(browser.files.length, 0);
  await browser.advance(1_000);
  assert.deepEqual([browser.files.length, browser.window.ran], [1, false]);
  browser.run(`Kameleoon.API.Events.trigger("opened");`);
  await browser.advance(0);

  assert.deepEqual([browser.files.length, browser.window.ran], [1, true]);
});

// T-DELAY
test("stored variations and personalizations that are not kept back are fetched ahead", async () => {
  const browser = createBrowser({ cookies, local: stored(1, "3/1") });
  const undecided = tree({ targetingType: "EVENT", event: "never" });
  const delayed = { tags: ["DELAYED"], segmentId: 7 };
  browser.load({
    resourceUrl: "https://files.test",
    segments: [{ id: 7, name: "Event", conditionsData: undecided }],
    experiments: [web(1, [variation(2, 1), variation(3, 0)], delayed)],
    personalizations: [5, 6].map((id) => ({ id, name: `P${id}`, variation: { id: id + 100, name: "V" }, ...delayed })),
  });
  browser.run("Kameleoon.API.Personalizations.block(6)");

  await browser.advance(10_000);

  assert.deepEqual(browser.files.map((url) => url.pathname), [
    "/experiments/1/variations/3.js",
    "/personalizations/5/variations/105.js",
  ]);
});
