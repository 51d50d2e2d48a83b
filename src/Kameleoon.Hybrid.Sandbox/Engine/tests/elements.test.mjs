import assert from "node:assert/strict";
import { test } from "node:test";
import { added, createBrowser, element, formHiding } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const web = (more) => ({ id: 1, name: "E1", kind: "web", variations: [{ id: 5, name: "V", share: 1 }], ...more });
const elementSegment = (selector) => ({
  id: 9,
  name: "Element",
  conditionsData: { firstLevel: [{ conditions: [{ targetingType: "DOM_ELEMENT", selector }] }] },
});

/** A page whose searches are counted; `present` are the selectors that find something. */
function open(configuration, present = new Set()) {
  const searches = [];
  const querySelectorAll = (selector) => {
    searches.push(selector);
    return present.has(selector) ? [element()] : [];
  };
  const browser = createBrowser({ cookies, document: { querySelectorAll } });
  browser.load({ experiments: [], ...configuration });
  return { browser, searches, present };
}

test("a page without campaigns is not observed, until something waits and no longer than that", () => {
  const { browser, present } = open({});
  assert.equal(browser.observers.length, 0);

  browser.run(`Kameleoon.API.Core.runWhenElementPresent("#a", () => (window.found = true));`);
  assert.equal(browser.observers.length, 1);
  present.add("#a");
  browser.mutate(added(element({ id: "a" })));

  assert.deepEqual([browser.window.found, browser.observers.length], [true, 0]);
});

test("one observer serves all campaigns and waits, from the start of the campaigns to the end of the view", async () => {
  const { browser } = open({ experiments: [web()], segments: [elementSegment(".late")] });
  browser.run(`for (const id of ["a", "b", "c"]) Kameleoon.API.Core.runWhenElementPresent("#" + id, () => undefined);`);
  await browser.advance(1000);
  assert.equal(browser.observers.length, 1);

  browser.mutate(added(element()));
  assert.equal(browser.observers.length, 1);
});

test("only selectors whose ids and classes the page has are searched for", () => {
  const { browser, searches } = open({ experiments: [web()] });
  browser.run(`for (const selector of ["#a.b", "p", ".c > .b", ".x, .y .b", ".z:not(.b)", ".Upper"])
    Kameleoon.API.Core.runWhenElementPresent(selector, () => undefined);`);
  searches.length = 0;

  browser.mutate(added(element({ classes: ["b"] })));
  assert.deepEqual(searches.splice(0), ["p", ".z:not(.b)"]);
  browser.mutate(added(element({ id: "a", classes: ["y"] })));
  assert.deepEqual(searches.splice(0), ["#a.b", "p", ".x, .y .b", ".z:not(.b)"]);
  browser.mutate({ type: "attributes", addedNodes: [], target: element({ classes: ["upper"] }) });

  assert.deepEqual(searches, ["#a.b", "p", ".x, .y .b", ".z:not(.b)", ".Upper"]);
});

test("an element that a condition waits for lets its experiment run when it appears", async () => {
  const { browser, searches, present } = open({
    segments: [elementSegment(".late")],
    experiments: [web({ segmentId: 9 })],
  });
  await browser.advance(2000);
  assert.ok(!searches.includes(".late"));

  present.add(".late");
  browser.mutate(added(element({ classes: ["late"] })));
  await browser.advance(500);

  assert.equal(browser.linesOf("experiment").length, 1);
});

test("what was in the page before the engine counts", () => {
  const present = new Set(["#a"]);
  const browser = createBrowser({
    cookies,
    document: {
      querySelectorAll: (selector) =>
        selector === "[id],[class]" || present.has(selector) ? [element({ id: "a" })] : [],
    },
  });
  browser.load({ segments: [elementSegment("#a")], experiments: [web({ segmentId: 9 })] });

  assert.ok(browser.names().includes("ExperimentActivated"));
});

test("a page that breaks the observer still has its campaigns", () => {
  const browser = createBrowser({ cookies, globals: { MutationObserver: undefined } });
  browser.load({ experiments: [web()] });

  assert.ok(browser.names().includes("ExperimentActivated"));
});

test("a form whose inputs hide its members is found, and does not end the watching", () => {
  const hostile = ["getAttribute", "classList", "id", "nodeType", "querySelectorAll"];
  const form = (names) => formHiding(hostile, element(names));
  const present = new Set();
  const querySelectorAll = (selector) =>
    selector === "[id],[class]" ? [form({ id: "there" })] : present.has(selector) ? [element()] : [];
  const browser = createBrowser({ cookies, document: { querySelectorAll } });
  browser.load({ experiments: [] });
  browser.run(`
    var found = [];
    for (const selector of ["#f", ".g", "#h"]) Kameleoon.API.Core.runWhenElementPresent(selector, () => found.push(selector));`);
  assert.equal(browser.observers.length, 1);

  ["#f", ".g", "#h"].forEach((selector) => present.add(selector));
  browser.mutate(added(form({ id: "f", classes: ["g", "x"] })));
  assert.deepEqual([...browser.window.found], ["#f", ".g"]);
  browser.mutate(added(element({ id: "h" })));

  assert.deepEqual([...browser.window.found], ["#f", ".g", "#h"]);
  assert.deepEqual(browser.warnings, []);
});
