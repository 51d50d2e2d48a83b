import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";
import { cookies, linesOf, stored, variation, web } from "./campaign-samples.mjs";

// T-INT
test("an integration runs once, with the names", async () => {
  const browser = createBrowser({ cookies });
  browser.run(`
    var dataLayer = [];
    var kameleoonQueue = [["Experiments.assignVariation", 1, 2, true], ["Experiments.trigger", 1, true],
      ["Experiments.trigger", 1, true]];`);

  browser.load({
    integrations: {
      GA: (experimentID, experimentId, experimentName, p1, p2, p3, variationID, variationId, variationName) =>
        dataLayer.push([experimentID, experimentName, variationId, variationName]),
    },
    experiments: [{ ...web(1, [variation(2, null)]), kind: "feature", integrations: ["GA", "Missing"] }],
  });

  assert.deepEqual(JSON.parse(JSON.stringify(browser.window.dataLayer)), [[1, "E1", 2, "V2"]]);
  assert.match(browser.warnings.join(), /integration Missing/);
});

// T-INT
test("an integration waits for consent", () => {
  const browser = createBrowser({ cookies });
  browser.run("var ran = 0;");
  browser.load({
    consent: { abTesting: "REQUIRED" },
    integrations: {
      GA: () => {
        ran++;
      },
    },
    experiments: [web(1, [variation(2, 1)], { integrations: ["GA"] })],
  });
  assert.equal(browser.window.ran, 0);

  browser.run("Kameleoon.API.Core.enableLegalConsent()");

  assert.equal(browser.window.ran, 1);
});

const waitForTool = (experimentID) =>
  Kameleoon.API.Core.runWhenConditionTrue(() => window.tool, () => window.tool.push([experimentID, location.pathname]), 150);
const toolOf = (browser) => JSON.parse(JSON.stringify(browser.window.tool));

// T-INT
test("a tool that loads after the next view gets the exposures of both, each once", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    integrations: { late: (id) => Kameleoon.API.Core.runWhenConditionTrue(() => window.tool, () => window.tool.push(id), 150) },
    experiments: [
      web(1, [variation(2, 1)], { integrations: ["late"], segmentId: 8 }),
      web(3, [variation(4, 1)], { integrations: ["late"], segmentId: 9 }),
    ],
    segments: ["page", "next"].map((url, i) => ({
      id: 8 + i,
      name: url,
      conditionsData: { firstLevel: [{ conditions: [{ targetingType: "PAGE_URL", matchType: "CONTAINS", url }] }] },
    })),
  });
  browser.window.location.href = "https://www.shop.test/next";
  browser.run("Kameleoon.API.Core.load()");
  await browser.advance(2000);
  browser.run("var tool = [];");
  await browser.advance(2000);

  assert.deepEqual(toolOf(browser), [1, 3]);
});

// T-INT
test("an integration waits for its tool for five minutes", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ integrations: { late: waitForTool }, experiments: [web(1, [variation(2, 1)], { integrations: ["late"] })] });
  await browser.advance(301_000);
  browser.run("var tool = [];");
  await browser.advance(2000);

  assert.deepEqual(toolOf(browser), []);
});

// T-INT
test("a tool that loads after the visitor refused gets nothing", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ integrations: { late: waitForTool }, experiments: [web(1, [variation(2, 1)], { integrations: ["late"] })] });
  browser.run("Kameleoon.API.Core.disableLegalConsent(); var tool = [];");
  await browser.advance(2000);

  assert.deepEqual(toolOf(browser), []);
});

// T-INT
test("waits of the page itself end with the view", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ integrations: { late: waitForTool }, experiments: [web(1, [variation(2, 1)], { integrations: ["late"] })] });
  browser.run("Kameleoon.API.Core.runWhenConditionTrue(() => window.tool, () => window.tool.push('page'))");
  browser.run("Kameleoon.API.Core.load(); var tool = [];");
  await browser.advance(2000);

  assert.deepEqual(
    toolOf(browser).map(([id]) => id),
    [1, 1],
  );
});

