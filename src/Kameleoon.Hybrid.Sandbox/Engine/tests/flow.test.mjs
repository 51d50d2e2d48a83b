import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, createBrowser, settled, withoutNonce } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const resourceUrl = "https://files.test/r/";
const late = `var kameleoonTimeout = true;`;

for (const onTimeout of ["PAGE", "VISIT"]) {
  test(`T-TIMEOUT (${onTimeout}): an engine later than the anti-flicker timer gives the ${onTimeout.toLowerCase()} up`, () => {
    const browser = createBrowser({ cookies });
    browser.run(late);

    browser.load({ onTimeout });
    const next = createBrowser({ cookies, tab: { ...browser.window.sessionStorage } });
    next.load({ onTimeout });

    assert.equal(browser.detailOf("Aborted").reason, "TIMEOUT");
    assert.equal(browser.detailOf("Loaded").timeout, true);
    assert.equal(next.detailOf("Aborted")?.reason, onTimeout === "VISIT" ? "TIMEOUT" : undefined);
  });
}

test("LOAD-4 where timeouts are not given up, a late engine runs", () => {
  const browser = createBrowser({ cookies });
  browser.run(late);

  browser.load();

  assert.equal(browser.detailOf("Loaded").timeout, false);
  assert.ok(browser.names().includes("Started"));
});

test("T-SCRIPT an abort script that returns something true aborts, one that throws does not", () => {
  const aborted = createBrowser({ cookies });
  aborted.load({ abortScript: () => 1 });
  const started = createBrowser({ cookies });
  started.load({ abortScript: () => missing });

  assert.equal(aborted.detailOf("Aborted").reason, "SCRIPT");
  assert.equal(aborted.hits.length, 0);
  assert.ok(started.names().includes("Started"));
  assert.match(started.warnings.join(), /abort script failed/);
});

test("T-LOAD-6 deferred files come once and in order, and nothing is tracked before", async () => {
  const browser = createBrowser({ cookies });
  browser.fileMs = 800;
  browser.served = {
    "/r/engine-configuration.js": ["configuration", { goals: [{ id: 7, name: "Basket" }], flushMs: 100 }],
    "/r/engine-campaigns.js": [
      "campaigns",
      { experiments: [{ id: 5, name: "Late", kind: "feature", variations: [] }] },
    ],
  };
  browser.load({ resourceUrl, deferral: { configuration: true, campaigns: true } });

  await settled();
  await browser.advance(800);
  await browser.advance(700);
  assert.ok(!browser.names().includes("Started"));
  await browser.advance(100);
  await browser.advance(100);

  assert.deepEqual(
    browser.files.map((url) => url.pathname),
    ["/r/engine-configuration.js", "/r/engine-campaigns.js"],
  );
  assert.equal(browser.hits.length, 1);
  const { API } = browser.window.Kameleoon;
  assert.equal(API.Experiments.getByName("Late").id, 5);
  assert.equal(API.Core.getConfiguration().goals[0].name, "Basket");
  browser.run("Kameleoon.API.Core.load()");
  await settled();
  assert.equal(browser.files.length, 2);
});

test("T-LOAD-6 deferred files are asked for with the site and the environment of the first", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ resourceUrl: "https://files.test/r/?siteCode=a&environment=b", deferral: { campaigns: true } });
  await settled();
  await browser.advance(0);

  assert.deepEqual(
    browser.files.map((url) => url.href),
    ["https://files.test/r/engine-campaigns.js?siteCode=a&environment=b"],
  );
});

test("T-LOAD-6 without its deferred settings the engine still asks for consent", async () => {
  const browser = createBrowser();
  browser.load({ resourceUrl, deferral: { configuration: true }, consent: { abTesting: "REQUIRED" } });
  await settled();
  await browser.advance(0);
  await browser.advance(60_000);

  assert.ok(browser.names().includes("Started"));
  assert.deepEqual([browser.hits.length, browser.jar.writes.length], [0, 0]);
});

