import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, createBrowser, settled } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const resourceUrl = "https://files.test/r/";

// T-SYNC
test("visits the platform knows are counted", async () => {
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

// T-SYNC
test("earlier visits that the browser counted and no longer keeps are not counted again", async () => {
  const timesOf = (day) => ({ timeStarted: Date.UTC(2025, 11, day), timeLastEvent: Date.UTC(2025, 11, day, 1) });
  const kept = [27, 28, 29].map((day) => {
    const { timeStarted: startedAt, timeLastEvent: lastSeenAt } = timesOf(day);
    return { startedAt, lastSeenAt, experiments: {}, personalizations: {}, conversions: {}, customData: {}, reported: [] };
  });
  const value = { v: 1, code: "abc", count: 40, visits: kept, customData: {}, shown: {} };
  const browser = createBrowser({
    cookies,
    local: { kameleoonData: JSON.stringify({ value, expirationDate: 9e15 }) },
  });
  browser.answers["/visit/visitor"] = answer({ previousVisits: [29, 28, 27, 26, 25].map(timesOf) });

  browser.load({ realTimeSync: true, visit: { maxLocal: 4 } });
  await settled();
  await browser.advance(500);

  assert.equal(browser.window.Kameleoon.API.Visitor.numberOfVisits, 41);
});

const buyers = {
  segments: [
    {
      id: 8,
      name: "Buyers",
      conditionsData: { firstLevel: [{ conditions: [{ targetingType: "CONVERSIONS", goalId: 7 }] }] },
    },
  ],
  experiments: [{ id: 1, name: "E1", kind: "web", segmentId: 8, variations: [{ id: 2, name: "V2", share: 1 }] }],
};

// T-SYNC
test("a conversion that a server reports between two pages of a visit triggers on the second", async () => {
  const first = createBrowser({ cookies });
  first.answers["/visit/visitor"] = answer({});
  first.load({ realTimeSync: true, ...buyers });
  await settled();
  await first.advance(500);
  const second = createBrowser({ cookies, local: { ...first.window.localStorage } });
  second.clock.advance(60_000);
  const conversionEvents = [{ data: { goalId: 7 } }];
  second.answers["/visit/visitor"] = answer({
    currentVisit: { timeStarted: Date.UTC(2026, 0, 1), timeLastEvent: Date.UTC(2026, 0, 1, 0, 0, 50), conversionEvents },
  });
  second.load({ realTimeSync: true, ...buyers });
  await settled();
  await second.advance(500);

  const asked = [first, second].map(({ files }) => files.map((file) => file.searchParams.get("maxNumberPreviousVisits")));
  assert.deepEqual(asked, [["25"], ["0"]]);
  assert.deepEqual([first.linesOf("experiment").length, second.linesOf("experiment").length], [0, 1]);
  assert.equal(second.window.Kameleoon.API.Visitor.numberOfVisits, 1);
});

// T-SYNC
test("what happened meanwhile is asked for only where it is synchronised and a condition depends on it", async () => {
  const askedOnSecondPage = async (changes) => {
    const first = createBrowser({ cookies });
    first.answers["/visit/visitor"] = answer({});
    first.load(changes);
    await settled();
    const second = createBrowser({ cookies, local: { ...first.window.localStorage } });
    second.answers["/visit/visitor"] = new Promise(() => undefined);
    second.load(changes);
    await second.advance(0);
    assert.ok(second.names().includes("Started"));
    return second.files.length;
  };

  assert.equal(await askedOnSecondPage({ realTimeSync: true }), 0);
  assert.equal(await askedOnSecondPage(buyers), 0);
  assert.equal(await askedOnSecondPage({ realTimeSync: true, ...buyers }), 1);
  assert.equal(
    await askedOnSecondPage({
      realTimeSync: true,
      ...buyers,
      consent: { abTesting: "REQUIRED" },
    }),
    0,
  );
});

// T-SYNC
test("a visit the platform noted by its own clock is the same visit, with what other devices did in it", async () => {
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

// T-SYNC
test("a slow or broken answer is not waited for", async () => {
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

// T-SYNC
test("visits are asked for in Safari alone if the project says so, and by the mapping value if known", async () => {
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

// T-LIVE
test("live campaigns replace those of the file, and are asked for every two minutes", async () => {
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

// T-ITP
test("a code this browser made up is rewritten by the server once a day", async () => {
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

// T-SYNC
test("asking the platform for the current visit alone adds no earlier visit", async () => {
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

// TRACK-6
test("a visitor code that comes while the engine waits for the platform's visits has one page view", async () => {
  const browser = createBrowser({ cookies });
  let arrive;
  browser.answers["/visit/visitor"] = new Promise((resolve) => (arrive = () => resolve(answer({}))));
  browser.load({ realTimeSync: true });

  browser.run(`kameleoonQueue.push({ level: "IMMEDIATE", command: ["Visitor.setVisitorCode", "customer"] })`);
  arrive();
  await settled();
  await browser.advance(500);

  assert.deepEqual(browser.hits.map((hit) => hit.visitorCode), ["customer"]);
  assert.equal(browser.linesOf("page").length, 1);
});

// TRACK-6
test("what a page reports while the engine waits for the platform's visits follows the page view", async () => {
  const browser = createBrowser({ cookies });
  browser.answers["/visit/visitor"] = new Promise(() => undefined);
  browser.load({ realTimeSync: true });

  browser.run("Kameleoon.API.Goals.processConversion(1)");
  await browser.advance(500);

  assert.deepEqual(
    browser.lines().map((line) => line.split("&")[0]),
    ["eventType=page", "eventType=staticData", "eventType=conversion"],
  );
});

// TRACK-6
test("a page that is left while the engine waits for the platform's visits was viewed", async () => {
  const browser = createBrowser({ cookies });
  browser.answers["/visit/visitor"] = new Promise(() => undefined);
  browser.load({ realTimeSync: true });

  browser.hide();

  assert.equal(browser.linesOf("page").length, 1);
});

// TRACK-6
test("a page that is hidden while the engine waits for the platform's visits was viewed", async () => {
  const browser = createBrowser({ cookies });
  browser.answers["/visit/visitor"] = new Promise(() => undefined);
  browser.load({ realTimeSync: true });

  browser.document.visibilityState = "hidden";
  browser.document.dispatchEvent(new Event("visibilitychange"));

  assert.equal(browser.linesOf("page").length, 1);
});
