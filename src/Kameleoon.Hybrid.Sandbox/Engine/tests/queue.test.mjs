import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";

// T-QUEUE-1
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

// T-QUEUE-2
test("an entry that throws is logged and the following ones run", () => {
  const browser = createBrowser();
  browser.run(`
    var log = [];
    var kameleoonQueue = [() => log.push(1), () => { throw new Error("no"); }, () => log.push(3)];`);

  browser.load();

  assert.deepEqual([...browser.window.log], [1, 3]);
  assert.equal(browser.warnings.length, 1);
});

// T-QUEUE-3
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

// T-LOAD-2
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

// T-QUEUE-7
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

// T-QUEUE-5
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
  // T-QUEUE-6
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

for (const [what, code] of Object.entries({
  "a number": "var kameleoonQueue = 3;",
  "an object with a length": "var kameleoonQueue = { length: 2, 0: 1 };",
  "a frozen array": "var kameleoonQueue = Object.freeze([() => 1]);",
  "a property nobody may write": "Object.defineProperty(window, 'kameleoonQueue', { value: Object.freeze([]) });",
  "a sparse array": "var kameleoonQueue = []; kameleoonQueue.length = 2 ** 32 - 1;",
  "entries whose members throw": `var kameleoonQueue = [
    { get level() { throw new Error("no"); }, get command() { throw new Error("no"); } },
    new Proxy({}, { has() { throw new Error("no"); } }), Symbol("x"), { level: "IMMEDIATE", command: [{}] }];`,
})) {
  test(`a queue that is ${what} does not keep the engine from starting`, () => {
    const browser = createBrowser();
    browser.run(code);

    browser.load();

    assert.ok(browser.names().includes("Started"));
  });
}

test("ten thousand entries run in order", async () => {
  const browser = createBrowser();
  browser.run(`
    var count = 0;
    var kameleoonQueue = Array.from({ length: 10_000 }, (_, i) =>
      i % 2 ? () => { count++; } : ["Goals.processConversion", 1 + i]);`);

  browser.load();
  await browser.advance(500);

  assert.equal(browser.window.count, 5000);
  const goals = browser.linesOf("conversion").map((line) => Number(/goalId=(\d+)/.exec(line)[1]));
  assert.deepEqual(goals, Array.from({ length: 5000 }, (_, i) => 1 + 2 * i));
});

test("an entry that pushes itself for ever is stopped and logged", () => {
  const browser = createBrowser();
  browser.run(`var kameleoonQueue = []; var again = () => kameleoonQueue.push(again); kameleoonQueue.push(again);`);

  browser.load();

  assert.ok(browser.names().includes("Started"));
  assert.match(browser.warnings.join(), /grew beyond/);
});

test("a page that replaces Array.prototype.push changes nothing", async () => {
  const browser = createBrowser();
  browser.run(`
    Array.prototype.push = () => { throw new Error("replaced"); };
    var kameleoonQueue = [["Experiments.assignVariation", 100, 1, true], ["Experiments.trigger", 100, true]];`);

  browser.load();
  browser.run(`kameleoonQueue.push(["Goals.processConversion", 1]);`);
  await browser.advance(500);

  assert.deepEqual(browser.lines().map((line) => line.split("&")[0]), [
    "eventType=page", "eventType=staticData", "eventType=experiment", "eventType=conversion"]);
  assert.deepEqual(browser.warnings, []);
});

for (const [what, code] of [["stands still", "Date.now = () => 5;"], ["throws", "Date.now = () => { throw 1; };"]]) {
  test(`a page whose clock ${what} is tracked`, async () => {
    const browser = createBrowser();
    browser.run(code);

    browser.load();
    await browser.advance(500);

    assert.equal(browser.linesOf("page").length, 1);
  });
}