test("T-LOAD-6 a deferred file that is missing, or never comes, leaves an engine without campaigns", async () => {
  const missing = createBrowser({ cookies });
  missing.load({ resourceUrl, deferral: { campaigns: true } });
  await settled();
  await missing.advance(0);
  const silent = createBrowser({ cookies });
  silent.fileMs = 1e9;
  silent.load({ resourceUrl, deferral: { campaigns: true } });
  await settled();
  await silent.advance(10_000);

  for (const browser of [missing, silent]) {
    assert.ok(browser.steps().includes("deferral/error"));
    assert.ok(browser.names().includes("Started"));
  }
});

test("T-SYNC visits the platform knows are counted", async () => {
  const browser = createBrowser({ cookies });
  const visit = (days) => ({ timeStarted: Date.UTC(2025, 11, days), timeLastEvent: Date.UTC(2025, 11, days, 1) });
  const past = {
    ...visit(3),
    experimentEvents: [{ data: { id: 100, variationId: 2 } }, null],
    conversionEvents: [{ data: { goalId: 7 } }],
    pageEvents: [{ data: { href: "https://shop.test/first" } }],
  };
  browser.answers["/visit/visitor"] = answer({ previousVisits: [past, visit(2), visit(1)] });

  browser.load({ realTimeSync: true });
  await settled();
  await browser.advance(500);

  const { Visitor } = browser.window.Kameleoon.API;
  assert.equal(Visitor.numberOfVisits, 4);
  assert.equal(Visitor.firstVisitStartDate, Date.UTC(2025, 11, 1));
  assert.equal(Visitor.previousVisit.landingPageURL, "https://shop.test/first");
  const { searchParams } = browser.files[0];
  assert.deepEqual([searchParams.get("visitorCode"), searchParams.get("maxNumberPreviousVisits")], ["abc", "25"]);
  assert.match(browser.linesOf("staticData")[0], /visitNumber=4/);

  browser.run("Kameleoon.API.Core.load()");
  await browser.advance(500);
  assert.equal(browser.files.length, 1);
});

test("T-SYNC a visit the platform noted by its own clock is the same visit, with what other devices did in it", async () => {
  const first = createBrowser({ cookies });
  first.load({ realTimeSync: true });
  await first.advance(60_000);
  const second = createBrowser({ cookies, local: { ...first.window.localStorage } });
  second.clock.advance(2 * 3_600_000);
  const start = Date.UTC(2026, 0, 1);
  second.answers["/visit/visitor"] = answer({
    previousVisits: [
      { timeStarted: start + 640, timeLastEvent: start + 61_000, conversionEvents: [{ data: { goalId: 7 } }] },
      { timeStarted: start - 7_200_000, timeLastEvent: start - 7_100_000 },
    ],
    currentVisit: { timeStarted: start + 7_199_000, timeLastEvent: start + 7_200_900 },
  });

  second.load({ realTimeSync: true });
  await settled();
  await second.advance(500);

  const { count, visits } = second.stored("kameleoonData");
  assert.equal(count, 3);
  assert.deepEqual(visits.map((visit) => visit.startedAt - start), [-7_200_000, 0, 7_200_000]);
  assert.deepEqual(visits[1].conversions, { 7: 1 });
});

test("T-SYNC a slow or broken answer is not waited for", async () => {
  const slow = createBrowser({ cookies });
  slow.answers["/visit/visitor"] = new Promise(() => undefined);
  slow.load({ realTimeSync: true });
  await slow.advance(999);
  assert.ok(!slow.names().includes("Started"));
  await slow.advance(1);
  const broken = createBrowser({ cookies });
  broken.answers["/visit/visitor"] = Promise.reject(new TypeError("offline"));
  broken.load({ realTimeSync: true });
  await broken.advance(0);

  assert.ok(slow.names().includes("Started"));
  assert.ok(broken.names().includes("Started"));
});

