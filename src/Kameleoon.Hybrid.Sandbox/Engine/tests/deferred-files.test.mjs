import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser, settled } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const resourceUrl = "https://files.test/r/";

// T-LOAD-6
test("deferred files come once and in order, and nothing is tracked before", async () => {
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

// T-LOAD-6
test("deferred files are asked for with the site and the environment of the first", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ resourceUrl: "https://files.test/r/?siteCode=a&environment=b", deferral: { campaigns: true } });
  await settled();
  await browser.advance(0);

  assert.deepEqual(
    browser.files.map((url) => url.href),
    ["https://files.test/r/engine-campaigns.js?siteCode=a&environment=b"],
  );
});

// T-LOAD-6
test("without its deferred settings the engine still asks for consent", async () => {
  const browser = createBrowser();
  browser.load({ resourceUrl, deferral: { configuration: true }, consent: { abTesting: "REQUIRED" } });
  await settled();
  await browser.advance(0);
  await browser.advance(60_000);

  assert.ok(browser.names().includes("Started"));
  assert.deepEqual([browser.hits.length, browser.jar.writes.length], [0, 0]);
});

// T-LOAD-6
test("a deferred file that is missing, or never comes, leaves an engine without campaigns", async () => {
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
