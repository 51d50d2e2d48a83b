import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, createBrowser, settled } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];

/** Two tabs of one browser on the same site, opened one after the other. */
async function openTabs(changes) {
  const first = createBrowser({ cookies });
  const second = createBrowser({ cookies, storage: first.window.localStorage });
  const advance = async (ms) => {
    await first.advance(ms);
    await second.advance(ms);
  };
  first.load(changes);
  second.load(changes);
  await settled();
  return { first, second, advance };
}

// EXEC-4
test("a goal that counts once a visit is reached in one of two tabs", async () => {
  const goals = [{ id: 7, name: "Ten seconds", type: "TIME_SPENT", threshold: 10 }];
  const { first, second, advance } = await openTabs({ goals });

  await advance(20_000);

  assert.equal([...first.linesOf("conversion"), ...second.linesOf("conversion")].length, 1);
});

test("what one tab noted of the visit stays when another tab notes something", async () => {
  const { first, second } = await openTabs();

  first.document.dispatchEvent(new Event("click"));
  await settled();
  second.run("Kameleoon.API.Goals.processConversion(1)");
  await settled();
  first.run("Kameleoon.API.Goals.processConversion(2)");
  await settled();
  first.hide();
  second.hide();

  const { visits } = second.stored("kameleoonData");
  assert.deepEqual(visits.map(({ clicks, conversions }) => [clicks, conversions]), [[1, { 1: 1, 2: 1 }]]);
});

// TRACK-17
test("a tab that rested while another was used continues the visit without a page of its own", async () => {
  const { first, second, advance } = await openTabs();
  await advance(20 * 60_000);
  second.run("Kameleoon.API.Goals.processConversion(1)");
  await advance(20 * 60_000);

  first.run("Kameleoon.API.Goals.processConversion(2)");
  await first.advance(500);

  assert.equal(first.linesOf("page").length, 1);
  assert.equal(first.stored("kameleoonData").count, 1);
});

// TRACK-16
test("a page restored from the browser's cache runs what another page was given consent for", async () => {
  const { first, second } = await openTabs({
    consent: { abTesting: "REQUIRED", personalization: "REQUIRED", unknown: { abTesting: "NONE" } },
    experiments: [{ id: 1, name: "E1", kind: "web", variations: [{ id: 2, name: "V2", share: 1 }] }],
  });
  first.hide();
  second.run("Kameleoon.API.Core.enableLegalConsent()");

  first.window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await first.advance(500);

  assert.equal(first.linesOf("experiment").length, 1);
});

// TRACK-14
for (const [what, name, headers] of [
  ["place", "geolocation", { geoip_country: "France" }],
  ["address", "ip", { ip: "10.0.0.1" }],
]) {
  test(`the visitor's ${what} that arrives after another tab noted something is kept with it`, async () => {
    const first = createBrowser({ cookies });
    let arrive;
    first.answers[`/${name}`] = new Promise((resolve) => (arrive = () => resolve(answer(null, headers))));
    first.load({ needs: { [name]: true } });
    await settled();
    const second = createBrowser({ cookies, storage: first.window.localStorage });
    second.load();
    second.document.dispatchEvent(new Event("click"));
    await settled();

    arrive();
    await settled();

    const [{ clicks, ip, place }] = first.stored("kameleoonData").visits;
    assert.deepEqual([clicks, ip ?? place.country], [1, Object.values(headers)[0]]);
  });
}

// TRACK-6
test("a page view that waited for the platform's visits keeps what another tab noted meanwhile", async () => {
  const first = createBrowser({ cookies });
  first.answers["/visit/visitor"] = new Promise(() => undefined);
  first.load({ realTimeSync: true });
  await settled();
  const second = createBrowser({ cookies, storage: first.window.localStorage });
  second.load();
  second.document.dispatchEvent(new Event("click"));
  await settled();

  await first.advance(1000);

  const [{ clicks, pageViews }] = first.stored("kameleoonData").visits;
  assert.deepEqual([clicks, pageViews], [1, 2]);
});
