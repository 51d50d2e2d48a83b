import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser, settled } from "./browser.mjs";

const codes = { local: JSON.stringify({ value: "local", expirationDate: 9e15 }) };
// T-VC-1 to T-VC-6
for (const [name, cookie, isStored, option, expected, writes] of [
  ["without any code", undefined, false, false, /^[a-z0-9]{16}$/, 1],
  ["with a cookie", "cookie", false, false, /^cookie$/, 0],
  ["with a code in local storage", undefined, true, true, /^local$/, 1],
  ["with both equal", "local", true, true, /^local$/, 0],
  ["with both different without the option", "cookie", true, false, /^cookie$/, 0],
  ["with both different with the option", "cookie", true, true, /^local$/, 2],
]) {
  test(`${name}: the code is ${expected}`, () => {
    const browser = createBrowser({
      cookies: cookie === undefined ? [] : [{ name: "kameleoonVisitorCode", value: cookie }],
      local: isStored ? { kameleoonVisitorCode: codes.local } : {},
    });

    browser.load({ visitorCodeInLocalStorage: option });

    assert.match(browser.window.Kameleoon.API.Visitor.code, expected);
    assert.equal(browser.jar.writes.length, writes);
  });
}

/** A page whose storage is a frame's: `answer` is what the frame says, `told` what it was told. */
function openWithFrame(options) {
  const told = [];
  const frame = { tagName: "iframe", contentWindow: { postMessage: (text) => told.push(JSON.parse(text).type) } };
  const browser = createBrowser({ document: { createElement: () => frame }, ...options });
  const answer = (data) => {
    const message = { kameleoonMessage: true, type: "answer", data, callbackId: 0 };
    const from = { origin: "https://shop.test", source: frame.contentWindow, data: JSON.stringify(message) };
    browser.window.dispatchEvent(Object.assign(new Event("message"), from));
  };
  browser.load({ unify: { enabled: true, frameUrl: "https://shop.test/engine-frame.html" } });
  return { browser, told, answer };
}

const shared = { kameleoonVisitorCode: JSON.stringify({ value: "shared", expirationDate: 9e15 }) };

// T-UNIFY
test("the history in the frame is the visitor's", async () => {
  const { browser, told, answer } = openWithFrame();

  answer(shared);
  await settled();
  await browser.advance(500);

  assert.deepEqual(browser.hits.map((hit) => hit.visitorCode), ["shared"]);
  assert.ok(told.includes("write"));
});

// T-UNIFY
test("a frame that answers after two seconds is not overwritten with what the page knows", async () => {
  const { browser, told, answer } = openWithFrame();
  await browser.advance(2000);
  assert.ok(browser.steps().includes("unify/timeout"));

  answer(shared);
  browser.run("Kameleoon.API.Goals.processConversion(1)");
  await browser.advance(500);

  assert.deepEqual(told, []);
  assert.ok(browser.names().includes("Started"));
});

// T-UNIFY
test("two tabs of a host with unified storage share what they note of a visit", async () => {
  const first = openWithFrame();
  const second = openWithFrame({ storage: first.browser.window.localStorage });
  first.answer(shared);
  second.answer(shared);
  await settled();

  first.browser.document.dispatchEvent(new Event("click"));
  await settled();
  second.browser.window.dispatchEvent(Object.assign(new Event("storage"), { key: "kameleoonData" }));
  second.browser.run("Kameleoon.API.Goals.processConversion(1)");
  await settled();

  const [{ clicks, conversions }] = second.browser.stored("kameleoonData").visits;
  assert.deepEqual([clicks, conversions], [1, { 1: 1 }]);
});
