import assert from "node:assert/strict";
import { test } from "node:test";
import { added, createBrowser, element } from "./browser.mjs";
import { cookies, linesOf, tree, variation, web } from "./campaign-samples.mjs";

// T-SEG
test("a campaign whose segment is unknown is for nobody", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ experiments: [web(1, [variation(2, 1)], { segmentId: 99 })] });

  assert.deepEqual(await linesOf(browser, "experiment"), []);
  assert.match(browser.warnings[0], /segment 99 .* unknown/);
});

// T-SEG
test("a true segment is reported once per visit, and lets its experiment run", async () => {
  const segments = [
    { id: 1, name: "Page", conditionsData: tree({ targetingType: "PAGE_URL", matchType: "CONTAINS", url: "/page" }) },
    {
      id: 2,
      name: "Elsewhere",
      conditionsData: tree({ targetingType: "PAGE_URL", matchType: "CONTAINS", url: "/other" }),
    },
    {
      id: 3,
      name: "Not elsewhere",
      conditionsData: tree({ targetingType: "SEGMENT", segmentId: 2, isInclude: false }),
    },
  ];
  const experiments = [web(10, [variation(11, 1)], { segmentId: 1 }), web(20, [variation(21, 1)], { segmentId: 2 })];
  const browser = createBrowser({ cookies });
  browser.load({ segments, experiments });

  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=10&variationId=11"]);
  browser.run("Kameleoon.API.Core.load()");
  assert.deepEqual(await linesOf(browser, "targetingSegment"), [
    "eventType=targetingSegment&id=1",
    "eventType=targetingSegment&id=3",
  ]);
  assert.deepEqual(JSON.parse(JSON.stringify(browser.detailOf("SegmentTriggered").segment)), { id: 1, name: "Page" });
});

// T-SEG
test("a segment that asks for itself is false, and one without conditions is true", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    segments: [
      { id: 1, name: "Circle", conditionsData: tree({ targetingType: "SEGMENT", segmentId: 1 }) },
      { id: 2, name: "Everybody" },
    ],
  });

  assert.deepEqual(await linesOf(browser, "targetingSegment"), ["eventType=targetingSegment&id=2"]);
});

// T-SEG
test("operators fold as on servers: a AND b AND c OR d is (a AND b) AND (c OR d)", async () => {
  const is = (truth) => ({ targetingType: "VISITOR_CODE", matchType: "EXACT", visitorCode: truth ? "abc" : "no" });
  const conditionsData = (conditions, orOperators) => ({ firstLevel: [{ conditions, orOperators }] });
  const segments = [
    { id: 1, name: "a", conditionsData: conditionsData([is(0), is(0), is(0), is(1)], [false, false, true]) },
    { id: 2, name: "b", conditionsData: conditionsData([is(1), is(0), is(0)], [true, false]) },
    { id: 3, name: "c", conditionsData: conditionsData([is(0), is(1), is(1), is(1)], [false, true, false]) },
  ];
  const browser = createBrowser({ cookies });
  browser.load({ segments });

  assert.deepEqual(await linesOf(browser, "targetingSegment"), [
    "eventType=targetingSegment&id=2",
    "eventType=targetingSegment&id=3",
  ]);
});

