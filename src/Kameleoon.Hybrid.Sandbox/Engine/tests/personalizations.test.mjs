import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser, withoutNonce } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const personalization = (id, more) => ({
  id,
  name: `P${id}`,
  variation: { id: id + 100, name: "Banner", css: "p{}" },
  ...more,
});
const never = { firstLevel: [{ conditions: [{ targetingType: "PAGE_URL", matchType: "EXACT", url: "-" }] }] };

const linesOf = async (browser, type = "personalization") => {
  await browser.advance(500);
  return browser.linesOf(type).map(withoutNonce);
};

const shown = (id) => `eventType=personalization&id=${id}&variationId=1&originalVariationId=${id + 100}`;
const blocked = (id, cause) =>
  `eventType=personalization&id=${id}&variationId=0&originalVariationId=${id + 100}&unexpositionCause=${cause}`;

test("a personalization is shown, reported, announced and stored", async () => {
  const browser = createBrowser({ cookies });

  browser.load({ personalizations: [personalization(1)] });

  assert.deepEqual(await linesOf(browser), [shown(1)]);
  assert.equal(browser.styles[0].id, "kameleoonStyleSheet-1");
  assert.match(browser.stored("kameleoonPersonalization-1"), /^101\//);
  assert.deepEqual(
    browser.names().filter((name) => /^Pers/.test(name)),
    ["PersonalizationTriggered", "PersonalizationActivated"],
  );
});

const year = 31_536_000_000;
for (const [cause, more] of [
  ["SCHEDULE", { schedule: [{ end: Date.UTC(2025, 0, 1) }, { start: Date.UTC(2026, 0, 1) + year }] }],
  ["PERSONALIZATION_CAPPING", { capping: { global: 100, visitors: 100 } }],
  ["SCENARIO", { scenario: never }],
]) {
  test(`${cause} keeps a triggered personalization back, and says so`, async () => {
    const browser = createBrowser({ cookies });

    browser.load({ personalizations: [personalization(1, more)] });

    assert.deepEqual(await linesOf(browser), [blocked(1, cause)]);
    assert.equal(browser.styles, undefined);
    const step = browser.events.find((event) => event.detail?.type === "blocked");
    assert.equal(step.detail.reason, cause);
  });
}

test("within its schedule, under its cappings and in its scenario it is shown", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    personalizations: [
      personalization(1, {
        schedule: [{ start: Date.UTC(2025, 0, 1), end: Date.UTC(2027, 0, 1) }],
        capping: { global: 100, visitors: 99, visitor: 1 },
        scenario: { firstLevel: [] },
      }),
    ],
  });

  assert.deepEqual(await linesOf(browser), [shown(1)]);
});

test("VISITOR_CAPPING counts visits: it is shown again in the same visit and kept back in the next", async () => {
  const personalizations = [personalization(1, { capping: { visitor: 1 } })];
  const first = createBrowser({ cookies });
  first.load({ personalizations });
  await first.advance(500);
  const local = { ...first.window.localStorage };
  const same = createBrowser({ cookies, local });
  same.load({ personalizations });
  const next = createBrowser({ cookies, local });
  next.clock.advance(60 * 60_000);
  next.load({ personalizations });

  assert.deepEqual(await linesOf(same), [shown(1)]);
  assert.deepEqual(await linesOf(next), [blocked(1, "VISITOR_CAPPING")]);
});

test("PRIORITY lets the highest one be shown, and leaves those without a priority alone", async () => {
  const browser = createBrowser({ cookies });

  browser.load({
    personalizations: [personalization(1, { priority: 2 }), personalization(2, { priority: 1 }), personalization(3)],
  });

  assert.deepEqual(await linesOf(browser), [shown(2), blocked(1, "PRIORITY"), shown(3)]);
});

test("a scenario may come true later", async () => {
  const browser = createBrowser({ cookies });
  const scenario = { firstLevel: [{ conditions: [{ targetingType: "EVENT", event: "opened" }] }] };
  browser.load({ personalizations: [personalization(1, { scenario })] });
  assert.deepEqual(await linesOf(browser), []);

  browser.run(`Kameleoon.API.Events.trigger("opened");`);

  assert.deepEqual(await linesOf(browser), [shown(1)]);
  assert.equal(browser.names().filter((name) => name === "PersonalizationTriggered").length, 1);
});

