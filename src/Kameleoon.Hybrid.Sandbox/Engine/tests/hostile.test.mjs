import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { createBrowser } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const half = "\uD83D";

/** What Prototype.js 1.6 does to the page's own types, in its own words: other methods under known names. */
const prototypeJs = `
  Array.prototype.toJSON = function () { return "[" + this.join(", ") + "]"; };
  String.prototype.toJSON = function () { return '"' + this + '"'; };
  Number.prototype.toJSON = function () { return String(this); };
  Date.prototype.toJSON = function () { return '"date"'; };
  Array.prototype.entries = function () { return this.slice(); };
  Array.prototype.reduce = function () { return this.length > 1 ? this : this[0]; };
  Array.from = function (list) { return [].slice.call(list || []); };
  Object.prototype.toJSON = undefined;
  delete Object.prototype.toJSON;`;

test("on a page with Prototype.js everything is sent and stored as elsewhere", async () => {
  const plain = createBrowser({ cookies });
  const hostile = createBrowser({ cookies });
  hostile.run(prototypeJs);
  for (const browser of [plain, hostile]) {
    browser.load({ customData: [{ index: 3, name: "Plan" }] });
    browser.run(`
      Kameleoon.API.Data.setCustomData(3, ["gold", "silver"]);
      Kameleoon.API.Data.writeLocalData("list", [1, { a: ["b"] }]);
      Kameleoon.API.Experiments.assignVariation(100, 2, true);
      Kameleoon.API.Experiments.trigger(100, true);
      Kameleoon.API.Visitor.setVisitorCode("other");
      kameleoonQueue.push(["Data.setCustomData", 3, "bronze"]);`);
    await browser.advance(500);
    browser.offline = true;
    browser.run(`Kameleoon.API.Data.setCustomData(3, "kept");`);
    await browser.advance(500);
  }

  const linesOf = (browser) => browser.lines().map((line) => line.replace(/nonce=\w+/, ""));
  assert.deepEqual(linesOf(hostile), linesOf(plain));
  assert.equal(new Set(linesOf(hostile).filter((line) => line.startsWith("eventType=customData"))).size, 3);
  assert.deepEqual(hostile.stored("kameleoonLocalData-list"), [1, { a: ["b"] }]);
  const pending = JSON.parse(hostile.window.sessionStorage.getItem("kameleoonRequestEvents"));
  assert.equal(pending[0].lines.length, 1);
  assert.deepEqual(hostile.warnings, plain.warnings);
});

test("Prototype.js leaves the visits of an earlier page as they are", async () => {
  const first = createBrowser({ cookies });
  first.run(prototypeJs);
  first.load();
  await first.advance(500);
  const next = createBrowser({ cookies, local: { ...first.window.localStorage } });
  next.load();

  assert.equal(next.window.Kameleoon.API.CurrentVisit.pageViews, 2);
  assert.equal(next.window.Kameleoon.API.Visitor.numberOfVisits, 1);
});

test("halves of surrogate pairs are replaced in values, names and nested texts", async () => {
  const browser = createBrowser({ cookies, document: { title: `a${half}` } });
  browser.load({ customData: [{ index: 3, name: "Plan" }], goals: [{ id: 7, name: "Basket" }] });
  browser.window.half = half;

  browser.run(`
    Kameleoon.API.Data.setCustomData(3, "x" + half);
    Kameleoon.API.Data.setCustomData(3, "\\\\ud83d");
    Kameleoon.API.Data.setCustomData(3, "\\u{1F600}");
    Kameleoon.API.Goals.processConversion(7, 0, { 1: [half + "y"] });`);
  await browser.advance(500);

  const fieldOf = (type, name, at = 0) => new URLSearchParams(browser.linesOf(type)[at]).get(name);
  assert.equal(fieldOf("page", "title"), "a\uFFFD");
  assert.equal(fieldOf("customData", "valuesCountMap"), '{"x\uFFFD":1}');
  assert.deepEqual(JSON.parse(fieldOf("customData", "valuesCountMap", 1)), { "\\ud83d": 1 });
  assert.deepEqual(JSON.parse(fieldOf("customData", "valuesCountMap", 2)), { "😀": 1 });
  assert.deepEqual(JSON.parse(fieldOf("conversion", "metadata")), { 1: ["\uFFFDy"] });
  assert.doesNotMatch(browser.window.localStorage.kameleoonData, /\\ud8/i);
});

test("a custom-data value is cut at 1000 characters, never in the middle of one", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ customData: [{ index: 3, name: "Plan" }] });
  browser.run(`Kameleoon.API.Data.setCustomData(3, "x".repeat(999) + "\\u{1F600}");`);
  await browser.advance(500);

  const [value] = Object.keys(
    JSON.parse(new URLSearchParams(browser.linesOf("customData")[0]).get("valuesCountMap")),
  );
  assert.equal(value, "x".repeat(999));
});

for (const [revenue, counted] of [
  ["129.9", 129.9],
  ["-5", -5],
  [0, 0],
  [12.5, 12.5],
  [null, 0],
]) {
  test(`the revenue ${JSON.stringify(revenue)} is counted as ${counted}`, async () => {
    const { warnings, sent } = await convert(revenue);

    assert.deepEqual([sent, warnings], [String(counted), []]);
  });
}

for (const revenue of ["1,234.50", "129,90", "€10", "", " 12", "0x10", "1e3", "129.90 ", "+5", ".5", "1_000", true, [7], { valueOf: 3 }, { valueOf: () => 3 }, new Date(0), NaN, Infinity, 10n, Symbol("x")]) {
  test(`the revenue ${inspect(revenue)} is no number: the conversion has none`, async () => {
    const { warnings, sent } = await convert(revenue);

    assert.equal(sent, "0");
    assert.match(warnings.join(), /revenue/);
  });
}

async function convert(revenue) {
  const browser = createBrowser({ cookies });
  browser.load({ goals: [{ id: 7, name: "Basket" }] });
  browser.window.revenue = revenue;
  browser.run(`Kameleoon.API.Goals.processConversion(7, revenue);`);
  await browser.advance(500);
  return { warnings: browser.warnings, sent: new URLSearchParams(browser.linesOf("conversion")[0]).get("revenue") };
}