test("T-SYNC in Safari alone where the project says so, and by the mapping value where the visitor gave one", async () => {
  const chrome = createBrowser({ cookies });
  chrome.load({ realTimeSync: "safari" });
  const customData = [{ index: 3, name: "User", scope: "VISITOR", isMappingIdentifier: true }];
  const first = createBrowser({ cookies });
  first.load({ customData });
  first.run(`Kameleoon.API.Data.setCustomData("User", "anna");`);
  await first.advance(500);
  const second = createBrowser({ cookies, local: { ...first.window.localStorage } });
  second.answers["/visit/visitor"] = answer({});
  second.load({ customData });
  await second.advance(0);

  assert.equal(chrome.files.length, 0);
  assert.match(first.linesOf("customData")[0], /mappingIdentifier=true/);
  assert.equal(second.files[0].searchParams.get("mappingValue"), "anna");
  assert.equal(second.files[0].searchParams.get("visitorCode"), null);
});

test("T-SPA another address is another view, with the one before as its referrer", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ spa: { enabled: true } });
  await browser.advance(500);
  assert.equal(browser.linesOf("page").length, 1);

  browser.window.location.pathname = "/next";
  await browser.advance(700);

  const fields = new URLSearchParams(browser.linesOf("page")[1]);
  assert.equal(fields.get("href"), "https://www.shop.test/next?a=b");
  assert.equal(fields.get("referrerHref"), "https://www.shop.test/page?a=b");
  assert.equal(browser.names().filter((name) => name === "Started").length, 2);
});

test("T-SPA support can be switched on by the page", async () => {
  const browser = createBrowser({ cookies });
  browser.load();
  browser.run("Kameleoon.API.Core.enableSinglePageSupport()");

  browser.window.location.pathname = "/next";
  await browser.advance(700);

  assert.equal(browser.linesOf("page").length, 2);
});

for (const [what, changes] of [
  ["by its parameter", {}],
  ["by the abort script", { abortScript: () => location.href.includes("Disabled") }],
]) {
  test(`T-SPA a view that was kept back ${what} does not keep the next one back`, async () => {
    const browser = createBrowser({ cookies, url: "https://www.shop.test/page?kameleoonDisabled" });
    browser.load({ spa: { enabled: true }, ...changes });
    assert.ok(browser.names().includes("Aborted"));

    browser.window.location.search = "";
    await browser.advance(700);

    assert.equal(browser.linesOf("page").length, 1);
    assert.equal(browser.names().filter((name) => name === "Started").length, 1);
    assert.ok(browser.steps().includes("spa/reload"));
  });
}

test("T-LIVE live campaigns replace those of the file, and are asked for every two minutes", async () => {
  const live = { experiments: [{ id: 100, name: "Renamed", kind: "feature", variations: [] }], personalizations: [] };
  const open = async (tab, ms) => {
    const browser = createBrowser({ cookies, tab });
    browser.served["/r/live-experiments/config.js"] = ["live", live];
    browser.clock.advance(ms);
    browser.load({ resourceUrl, liveUpdate: true });
    await browser.advance(1);
    return browser;
  };

  const first = await open({}, 0);
  const second = await open({ ...first.window.sessionStorage }, 118_000);
  const third = await open({ ...first.window.sessionStorage }, 121_000);

  assert.deepEqual(
    [first, second, third].map((one) => one.files.length),
    [1, 0, 1],
  );
  for (const browser of [first, second, third]) {
    assert.equal(browser.window.Kameleoon.API.Experiments.getById(100).name, "Renamed");
  }
});

test("global scripts run at every load, one that throws stops nothing, paused experiments run none", () => {
  const browser = createBrowser({ cookies });
  const web = (id, more) => ({ id, name: `E${id}`, kind: "web", variations: [], ...more });
  browser.run("var ran = [];");

  browser.load({
    globalScript: () => {
      throw new Error("no");
    },
    experiments: [
      web(1, { globalScript: () => ran.push(1) }),
      web(2, { globalScript: () => ran.push(2), paused: true }),
      web(3, { globalScript: () => ran.push(3) }),
    ],
  });
  browser.run("Kameleoon.API.Core.load()");

  assert.deepEqual([...browser.window.ran], [1, 3, 1, 3]);
  assert.ok(browser.names().includes("Started"));
  assert.equal(browser.steps().filter((type) => type === "globalScript").length, 2);
});

