import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser, settled } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const resourceUrl = "https://files.test";
const path = "/experiments/1/variations/5.js";
const code = { id: 5, name: "V", js: () => (window.ran = true) };
const delayed = { tags: ["DELAYED"] };
const experiment = {
  id: 1,
  name: "E1",
  kind: "web",
  variations: [{ id: 5, name: "V", share: 1 }],
  integrations: ["tool"],
  ...delayed,
};
const integrations = { tool: () => (window.told = true) };

function open(configuration, served = {}) {
  const browser = createBrowser({ cookies });
  Object.assign(browser.served, served);
  browser.fileMs = 300;
  browser.load({ resourceUrl, integrations, experiments: [], ...configuration });
  return browser;
}

test("a delayed variation is reported after its code arrived and ran, not before", async () => {
  const browser = open({ experiments: [experiment] }, { [path]: ["experiments/1/variations/5", code] });

  await browser.advance(200);
  browser.hide();
  assert.deepEqual([browser.linesOf("experiment").length, browser.window.told], [0, undefined]);
  await browser.advance(100);
  await browser.advance(500);

  assert.equal(browser.linesOf("experiment").length, 1);
  assert.deepEqual([browser.window.ran, browser.window.told], [true, true]);
});

/** What a variation's script does that sends events elsewhere, and what the page sees of it. */
const sendingCode = () => {
  window.log = ["shown", `sent ${window.sent}`, `told ${window.told}`];
  Kameleoon.API.Goals.processConversion(7, 3);
  Kameleoon.API.Core.enableLegalConsent();
  Kameleoon.API.Core.processRedirect("https://www.shop.test/elsewhere");
  window.log.push(`sent ${window.sent}`, `told ${window.told}`);
  throw new Error("the script fails");
};

for (const [name, more] of [
  ["an experiment", { experiments: [experiment] }],
  ["a personalization", { personalizations: [{ id: 1, name: "P1", variation: { id: 5, name: "V" }, integrations: ["tool"], ...delayed }] }],
  ["an experiment of the file", { experiments: [{ ...experiment, tags: [], variations: [{ ...code, share: 1, js: sendingCode }] }] }],
]) {
  test(`${name} is sent after it was shown and before its conversions, also when its script fails`, async () => {
    const browser = createBrowser({ cookies });
    browser.window.location.replace = () => undefined;
    browser.run("var sent = 0;");
    browser.window.addEventListener("Kameleoon::Internals", ({ detail }) => {
      browser.window.sent += detail.type === "flush" ? detail.lines : 0;
    });
    browser.run(`addEventListener("Kameleoon::ExperimentTriggered", () => Kameleoon.API.Core.enableLegalConsent());`);
    const kind = more.personalizations ? "personalizations" : "experiments";
    browser.served[`/${kind}/1/variations/5.js`] = [`${kind}/1/variations/5`, { ...code, js: sendingCode }];
    browser.window.sent = 0;
    browser.load({ resourceUrl, integrations, experiments: [], ...more });
    await browser.advance(1);
    const [, before, , after] = browser.window.log;
    await browser.advance(500);

    assert.deepEqual([...browser.window.log], ["shown", before, "told undefined", after, "told undefined"]);
    assert.equal(before, after);
    assert.equal(browser.window.told, true);
    const types = browser.lines().map((line) => /eventType=(\w+)/.exec(line)[1]);
    const exposure = types.indexOf(kind.slice(0, -1));
    assert.ok(exposure >= 0 && exposure < types.indexOf("conversion"), types.join());
  });
}

test("a delayed variation whose code is missing is neither shown nor reported nor counted", async () => {
  const browser = open({ experiments: [experiment] });
  await browser.advance(300);
  await browser.advance(500);

  assert.deepEqual(browser.linesOf("experiment"), []);
  assert.equal(browser.window.told, undefined);
  assert.deepEqual([...browser.window.Kameleoon.API.Experiments.getActivatedInVisit()], []);
  assert.ok(!browser.names().includes("ExperimentActivated"));
  assert.match(browser.warnings.join(), /neither shown nor reported/);
});

test("the next view asks again for code that was missing", async () => {
  const browser = open({ experiments: [experiment] });
  await browser.advance(300);
  browser.served[path] = ["experiments/1/variations/5", code];
  browser.run("Kameleoon.API.Core.load()");
  await browser.advance(300);
  await browser.advance(500);

  assert.equal(browser.linesOf("experiment").length, 1);
});

test("a server's trigger does not report a variation whose code is awaited", async () => {
  const browser = open({ experiments: [experiment] });
  browser.run(`Kameleoon.API.Experiments.trigger(1);`);
  await browser.advance(300);
  await browser.advance(500);

  assert.deepEqual(browser.linesOf("experiment"), []);
});

test("the code of a visitor who was replaced meanwhile is dropped", async () => {
  const browser = open({ experiments: [experiment] }, { [path]: ["experiments/1/variations/5", code] });
  browser.run(`Kameleoon.API.Visitor.setVisitorCode("other");`);
  await browser.advance(300);
  await browser.advance(500);

  assert.deepEqual([browser.linesOf("experiment"), browser.window.ran], [[], undefined]);
});

const personalization = (id, more) => ({
  id,
  name: `P${id}`,
  variation: { id: id + 100, name: "Banner" },
  ...delayed,
  ...more,
});

test("a delayed personalization without its code is not reported or counted, and yields its priority", async () => {
  const personalizations = [
    personalization(1, { priority: 1, capping: { visitor: 1 } }),
    { ...personalization(2, { priority: 2 }), tags: [], variation: { id: 102, name: "Other", css: "p{}" } },
  ];
  const browser = open({ personalizations });
  await browser.advance(300);
  await settled();
  await browser.advance(500);

  const lines = browser.linesOf("personalization").map((line) => line.replace(/&nonce=\w+/, ""));
  assert.deepEqual(lines, [
    "eventType=personalization&id=2&variationId=0&originalVariationId=102&unexpositionCause=PRIORITY",
    "eventType=personalization&id=2&variationId=1&originalVariationId=102",
  ]);
  assert.equal(browser.stored("kameleoonPersonalization-1"), undefined);
  assert.deepEqual(Object.keys(browser.stored("kameleoonData").shown), ["2"]);
});

test("a delayed personalization is reported once its code arrived", async () => {
  const browser = open(
    { personalizations: [personalization(1)] },
    { "/personalizations/1/variations/101.js": ["personalizations/1/variations/101", { id: 101, name: "B", css: "p{}" }] },
  );
  browser.hide();
  assert.deepEqual(browser.linesOf("personalization"), []);
  await browser.advance(300);
  await browser.advance(500);

  assert.equal(browser.linesOf("personalization").length, 1);
  assert.equal(browser.styles.length, 1);
});
