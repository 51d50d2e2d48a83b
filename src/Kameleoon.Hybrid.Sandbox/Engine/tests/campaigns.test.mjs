import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { added, createBrowser, element, withoutNonce } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const variation = (id, share, more) => ({ id, name: `V${id}`, share, ...more });
const web = (id, variations, more) => ({ id, name: `E${id}`, kind: "web", variations, ...more });
const tree = (...conditions) => ({ firstLevel: [{ conditions, orOperators: [] }], firstLevelOrOperators: [] });
const stored = (id, value) => ({ [`kameleoonExperiment-${id}`]: JSON.stringify({ value, expirationDate: 9e15 }) });
const campaignEvents = (browser) => browser.names().filter((name) => /^(Experiment|Personalization)/.test(name));

const linesOf = async (browser, type) => {
  await browser.advance(500);
  return browser.linesOf(type).map(withoutNonce);
};

test("T-EXP an experiment is decided, shown, stored and reported", async () => {
  const browser = createBrowser({ cookies });
  browser.run("var ran = 0;");

  browser.load({
    experiments: [
      web(1, [
        variation(2, 1, {
          css: "p{}",
          js: () => {
            ran++;
          },
        }),
      ]),
    ],
  });

  assert.equal(browser.window.ran, 1);
  assert.deepEqual(
    browser.styles.map(({ id, textContent }) => [id, textContent]),
    [["kameleoonStyleSheet-1", "p{}"]],
  );
  assert.match(browser.stored("kameleoonExperiment-1"), /^2\//);
  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=1&variationId=2"]);
  assert.deepEqual(campaignEvents(browser), ["ExperimentTriggered", "ExperimentActivated"]);
});

test("T-EXP the reference is reported too", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ experiments: [web(1, [variation(0, 1)])] });

  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=1&variationId=0"]);
});

test("T-EXP without a share the visitor is kept out for good, and nothing is sent", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ experiments: [web(1, [variation(0, 0), variation(2, 0)])] });

  assert.match(browser.stored("kameleoonExperiment-1"), /^null\//);
  assert.deepEqual(await linesOf(browser, "experiment"), []);
});

test("T-EXP a stored assignment wins over the hash", async () => {
  const browser = createBrowser({ cookies, local: stored(1, "3/1") });
  browser.load({ experiments: [web(1, [variation(2, 1), variation(3, 0)])] });

  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=1&variationId=3"]);
});

test("the hash is the SDKs': a visitor is in the same variation here and on the server", async () => {
  for (const code of ["a", "visitor-2", "vc10ctbql0zpf4rw", "govisitor0000001"]) {
    for (const respoolTime of [null, 1700000000]) {
      const digest = createHash("sha256")
        .update(`${code}77${respoolTime ?? ""}`)
        .digest();
      const position = Number(digest.readBigUInt64BE(0)) / 2 ** 64;
      const expected = position <= 0.3 ? 1 : position <= 0.6 ? 2 : undefined;
      const browser = createBrowser({ cookies: [{ name: "kameleoonVisitorCode", value: code }] });

      browser.load({
        experiments: [web(77, [variation(1, 0.3, { respoolTime }), variation(2, 0.3, { respoolTime })])],
      });

      const lines = await linesOf(browser, "experiment");
      assert.deepEqual(lines, expected === undefined ? [] : [`eventType=experiment&id=77&variationId=${expected}`]);
    }
  }
});

test("a variation whose script throws is reported, and the next experiment runs", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    experiments: [
      web(1, [
        variation(2, 1, {
          js: () => {
            throw new Error("no");
          },
        }),
      ]),
      web(3, [variation(4, 1)]),
    ],
  });

  assert.equal((await linesOf(browser, "experiment")).length, 2);
  assert.match(browser.warnings.join(), /script of variation 2/);
});

test("T-HYB-13 the code of a server's variation runs once", async () => {
  const browser = createBrowser({ cookies });
  browser.run(`
    var ran = 0;
    var kameleoonQueue = [["Experiments.assignVariation", 1, 2, true], ["Experiments.trigger", 1, false],
      ["Experiments.trigger", 1, false]];`);

  browser.load({
    experiments: [
      {
        ...web(1, [
          variation(2, null, {
            js: () => {
              ran++;
            },
          }),
        ]),
        kind: "feature",
      },
    ],
  });

  assert.equal(browser.window.ran, 1);
  assert.deepEqual(campaignEvents(browser), ["ExperimentTriggered", "ExperimentActivated"]);
  assert.equal((await linesOf(browser, "experiment")).length, 1);
});

