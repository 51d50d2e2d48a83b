import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, createBrowser } from "./browser.mjs";
import { cookies } from "./campaign-samples.mjs";

const resourceUrl = "https://files.test";
const now = Date.UTC(2026, 0, 1);
const types = ["AD_BLOCKER", "MOUSE_OUT", "VISITOR_IP", "GEOLOCATION"];
const conditions = {
  AD_BLOCKER: {},
  MOUSE_OUT: {},
  VISITOR_IP: { ip: "10.1.2.3" },
  GEOLOCATION: { country: "France" },
};
const segments = types.map((targetingType, i) => ({
  id: i + 1,
  name: targetingType,
  dateCreated: now,
  dateModified: now,
  conditionsData: { firstLevel: [{ conditions: [{ targetingType, ...conditions[targetingType] }] }] },
}));
const live = { experiments: [], personalizations: [], segments };
const files = [
  ["live-experiments/config.js", { liveUpdate: true }, ["live", live]],
  ["audiences/segments.js", { opportunities: true }, ["segments", segments]],
];

function open(path, changes, file) {
  const browser = createBrowser({ cookies });
  browser.baitWidth = 0;
  browser.fileMs = 100;
  browser.served[`/${path}`] = file;
  browser.answers["/ip"] = answer(null, { ip: "10.1.2.3" });
  browser.answers["/geolocation"] = answer(null, { geoip_country: "France" });
  browser.load({ resourceUrl, ...changes });
  return browser;
}

async function leaveWithThePointer(browser) {
  await browser.advance(150);
  browser.document.dispatchEvent(new Event("mouseleave"));
  await browser.advance(300);
  await browser.advance(500);
}

for (const [path, changes, file] of files) {
  test(`conditions of segments that arrive with ${path} are asked for`, async () => {
    const browser = open(path, changes, file);
    await leaveWithThePointer(browser);

    assert.deepEqual(
      browser.linesOf("targetingSegment").map((line) => Number(/&id=(\d+)/.exec(line)[1])).sort(),
      [1, 2, 3, 4],
    );
  });

  test(`conditions of segments that arrive with ${path} are asked for once in a view`, async () => {
    const browser = open(path, changes, file);
    browser.answers["/ip"] = browser.answers["/geolocation"] = new Promise(() => undefined);
    await browser.advance(150);
    browser.run(`Kameleoon.API.Core.enableLegalConsent(); Kameleoon.API.Core.enableLegalConsent("PERSONALIZATION");`);
    await browser.advance(500);
    const asked = () => browser.files.map(({ pathname }) => pathname).filter((one) => one.length < 13);
    assert.deepEqual([asked().sort(), browser.linesOf("adBlocker").length], [["/geolocation", "/ip"], 1]);

    browser.run("Kameleoon.API.Core.load()");
    await browser.advance(150);
    await browser.advance(500);
    assert.deepEqual([asked().length, browser.linesOf("adBlocker").length], [4, 2]);
  });
}
