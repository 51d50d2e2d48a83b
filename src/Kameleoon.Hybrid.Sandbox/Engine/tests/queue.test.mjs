import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";

test("entries run in push order once tracking has begun, before Started", () => {
  const browser = createBrowser();
  browser.run(`
    var log = [];
    addEventListener("Kameleoon::Loaded", () => log.push("Loaded"));
    addEventListener("Kameleoon::Started", () => log.push("Started"));
    var kameleoonQueue = [1, 2, 3, 4, 5].map((n) => () => log.push(n));`);

  browser.load();

  assert.deepEqual([...browser.window.log], ["Loaded", 1, 2, 3, 4, 5, "Started"]);
});

test("an entry that throws is logged and the following ones run", () => {
  const browser = createBrowser();
  browser.run(`
    var log = [];
    var kameleoonQueue = [() => log.push(1), () => { throw new Error("no"); }, () => log.push(3)];`);

  browser.load();

  assert.deepEqual([...browser.window.log], [1, 3]);
  assert.equal(browser.warnings.length, 1);
});

test("after the start a push runs before it returns, and the queue stays empty", () => {
  const browser = createBrowser();
  browser.load();

  browser.run(`
    var log = [];
    kameleoonQueue.push(() => log.push(1), () => log.push(2));
    log.push("returned");
    window.kameleoonQueue = window.kameleoonQueue || [];`);

  assert.deepEqual([...browser.window.log], [1, 2, "returned"]);
  assert.equal(browser.window.kameleoonQueue.length, 0);
});

test("what an entry pushes runs behind the entries already waiting", () => {
  const browser = createBrowser();
  browser.run(`
    var log = [];
    var kameleoonQueue = [() => { kameleoonQueue.push(() => log.push("inner")); log.push(1); }, () => log.push(2)];`);

  browser.load();

  assert.deepEqual([...browser.window.log], [1, 2, "inner"]);
});

test("an IMMEDIATE entry runs before the visitor is known, a plain entry of the same array after", () => {
  const browser = createBrowser();
  browser.run(`
    var log = [];
    var read = (who) => () => log.push(who + ":" + (Kameleoon.API.Visitor.code ?? "none"));
    var kameleoonQueue = [
      read("plain"), { level: "IMMEDIATE", command: read("first") }, { command: read("levelless") },
      { level: "IMMEDIATE", command: ["Visitor.setVisitorCode", "imposed"] }];`);

  browser.load();

  assert.deepEqual([...browser.window.log], ["first:none", "plain:imposed", "levelless:imposed"]);
});

test("during an aborted load IMMEDIATE entries run, before or after it, and the others wait", () => {
  const browser = createBrowser();
  browser.run(`
    var log = [];
    var kameleoonQueue = [() => log.push("plain"), { level: "IMMEDIATE", command: () => log.push("immediate") }];`);

  browser.load({ disabled: true });
  browser.run(`
    kameleoonQueue.push(() => log.push("late"));
    kameleoonQueue.push({ level: "IMMEDIATE", command: () => log.push("late immediate") });`);

  assert.deepEqual([...browser.window.log], ["immediate", "late immediate"]);
  assert.equal(browser.window.kameleoonQueue.length, 2);
});

test("full and short names reach the same method", async () => {
  const browser = createBrowser();
  browser.run(`var kameleoonQueue = [["Goals.processConversion", 1], ["Kameleoon.API.Goals.processConversion", 2]];`);

  browser.load();
  await browser.advance(500);

  assert.deepEqual(browser.linesOf("conversion").map((line) => /goalId=(\d)/.exec(line)[1]), ["1", "2"]);
});

for (const path of [
  "Goals.unknown",
  "constructor.constructor",
  "Core.load.constructor",
  "__proto__.toString",
  "Core.hasOwnProperty",
  "Kameleoon.API.Core.load.call",
  "",
]) {
  test(`the name "${path}" is refused and logged`, () => {
    const browser = createBrowser();
    browser.load();

    browser.window.kameleoonQueue.push([path, "alert(1)"]);

    assert.match(browser.warnings.join(), /unknown method/);
  });
}

test("an entry of no known form is logged", () => {
  const browser = createBrowser();
  browser.run(`var kameleoonQueue = [null, 3, { level: "IMMEDIATE" }];`);

  browser.load();

  assert.equal(browser.warnings.length, 3);
  assert.ok(browser.names().includes("Started"));
});

test("the page's own array stays in place, so earlier references keep working", () => {
  const browser = createBrowser();
  browser.run(`var kameleoonQueue = []; var kept = kameleoonQueue; var ran = false;`);

  browser.load();
  browser.run(`kept.push(() => { ran = true; });`);

  assert.equal(browser.window.ran, true);
});
