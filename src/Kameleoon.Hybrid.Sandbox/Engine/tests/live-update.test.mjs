import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser, settled } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const resourceUrl = "https://files.test";
const path = "/live-experiments/config.js";
const web = (id, more) => ({ id, name: `E${id}`, kind: "web", variations: [{ id: id + 10, name: "V", share: 1 }], ...more });
const live = { tags: ["LIVE-UPDATE"] };

async function open(configuration, body) {
  const browser = createBrowser({ cookies });
  if (body !== undefined) {
    browser.served[path] = ["live", body];
  }

  browser.load({ resourceUrl, experiments: [], ...configuration });
  await settled();
  await browser.advance(0);
  await browser.advance(500);
  return browser;
}

const exposed = (browser) => browser.linesOf("experiment").map((line) => Number(/&id=(\d+)/.exec(line)[1]));

test("the tag alone makes the engine ask for the live file", async () => {
  const browser = await open({ experiments: [web(1, live)] }, { experiments: [web(1, { ...live, name: "Renamed" })] });

  assert.deepEqual(browser.files.map(({ pathname }) => pathname), [path]);
  assert.equal(browser.window.Kameleoon.API.Experiments.getById(1).name, "Renamed");
});

test("a live experiment that was removed stops, also with a cached engine", async () => {
  const browser = await open({ experiments: [web(1, live), web(2), web(3, live)] }, { experiments: [web(3, live)] });

  assert.deepEqual(exposed(browser), [2, 3]);
  assert.equal(browser.window.Kameleoon.API.Experiments.getById(1), null);
});

test("a live personalization that was removed is not shown", async () => {
  const personalization = { id: 5, name: "P", variation: { id: 6, name: "B", css: "p{}" }, ...live };
  const browser = await open({ personalizations: [personalization] }, {});

  assert.equal(browser.styles, undefined);
});

test("a new live experiment comes with its segment", async () => {
  const segments = [{ id: 9, name: "All", conditionsData: { firstLevel: [] } }];
  const browser = await open({ experiments: [web(1, live)] }, { segments, experiments: [web(4, { ...live, segmentId: 9 })] });

  assert.deepEqual(exposed(browser), [4]);
});

test("without the live file the engine's own campaigns run", async () => {
  assert.deepEqual(exposed(await open({ experiments: [web(1, live)] })), [1]);
});

test("a project without the tag asks for no live file", async () => {
  assert.equal((await open({ experiments: [web(1)] })).files.length, 0);
});