// T-INT
test("consent given in the next view runs the integrations of the previous one", () => {
  const browser = createBrowser({ cookies });
  browser.run("var ran = [];");
  browser.load({
    consent: { abTesting: "REQUIRED" },
    integrations: { GA: (id) => void ran.push(id) },
    experiments: [{ ...web(1, [variation(2, null)]), kind: "feature", integrations: ["GA"] }],
  });
  browser.run(`Kameleoon.API.Experiments.assignVariation(1, 2, true); Kameleoon.API.Experiments.trigger(1, true);`);
  browser.run("Kameleoon.API.Core.load(); Kameleoon.API.Core.enableLegalConsent();");

  assert.deepEqual([...browser.window.ran], [1]);
});

// T-HOLD-1, T-HOLD-2
for (const [value, expected, step] of [
  ["0/1", ["id=9&variationId=0"], "holdout/included"],
  ["1/1", ["id=9&variationId=1", "id=1&variationId=2"], "holdout/allowed"],
]) {
  test(`a visitor with the holdout's variation ${value[0]} is exposed to ${expected.length} experiments`, async () => {
    const browser = createBrowser({ cookies, local: stored(9, value) });
    const holdout = { id: 9, name: "Holdout", kind: "holdout", variations: [variation(0, 0.5), variation(1, 0.5)] };

    browser.load({
      experiments: [web(1, [variation(2, 1)]), holdout],
      personalizations: [{ id: 5, name: "P", variation: variation(6) }],
    });
    browser.run("Kameleoon.API.Experiments.trigger(1); Kameleoon.API.Personalizations.trigger(5);");

    assert.deepEqual(
      await linesOf(browser, "experiment"),
      expected.map((line) => `eventType=experiment&${line}`),
    );
    assert.equal(browser.linesOf("personalization").length, expected.length - 1);
    assert.ok(browser.steps().includes(step));
  });
}

// T-HYB-14
test("a visitor the server held out is exposed to the holdout and to nothing else", async () => {
  const browser = createBrowser({ cookies });
  browser.run(`var kameleoonQueue = [["Experiments.assignVariation", 9, 8, true], ["Experiments.trigger", 9, true]];`);
  const holdout = {
    id: 9,
    name: "Holdout",
    kind: "holdout",
    variations: [{ id: 8, name: "in-holdout", share: 0 }, variation(7, 1)],
  };

  browser.load({ experiments: [holdout, web(1, [variation(2, 1)])] });

  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=9&variationId=8"]);
});

// T-HOLD-1
test("what the queue triggers does not run for a visitor who is held out", async () => {
  const browser = createBrowser({ cookies });
  browser.run(`var kameleoonQueue = [["Experiments.trigger", 1, false], ["Personalizations.trigger", 5]];`);

  browser.load({
    experiments: [
      { id: 9, name: "Holdout", kind: "holdout", variations: [{ id: 8, name: "in-holdout", share: 1 }] },
      web(1, [variation(2, 1)]),
    ],
    personalizations: [{ id: 5, name: "P", variation: variation(6) }],
  });

  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=9&variationId=8"]);
  assert.deepEqual(browser.linesOf("personalization"), []);
});

test("a blocked experiment does not run, on this page or for the visit", async () => {
  const experiments = [web(1, [variation(2, 1)]), web(3, [variation(4, 1)])];
  const first = createBrowser({ cookies });
  first.run(`var kameleoonQueue = [["Experiments.block", 1], ["Experiments.block", 3, true]];`);
  first.load({ experiments });
  await first.advance(500);
  const second = createBrowser({ cookies, local: { ...first.window.localStorage } });
  second.load({ experiments });

  assert.deepEqual(await linesOf(first, "experiment"), []);
  assert.deepEqual(await linesOf(second, "experiment"), ["eventType=experiment&id=1&variationId=2"]);
});
