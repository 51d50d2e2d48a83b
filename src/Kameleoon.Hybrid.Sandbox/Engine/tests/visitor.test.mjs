import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";

const cookie = (value, domain) => ({ name: "kameleoonVisitorCode", value, domain });
const codes = (browser) => browser.jar.cookies.map(({ value, domain }) => [value, domain]);
const impose = (code) => ({
  globals: { kameleoonQueue: [{ level: "IMMEDIATE", command: ["Visitor.setVisitorCode", code] }] },
});

test("the code of a readable cookie is used as it is and the cookie is not written", async () => {
  const browser = createBrowser({ cookies: [cookie("aaaa%20bbbb")] });

  browser.load();
  await browser.advance(500);

  assert.equal(browser.hits[0].visitorCode, "aaaa%20bbbb");
  assert.equal(browser.window.Kameleoon.API.Visitor.code, "aaaa%20bbbb");
  assert.deepEqual(browser.jar.writes, []);
});

test("without a code one of sixteen lower-case letters and digits is minted and kept a year", () => {
  const browser = createBrowser();

  browser.load();

  const { code } = browser.window.Kameleoon.API.Visitor;
  assert.match(code, /^[a-z0-9]{16}$/);
  assert.deepEqual(browser.jar.writes, [
    `kameleoonVisitorCode=${code}; path=/; expires=Fri, 01 Jan 2027 00:00:00 GMT; SameSite=Lax; Secure` +
      "; domain=shop.test",
  ]);
});

for (const [url, domain] of [
  ["http://a.b.shop.co.uk/", "shop.co.uk"],
  ["http://app.localhost/", "app.localhost"],
  ["http://localhost:5000/", undefined],
  ["http://127.0.0.1:5000/", undefined],
]) {
  test(`a code minted on ${url} is written for ${domain ?? "the host alone"}`, () => {
    const browser = createBrowser({ url });

    browser.load();

    assert.deepEqual(codes(browser), [[browser.window.Kameleoon.API.Visitor.code, domain]]);
  });
}

for (const value of ["", "has space", 'quo"ted', "<script>", "a,b", "x".repeat(256), "é"]) {
  test(`the cookie value ${JSON.stringify(value.slice(0, 12))} (${value.length} characters) is not a code`, () => {
    const browser = createBrowser({ cookies: [cookie(value)] });

    browser.load();

    assert.match(browser.window.Kameleoon.API.Visitor.code, /^[a-z0-9]{16}$/);
  });
}

test("of two visible codes the first is used, and the duplicate is logged", () => {
  const browser = createBrowser({ cookies: [cookie("older"), cookie("newer", "shop.test")] });

  browser.load();

  assert.equal(browser.window.Kameleoon.API.Visitor.code, "older");
  assert.match(browser.warnings.join(), /DUPLICATE_VISITOR_CODE/);
});

test("a code imposed before the start wins over the cookie, replaces it and erases stored assignments", async () => {
  const local = { "kameleoonExperiment-100": JSON.stringify({ value: "1/5", expirationDate: 9e15 }) };
  const browser = createBrowser({ cookies: [cookie("old")], local, ...impose("new") });

  browser.load();
  await browser.advance(500);

  assert.deepEqual(browser.hits.map((hit) => hit.visitorCode), ["new"]);
  assert.ok(codes(browser).every(([value]) => value === "new"));
  assert.equal(browser.stored("kameleoonExperiment-100"), undefined);
});

test("a code imposed before the start keeps the visits of the person it renames", () => {
  const first = createBrowser({ cookies: [cookie("old")] });
  first.load();
  const second = createBrowser({ local: { ...first.window.localStorage }, cookies: [cookie("old")], ...impose("new") });

  second.load();

  assert.equal(second.stored("kameleoonData").code, "new");
  assert.equal(second.stored("kameleoonData").count, 1);
  assert.equal(second.detailOf("Started").newVisitorCode, false);
});

test("the code is undefined until the visitor is resolved", () => {
  const browser = createBrowser({ cookies: [cookie("aaaa")] });

  browser.load({ disabled: true });

  assert.equal(browser.window.Kameleoon.API.Visitor.code, undefined);
});

// T-HYB-5
test("a late code switch sends what was gathered under the old code first", async () => {
  const browser = createBrowser({ cookies: [cookie("A")] });
  browser.load();

  browser.run(`
    Kameleoon.API.Goals.processConversion(1);
    Kameleoon.API.Visitor.setVisitorCode("B");
    Kameleoon.API.Goals.processConversion(2);`);
  await browser.advance(500);

  assert.deepEqual(browser.hits.map((hit) => hit.visitorCode), ["A", "B"]);
  assert.match(browser.hits[0].body, /goalId=1/);
  assert.deepEqual(browser.hits[1].lines.map((line) => line.split("&")[0]), [
    "eventType=page",
    "eventType=staticData",
    "eventType=conversion",
  ]);
  assert.ok(codes(browser).every(([value]) => value === "B"));
});

test("setting the current code again has no effect", async () => {
  const browser = createBrowser({ cookies: [cookie("A")] });
  browser.load();

  browser.run(`Kameleoon.API.Visitor.setVisitorCode("A")`);
  await browser.advance(500);

  assert.equal(browser.linesOf("page").length, 1);
  assert.deepEqual(browser.jar.writes, []);
});

test("an invalid imposed code is ignored and logged", () => {
  const browser = createBrowser({ cookies: [cookie("A")], ...impose("x; domain=evil") });

  browser.load();

  assert.equal(browser.window.Kameleoon.API.Visitor.code, "A");
  assert.match(browser.warnings.join(), /not a visitor code/);
});

test("a visit continues within half an hour and another begins after it", async () => {
  const browser = createBrowser({ cookies: [cookie("A")] });
  browser.load();
  browser.clock.advance(29 * 60_000);
  browser.run("Kameleoon.API.Core.load()");
  assert.equal(browser.window.Kameleoon.API.Visitor.numberOfVisits, 1);

  browser.clock.advance(31 * 60_000);
  browser.run("Kameleoon.API.Core.load()");
  await browser.advance(500);

  assert.equal(browser.window.Kameleoon.API.Visitor.numberOfVisits, 2);
  assert.match(browser.linesOf("staticData").at(-1), /timeSincePreviousVisit=1860000&.*visitNumber=2/);
});

test("stored visits of another code are dropped", () => {
  const first = createBrowser({ cookies: [cookie("A")] });
  first.load();
  const second = createBrowser({ local: { ...first.window.localStorage }, cookies: [cookie("B")] });
  second.clock.advance(86_400_000);

  second.load();

  assert.equal(second.window.Kameleoon.API.Visitor.numberOfVisits, 1);
  assert.equal(second.stored("kameleoonData").code, "B");
});