test("T-ITP a code this browser made up is rewritten by the server once a day", async () => {
  const first = createBrowser();
  first.answers["/sync"] = answer();
  first.load({ syncUrl: "/sync" });
  await first.advance(0);
  const options = { cookies: first.jar.cookies, local: { ...first.window.localStorage } };
  const second = createBrowser(options);
  second.load({ syncUrl: "/sync" });
  const third = createBrowser(options);
  third.answers["/sync"] = answer();
  third.clock.advance(86_400_000);
  third.load({ syncUrl: "/sync" });
  const known = createBrowser({ cookies });
  known.load({ syncUrl: "/sync" });

  const { code } = first.window.Kameleoon.API.Visitor;
  assert.deepEqual(first.files.map(String), [`https://www.shop.test/sync?kameleoonVisitorCode=${code}`]);
  assert.deepEqual(
    [second, third, known].map((one) => one.files.length),
    [0, 1, 0],
  );
});

test("TRACK-14 address and place are asked for once per visit, where a segment needs them", async () => {
  const tree = (targetingType, more) => ({ firstLevel: [{ conditions: [{ targetingType, ...more }] }] });
  const segments = [
    { id: 1, name: "France", conditionsData: tree("GEOLOCATION", { country: "france" }) },
    { id: 2, name: "Office", conditionsData: tree("VISITOR_IP", { ip: "10.0.0.1" }) },
  ];
  const open = async (local) => {
    const browser = createBrowser({ cookies, local });
    browser.answers["/geolocation"] = answer(null, { geoip_country: "France", geoip_city: "Le%20Mans" });
    browser.answers["/ip"] = answer(null, { ip: "10.0.0.1" });
    browser.load({ segments });
    await browser.advance(0);
    await browser.advance(500);
    return browser;
  };

  const first = await open({});
  const second = await open({ ...first.window.localStorage });
  const none = createBrowser({ cookies });
  none.load();

  assert.deepEqual(first.files.map((url) => url.pathname).sort(), ["/geolocation", "/ip"]);
  assert.deepEqual(first.linesOf("geolocation").map(withoutNonce), [
    "eventType=geolocation&country=France&city=Le%20Mans",
  ]);
  assert.equal(first.linesOf("targetingSegment").length, 2);
  assert.deepEqual([second.files.length, second.linesOf("targetingSegment").length, none.files.length], [0, 0, 0]);
  assert.equal(first.window.Kameleoon.API.CurrentVisit.geolocation.city, "Le Mans");
});

test("T-ADB a hidden advertisement is reported, a visible one is not", async () => {
  for (const [baitWidth, count] of [
    [0, 1],
    [1, 0],
  ]) {
    const browser = createBrowser({ cookies });
    browser.baitWidth = baitWidth;
    browser.load({ needs: { adBlocker: true } });

    await browser.advance(2600);

    assert.equal(browser.linesOf("adBlocker").length, count);
  }
});