test("the engine never decides an experiment of the server", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ experiments: [{ ...web(1, [variation(2, 1)]), kind: "feature" }] });

  assert.deepEqual(await linesOf(browser, "experiment"), []);
});

test("T-INT an integration runs once, with the names", async () => {
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

test("T-INT an integration waits for consent", () => {
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

for (const [id, value, expected, step] of [
  ["T-HOLD-1", "0/1", ["id=9&variationId=0"], "holdout/included"],
  ["T-HOLD-2", "1/1", ["id=9&variationId=1", "id=1&variationId=2"], "holdout/allowed"],
]) {
  test(`${id} a visitor with the holdout's variation ${value[0]} is exposed to ${expected.length} experiments`, async () => {
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

test("T-HYB-14 a visitor the server held out is exposed to the holdout and to nothing else", async () => {
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

test("T-EXP the experiment that the sandbox makes of a project is decided and reported", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    experiments: JSON.parse(
      `[{"id":200,"name":"web","kind":"web","tags":[],"variations":[{"id":0,"name":"reference","share":0,"deferred":false},{"id":5,"name":"b","share":1,"deferred":false}],"goals":[],"integrations":[],"paused":false,"track":true,"assignmentDays":30}]`,
    ),
  });

  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=200&variationId=5"]);
});

test("T-HOLD-1 what the queue triggers does not run for a visitor who is held out", async () => {
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

test("T-SEG a campaign whose segment is unknown is for nobody", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ experiments: [web(1, [variation(2, 1)], { segmentId: 99 })] });

  assert.deepEqual(await linesOf(browser, "experiment"), []);
  assert.match(browser.warnings[0], /segment 99 .* unknown/);
});

test("T-SEG a true segment is reported once per visit, and lets its experiment run", async () => {
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

test("T-SEG a segment that asks for itself is false, and one without conditions is true", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    segments: [
      { id: 1, name: "Circle", conditionsData: tree({ targetingType: "SEGMENT", segmentId: 1 }) },
      { id: 2, name: "Everybody" },
    ],
  });

  assert.deepEqual(await linesOf(browser, "targetingSegment"), ["eventType=targetingSegment&id=2"]);
});

test("T-SEG operators fold as on servers: a AND b AND c OR d is (a AND b) AND (c OR d)", async () => {
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

test("T-DELAY the code of a delayed variation comes after the page, and the reference needs none", async () => {
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

test("T-DELAY ten idle seconds after the page its code is fetched ahead of its need", async () => {
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

test("T-DELAY what is fetched ahead is what the visitor will see: stored variations and personalizations not kept back", async () => {
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

test("a redirect keeps the assignment, sends what was gathered and leaves", () => {
  const browser = createBrowser({ cookies });
  const targets = [];
  browser.window.location.replace = (url) => targets.push(url);
  browser.load({ experiments: [web(1, [variation(2, 1, { redirect: "/other" })])] });
  browser.run(`Kameleoon.API.Core.processRedirect("javascript:alert(1)");`);

  assert.deepEqual(targets, ["https://www.shop.test/other"]);
  assert.equal(browser.document.documentElement.style.visibility, "hidden");
  assert.match(browser.hits[0].body, /eventType=experiment/);
  assert.match(browser.stored("kameleoonExperiment-1"), /^2\//);
});

for (const what of ["leads nowhere", "is refused"]) {
  test(`a redirect that ${what} shows the page again`, async () => {
    const browser = createBrowser({ cookies });
    browser.window.location.replace = () => {
      if (what === "is refused") {
        throw new Error("SecurityError");
      }
    };
    browser.load({ experiments: [web(1, [variation(2, 1, { redirect: "/other" })])] });

    await browser.advance(4_999);
    assert.equal(browser.document.documentElement.style.visibility, "hidden");
    await browser.advance(1);

    assert.equal(browser.document.documentElement.style.visibility, "");
  });
}

test("a redirect that has arrived shows the page", () => {
  const browser = createBrowser({ cookies });
  browser.window.location.replace = () => assert.fail("redirected for ever");

  browser.load({ experiments: [web(1, [variation(2, 1, { redirect: "/page?a=b" })])] });

  assert.equal(browser.document.documentElement.style.visibility, undefined);
  assert.equal(browser.window.Kameleoon.API.Experiments.getById(1).redirectProcessed, true);
});

for (const [what, arrivedAt] of [
  ["without its slash", "https://www.shop.test/other/"],
  ["with a parameter more", "https://www.shop.test/other?from=mail"],
]) {
  test(`a redirect whose target the site knows under another address, ${what}, ends`, () => {
    const experiments = [web(1, [variation(2, 1, { redirect: "/other" })])];
    const targets = [];
    const open = (url, tab) => {
      const browser = createBrowser({ url, cookies, tab });
      browser.window.location.replace = (target) => targets.push(target);
      browser.load({ experiments });
      return browser;
    };

    const first = open("https://www.shop.test/page", {});
    const second = open(arrivedAt, { ...first.window.sessionStorage });

    assert.deepEqual(targets, ["https://www.shop.test/other"]);
    assert.equal(second.document.documentElement.style.visibility, undefined);
  });
}

test("a callback that waits for a further element is called when it appears, or becomes what was asked for", () => {
  const present = new Set();
  const watched = [];
  let observe;
  const browser = createBrowser({
    cookies,
    document: { querySelectorAll: (selector) => (present.has(selector) ? [element()] : []) },
    globals: {
      MutationObserver: class {
        constructor(callback) {
          observe = callback;
        }
        observe(_, options) {
          watched.push(options.attributeFilter?.join() ?? "all");
        }
        disconnect() {}
      },
    },
  });
  const appear = (selector) => {
    present.add(selector);
    observe([added(element({ classes: [selector.slice(1)] }))]);
  };
  browser.load();
  browser.run(`var seen = [];
    const when = Kameleoon.API.Core.runWhenElementPresent;
    when(".a", () => { seen.push("a"); when(".b", () => seen.push("b")); });
    when(".never", () => seen.push("never"));`);

  appear(".a");
  appear(".b");

  assert.equal(browser.run("seen.join()"), "a,b");

  browser.run(`when("p[data-state=open]", () => seen.push("open"));`);
  present.add("p[data-state=open]");
  observe([{ type: "attributes", addedNodes: [], target: element() }]);

  assert.equal(browser.run("seen.join()"), "a,b,open");
  assert.deepEqual([watched[0], watched.at(-1)], ["id,class", "all"]);
});

test("campaigns wait for the document, unless they may be early", () => {
  const open = (earlyCampaigns) => {
    const browser = createBrowser({ cookies, document: { readyState: "loading" } });
    browser.load({ earlyCampaigns, experiments: [web(1, [variation(2, 1)])] });
    return browser;
  };

  const patient = open(false);
  assert.deepEqual(campaignEvents(patient), []);
  patient.document.readyState = "interactive";
  patient.document.dispatchEvent(new Event("DOMContentLoaded"));

  assert.equal(campaignEvents(patient).length, 2);
  assert.equal(campaignEvents(open(true)).length, 2);
});

test("another visitor on the same page does not make a variation run twice", async () => {
  const browser = createBrowser({ cookies });
  browser.run("var ran = 0;");
  browser.load({
    experiments: [
      web(1, [
        variation(2, 1, {
          js: () => {
            ran++;
          },
        }),
      ]),
    ],
  });

  browser.run(`Kameleoon.API.Visitor.setVisitorCode("B");`);
  await browser.advance(500);

  assert.equal(browser.window.ran, 1);
  assert.match(browser.stored("kameleoonExperiment-1"), /^2\//);
  assert.deepEqual(
    browser.hits.map((hit) => [hit.visitorCode, /eventType=experiment/.test(hit.body)]),
    [
      ["abc", true],
      ["B", false],
    ],
  );
});

test("a redirect counts as processed for the variation of this visitor alone", () => {
  const browser = createBrowser({ cookies, local: stored(1, "0/1") });

  browser.load({ experiments: [web(1, [variation(0, 1), variation(2, 0, { redirect: "/page?a=b" })])] });

  assert.equal(browser.window.Kameleoon.API.Experiments.getById(1).redirectProcessed, false);
});