test("an exit intent is a scenario", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    personalizations: [
      personalization(1, { scenario: { firstLevel: [{ conditions: [{ targetingType: "MOUSE_OUT" }] }] } }),
    ],
  });

  const leave = (target) =>
    browser.document.dispatchEvent(Object.defineProperty(new Event("mouseleave"), "target", { value: target }));
  leave({ tagName: "A" });
  assert.deepEqual(await linesOf(browser), []);

  leave(browser.document);
  assert.deepEqual(await linesOf(browser), [shown(1)]);
});

test("the page can trigger one whose segment does not hold, and block another", async () => {
  const browser = createBrowser({ cookies });
  browser.run(`var kameleoonQueue = [["Personalizations.block", 2]];`);
  browser.load({
    segments: [{ id: 7, name: "Never", conditionsData: never }],
    personalizations: [personalization(1, { segmentId: 7 }), personalization(2)],
  });
  assert.deepEqual(await linesOf(browser), []);

  browser.run(`Kameleoon.API.Personalizations.trigger("P1");`);

  assert.deepEqual(await linesOf(browser), [shown(1)]);
});

test("one that is blocked is not active, and its variation can still be executed by the page", () => {
  const browser = createBrowser({ cookies });
  browser.run(`var kameleoonQueue = [["Personalizations.block", 2]];`);
  browser.load({ personalizations: [personalization(1), personalization(2)] });

  browser.run(`Kameleoon.API.Variations.execute(102);`);

  const { Personalizations } = browser.window.Kameleoon.API;
  assert.deepEqual([...Personalizations.getActive()].map((one) => one.id), [1]);
  assert.deepEqual(browser.styles.map((style) => style.id), ["kameleoonStyleSheet-1", "kameleoonStyleSheet-2"]);
  assert.deepEqual(browser.warnings, []);
});

test("without consent it is neither shown nor reported", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    consent: { personalization: "REQUIRED", unknown: { personalization: "NONE" } },
    personalizations: [personalization(1)],
  });
  assert.deepEqual(await linesOf(browser), []);

  browser.run(`Kameleoon.API.Core.enableLegalConsent("PERSONALIZATION");`);

  assert.deepEqual(await linesOf(browser), [shown(1)]);
});

const goal = (type, more) => ({ id: 1, name: "G", type, ...more });
const converted = async (browser) => (await linesOf(browser, "conversion")).length;

// T-GOAL-URL
test("an address converts once per page", async () => {
  for (const [url, count] of [
    ["/page", 1],
    ["/other", 0],
  ]) {
    const browser = createBrowser({ cookies });
    browser.load({ goals: [goal("URL", { url, matchType: "CONTAINS" })] });
    assert.equal(await converted(browser), count);
  }
});

// T-GOAL-PAGE_VIEWS
test("pages of a visit convert once per visit", async () => {
  const goals = [goal("PAGE_VIEWS", { threshold: 2 })];
  const first = createBrowser({ cookies });
  first.load({ goals });
  assert.equal(await converted(first), 0);
  const second = createBrowser({ cookies, local: { ...first.window.localStorage } });
  second.load({ goals });
  await second.advance(1);
  const third = createBrowser({ cookies, local: { ...second.window.localStorage } });
  third.load({ goals });

  assert.deepEqual([await converted(second), await converted(third)], [1, 0]);
});

// T-GOAL-TIME_SPENT
test("seconds of a visit convert once", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ goals: [goal("TIME_SPENT", { threshold: 20 })] });
  await browser.advance(19_000);
  assert.equal(await converted(browser), 0);
  await browser.advance(20_000);

  assert.equal(await converted(browser), 1);
});

// T-GOAL-ENGAGEMENT
test("clicks convert once per visit", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ goals: [goal("ENGAGEMENT", { threshold: 2 })] });
  for (let i = 0; i < 4; i++) {
    browser.document.dispatchEvent(new Event("click"));
    await browser.advance(1000);
  }

  assert.equal(await converted(browser), 1);
});

// T-GOAL-SCROLL
test("a depth converts once per page", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ goals: [goal("SCROLL", { threshold: 90 })] });
  for (const scrollY of [0, 200, 300, 400]) {
    browser.window.scrollY = scrollY;
    browser.window.dispatchEvent(new Event("scroll"));
  }

  assert.equal(await converted(browser), 1);
});