test("TRACK-17 an event after half an hour of silence begins a new visit, with its page first", async () => {
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

test("TRACK-17 leaving a page long after the last event does not prolong the visit", async () => {
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
  test(`TRACK-17 ${what} after half an hour of silence is noted in the new visit`, async () => {
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

test("TRACK-14 a place that could not be told is asked for again on the next page", async () => {
  const browser = createBrowser({ cookies });
  browser.answers["/geolocation"] = { ...answer(null), ok: false, status: 503 };

  browser.load({ needs: { geolocation: true } });
  await browser.advance(500);

  assert.deepEqual(browser.linesOf("geolocation"), []);
  assert.equal(browser.stored("kameleoonData").visits[0].place, undefined);
});

test("T-SYNC of the current visit alone adds no earlier one", async () => {
  const browser = createBrowser({ cookies });
  browser.load();
  const visit = (day) => ({ timeStarted: Date.UTC(2025, 11, day) });
  browser.answers["/visit/visitor"] = answer({ currentVisit: visit(3), previousVisits: [visit(2), visit(1)] });

  browser.run("Kameleoon.API.Data.performRemoteSynchronization(undefined, undefined, true)");
  await settled();
  await browser.advance(500);

  assert.equal(browser.files[0].searchParams.get("maxNumberPreviousVisits"), "0");
  assert.deepEqual(
    browser.stored("kameleoonData").visits.map(({ startedAt }) => startedAt),
    [Date.UTC(2025, 11, 3), Date.UTC(2026, 0, 1)],
  );
});

test("a stage that waits does not go on when the page was loaded again meanwhile", async () => {
  const browser = createBrowser({ cookies });
  browser.fileMs = 100;
  browser.served["/r/engine-campaigns.js"] = ["campaigns", {}];
  browser.load({ resourceUrl, deferral: { campaigns: true } });

  browser.run("Kameleoon.API.Core.load()");
  await settled();
  await browser.advance(100);
  await browser.advance(500);

  assert.equal(browser.names().filter((name) => name === "Started").length, 1);
  assert.equal(browser.linesOf("page").length, 1);
});

const codes = { local: JSON.stringify({ value: "local", expirationDate: 9e15 }) };
for (const [name, cookie, isStored, option, expected, writes] of [
  ["T-VC-1 none", undefined, false, false, /^[a-z0-9]{16}$/, 1],
  ["T-VC-2 cookie", "cookie", false, false, /^cookie$/, 0],
  ["T-VC-3 local storage", undefined, true, true, /^local$/, 1],
  ["T-VC-4 both equal", "local", true, true, /^local$/, 0],
  ["T-VC-5 both different without the option", "cookie", true, false, /^cookie$/, 0],
  ["T-VC-6 both different with the option", "cookie", true, true, /^local$/, 2],
]) {
  test(`${name}: the code is ${expected}`, () => {
    const browser = createBrowser({
      cookies: cookie === undefined ? [] : [{ name: "kameleoonVisitorCode", value: cookie }],
      local: isStored ? { kameleoonVisitorCode: codes.local } : {},
    });

    browser.load({ visitorCodeInLocalStorage: option });

    assert.match(browser.window.Kameleoon.API.Visitor.code, expected);
    assert.equal(browser.jar.writes.length, writes);
  });
}

/** A page whose storage is a frame's: `answer` is what the frame says, `told` what it was told. */
function openWithFrame() {
  const told = [];
  const frame = { tagName: "iframe", contentWindow: { postMessage: (text) => told.push(JSON.parse(text).type) } };
  const browser = createBrowser({ document: { createElement: () => frame } });
  const answer = (data) => {
    const message = { kameleoonMessage: true, type: "answer", data, callbackId: 0 };
    const from = { origin: "https://shop.test", source: frame.contentWindow, data: JSON.stringify(message) };
    browser.window.dispatchEvent(Object.assign(new Event("message"), from));
  };
  browser.load({ unify: { enabled: true, frameUrl: "https://shop.test/engine-frame.html" } });
  return { browser, told, answer };
}

const shared = { kameleoonVisitorCode: JSON.stringify({ value: "shared", expirationDate: 9e15 }) };

test("T-UNIFY the history in the frame is the visitor's", async () => {
  const { browser, told, answer } = openWithFrame();

  answer(shared);
  await settled();
  await browser.advance(500);

  assert.deepEqual(browser.hits.map((hit) => hit.visitorCode), ["shared"]);
  assert.ok(told.includes("write"));
});

test("T-UNIFY a frame that answers after two seconds is not overwritten with what the page knows", async () => {
  const { browser, told, answer } = openWithFrame();
  await browser.advance(2000);
  assert.ok(browser.steps().includes("unify/timeout"));

  answer(shared);
  browser.run("Kameleoon.API.Goals.processConversion(1)");
  await browser.advance(500);

  assert.deepEqual(told, []);
  assert.ok(browser.names().includes("Started"));
});