const customData = [{ index: 3, name: "Plan" }];
const conditions = {
  "the device": { targetingType: "DEVICE_TYPE", device: "DESKTOP" },
  "the browser": { targetingType: "BROWSER", browser: "CHROME", version: "150", versionMatchType: "GREATER" },
  "the system": { targetingType: "OPERATING_SYSTEM", os: "LINUX" },
  "the language": { targetingType: "BROWSER_LANGUAGE", language: "en" },
  "the title": { targetingType: "PAGE_TITLE", matchType: "EXACT", title: "A page" },
  "a cookie": {
    targetingType: "COOKIE",
    name: "kameleoon",
    nameMatchType: "CONTAINS",
    value: "abc",
    valueMatchType: "EXACT",
  },
  "a new visitor": { targetingType: "NEW_VISITORS", visitorType: "NEW" },
  "the visits": { targetingType: "VISITS", matchType: "EQUAL", visitCount: 1 },
  "the visits of today": { targetingType: "SAME_DAY_VISITS", matchType: "LOWER", visitCount: 2 },
  "the pages": { targetingType: "PAGE_VIEWS", matchType: "EQUAL", pageCount: 1 },
  "the landing page": { targetingType: "LANDING_PAGE", matchType: "REGULAR_EXPRESSION", url: "page.a=b$" },
  "custom data": { targetingType: "CUSTOM_DATUM", customDataIndex: "3", valueMatchType: "EXACT", value: "gold" },
  "custom data among": {
    targetingType: "CUSTOM_DATUM",
    customDataIndex: "3",
    valueMatchType: "AMONG_VALUES",
    value: '["gold",1]',
  },
  "a conversion": { targetingType: "CONVERSIONS", goalId: -1 },
  "an experiment": {
    targetingType: "TARGET_EXPERIMENT",
    experimentId: 999,
    variationMatchType: "EXACT",
    variationId: 3,
  },
  "a script": { targetingType: "JS_CODE", code: () => document.title === "A page" },
  "something newer": { targetingType: "TO_BE_INVENTED" },
};
for (const [name, condition] of Object.entries(conditions)) {
  test(`a segment by ${name} holds, and its opposite does not`, async () => {
    const browser = createBrowser({ cookies });
    browser.run(`var kameleoonQueue = [["Data.setCustomData", "Plan", "gold"], ["Goals.processConversion", 1],
      ["Experiments.assignVariation", 999, 3], ["Experiments.trigger", 999, true]];`);

    browser.load({
      customData,
      segments: [
        { id: 1, name: "is", conditionsData: tree(condition) },
        { id: 2, name: "is not", conditionsData: tree({ ...condition, isInclude: false }) },
      ],
    });

    assert.deepEqual(await linesOf(browser, "targetingSegment"), ["eventType=targetingSegment&id=1"]);
  });
}

test("what is undecided is looked at again: an event, time, an element", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    segments: [
      { id: 1, name: "Event", conditionsData: tree({ targetingType: "EVENT", event: "opened" }) },
      { id: 2, name: "Time", conditionsData: tree({ targetingType: "TIME_SINCE_PAGE_LOAD", countInMillis: 3000 }) },
      { id: 3, name: "Element", conditionsData: tree({ targetingType: "DOM_ELEMENT", selector: ".late" }) },
    ],
  });
  assert.deepEqual(await linesOf(browser, "targetingSegment"), []);

  browser.run(`Kameleoon.API.Events.trigger("opened");`);
  assert.deepEqual(await linesOf(browser, "targetingSegment"), ["eventType=targetingSegment&id=1"]);
  browser.document.querySelectorAll = () => [element({ classes: ["late"] })];
  browser.mutate(added(element({ classes: ["late"] })));
  await browser.advance(3000);

  assert.equal((await linesOf(browser, "targetingSegment")).length, 3);
  const { pending } = browser.clock;
  await browser.advance(60_000);
  assert.equal(browser.clock.pending, pending);
});

test("a campaign can be for whom a trigger finds, which is announced", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    triggers: [{ id: 4, name: "Opened", conditionsData: tree({ targetingType: "EVENT", event: "opened" }) }],
    experiments: [web(10, [variation(11, 1)], { segmentId: 4 })],
  });
  assert.ok(!browser.names().includes("TriggerTriggered"));

  browser.run(`Kameleoon.API.Events.trigger("opened")`);

  const { id, name } = browser.detailOf("TriggerTriggered").trigger;
  assert.deepEqual([id, name], [4, "Opened"]);
  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=10&variationId=11"]);
});

test("a segment can be triggered by the page", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    segments: [
      { id: 1, name: "Never", conditionsData: tree({ targetingType: "PAGE_URL", matchType: "EXACT", url: "-" }) },
    ],
    experiments: [web(10, [variation(11, 1)], { segmentId: 1, paused: false })],
  });
  browser.run(`Kameleoon.API.Segments.trigger("Never");`);

  assert.deepEqual(await linesOf(browser, "targetingSegment"), ["eventType=targetingSegment&id=1"]);
});

test("a condition on conversions looks at the visits of its scope, in whatever case that is written", async () => {
  const first = createBrowser({ cookies });
  first.load();
  first.run("Kameleoon.API.Goals.processConversion(1);");
  await first.advance(500);
  const second = createBrowser({ cookies, local: { ...first.window.localStorage } });
  second.clock.advance(3_600_000);
  second.load({
    segments: ["visitor", "VISITOR", "current_visit", "CURRENT_VISIT"].map((visitScope, i) => ({
      id: 1 + i,
      name: visitScope,
      conditionsData: tree({ targetingType: "CONVERSIONS", goalId: 1, visitScope }),
    })),
  });
  await second.advance(500);

  assert.deepEqual(
    second.linesOf("targetingSegment").map((line) => /&id=(\d)/.exec(line)[1]),
    ["1", "2"],
  );
});
