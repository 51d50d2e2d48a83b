import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";
import { cookies, stored, variation, web } from "./campaign-samples.mjs";

test("a redirect keeps the assignment, sends what was gathered and leaves", () => {
  const browser = createBrowser({ cookies });
  const targets = [];
  browser.window.location.replace = (url) => targets.push(url);
  browser.load({ experiments: [web(1, [variation(2, 1, { redirect: "/other" })])] });
  browser.run(`Kameleoon.API.Core.processRedirect("javascript:alert(1)");`);

  assert.deepEqual(targets, ["https://www.shop.test/other"]);
  assert.equal(browser.document.documentElement.style.visibility, "hidden");
  assert.match(browser.hits[0].body, /eventType=experiment/);
  assert.match(browser.stored("kameleoonExperiment-1"), /^2\//);
});

for (const what of ["leads nowhere", "is refused"]) {
  test(`a redirect that ${what} shows the page again`, async () => {
    const browser = createBrowser({ cookies });
    browser.window.location.replace = () => {
      if (what === "is refused") {
        throw new Error("SecurityError");
      }
    };
    browser.load({ experiments: [web(1, [variation(2, 1, { redirect: "/other" })])] });

    await browser.advance(4_999);
    assert.equal(browser.document.documentElement.style.visibility, "hidden");
    await browser.advance(1);

    assert.equal(browser.document.documentElement.style.visibility, "");
  });
}

test("a redirect that has arrived shows the page", () => {
  const browser = createBrowser({ cookies });
  browser.window.location.replace = () => assert.fail("redirected for ever");

  browser.load({ experiments: [web(1, [variation(2, 1, { redirect: "/page?a=b" })])] });

  assert.equal(browser.document.documentElement.style.visibility, undefined);
  assert.equal(browser.window.Kameleoon.API.Experiments.getById(1).redirectProcessed, true);
});

for (const [what, arrivedAt] of [
  ["without its slash", "https://www.shop.test/other/"],
  ["with a parameter more", "https://www.shop.test/other?from=mail"],
]) {
  test(`a redirect whose target the site knows under another address, ${what}, ends`, () => {
    const experiments = [web(1, [variation(2, 1, { redirect: "/other" })])];
    const targets = [];
    const open = (url, tab) => {
      const browser = createBrowser({ url, cookies, tab });
      browser.window.location.replace = (target) => targets.push(target);
      browser.load({ experiments });
      return browser;
    };

    const first = open("https://www.shop.test/page", {});
    const second = open(arrivedAt, { ...first.window.sessionStorage });

    assert.deepEqual(targets, ["https://www.shop.test/other"]);
    assert.equal(second.document.documentElement.style.visibility, undefined);
  });
}

test("a redirect counts as processed for the variation of this visitor alone", () => {
  const browser = createBrowser({ cookies, local: stored(1, "0/1") });

  browser.load({ experiments: [web(1, [variation(0, 1), variation(2, 0, { redirect: "/page?a=b" })])] });

  assert.equal(browser.window.Kameleoon.API.Experiments.getById(1).redirectProcessed, false);
});
