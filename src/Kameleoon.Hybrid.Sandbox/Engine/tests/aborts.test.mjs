import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
const late = `var kameleoonTimeout = true;`;

for (const onTimeout of ["PAGE", "VISIT"]) {
  // T-TIMEOUT
  test(`an engine later than the anti-flicker timer gives the ${onTimeout.toLowerCase()} up`, () => {
    const browser = createBrowser({ cookies });
    browser.run(late);

    browser.load({ onTimeout });
    const next = createBrowser({ cookies, tab: { ...browser.window.sessionStorage } });
    next.load({ onTimeout });

    assert.equal(browser.detailOf("Aborted").reason, "TIMEOUT");
    assert.equal(browser.detailOf("Loaded").timeout, true);
    assert.equal(next.detailOf("Aborted")?.reason, onTimeout === "VISIT" ? "TIMEOUT" : undefined);
  });
}

// LOAD-4
test("where timeouts are not given up, a late engine runs", () => {
  const browser = createBrowser({ cookies });
  browser.run(late);

  browser.load();

  assert.equal(browser.detailOf("Loaded").timeout, false);
  assert.ok(browser.names().includes("Started"));
});

// T-SCRIPT
test("an abort script that returns something true aborts, one that throws does not", () => {
  const aborted = createBrowser({ cookies });
  aborted.load({ abortScript: () => 1 });
  const started = createBrowser({ cookies });
  started.load({ abortScript: () => missing });

  assert.equal(aborted.detailOf("Aborted").reason, "SCRIPT");
  assert.equal(aborted.hits.length, 0);
  assert.ok(started.names().includes("Started"));
  assert.match(started.warnings.join(), /abort script failed/);
});
