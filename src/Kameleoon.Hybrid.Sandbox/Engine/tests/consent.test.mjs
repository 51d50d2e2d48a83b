import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";

const REQUIRED = { abTesting: "REQUIRED", personalization: "REQUIRED" };
const trackingCode =
  "var kameleoonQueue = [['Experiments.assignVariation', 100, 1, true], ['Experiments.trigger', 100, true]];";
const enable = (module) => `Kameleoon.API.Core.enableLegalConsent(${JSON.stringify(module)});`;

// T-CONS-1
test("without an answer nothing is sent and nothing is kept", async () => {
  const browser = createBrowser();
  browser.run(trackingCode);

  browser.load({ consent: REQUIRED });
  await browser.advance(60_000);
  browser.hide();

  assert.deepEqual([browser.hits.length, browser.jar.writes.length], [0, 0]);
  assert.deepEqual(Object.keys({ ...browser.window.localStorage, ...browser.window.sessionStorage }), []);
  assert.match(browser.window.Kameleoon.API.Visitor.code, /^[a-z0-9]{16}$/);
  assert.equal(browser.window.Kameleoon.API.Visitor.experimentLegalConsent, null);
});

// T-CONS-2, T-HYB-11
test("with consent everything that was held leaves in one request, once, and the cookie is there", async () => {
  const browser = createBrowser();
  browser.run(trackingCode);
  browser.load({ consent: REQUIRED });
  await browser.advance(60_000);

  browser.run(enable("BOTH"));
  await browser.advance(60_000);
  browser.run(enable("BOTH"));
  await browser.advance(500);

  assert.equal(browser.hits.length, 1);
  assert.deepEqual(
    browser.hits[0].lines.map((line) => line.split("&")[0]),
    ["eventType=page", "eventType=staticData", "eventType=experiment"],
  );
  const { code } = browser.window.Kameleoon.API.Visitor;
  assert.deepEqual(
    browser.jar.cookies.map(({ value }) => value),
    [code],
  );
  assert.match(browser.stored("kameleoonExperiment-100"), /^1\//);
  assert.deepEqual(JSON.parse(JSON.stringify(browser.detailOf("LegalConsentUpdated").legalConsentUpdate)), {
    AB_TESTING: true,
    PERSONALIZATION: true,
  });
});

// T-CONS-3
test("without consent every page has another code, and a server's cookie counts", () => {
  const open = (cookies) => {
    const browser = createBrowser({ cookies });
    browser.load({ consent: REQUIRED });
    return browser.window.Kameleoon.API.Visitor.code;
  };

  assert.notEqual(open([]), open([]));
  assert.equal(open([{ name: "kameleoonVisitorCode", value: "server" }]), "server");
});

// TRACK-4
test("while consent is missing the code of the stored visits is kept, and the cookie is not touched", () => {
  const first = createBrowser({ cookies: [{ name: "kameleoonVisitorCode", value: "stored" }] });
  first.load();
  const open = (consent) => {
    const cookies = [{ name: "kameleoonVisitorCode", value: "other" }];
    const browser = createBrowser({ cookies, local: { ...first.window.localStorage } });
    browser.load({ consent });
    return browser;
  };

  const [missing, given] = [open(REQUIRED), open(undefined)];

  assert.equal(missing.window.Kameleoon.API.Visitor.code, "stored");
  assert.deepEqual(missing.jar.writes, []);
  assert.equal(given.window.Kameleoon.API.Visitor.code, "other");
});

// T-CONS-4
test("after a refusal nothing is sent, on this page or the next", async () => {
  const browser = createBrowser();
  browser.load({ consent: REQUIRED });

  browser.run(`Kameleoon.API.Core.disableLegalConsent();`);
  await browser.advance(60_000);
  browser.hide();
  const next = createBrowser({ local: { ...browser.window.localStorage } });
  next.load({ consent: REQUIRED });
  await next.advance(60_000);

  assert.deepEqual([browser.hits.length, next.hits.length, browser.jar.writes.length], [0, 0, 0]);
  assert.deepEqual(Object.keys(browser.window.localStorage), ["kameleoonLegalConsent"]);
  assert.equal(next.window.Kameleoon.API.Visitor.experimentLegalConsent, false);
});

// T-CONS-4
test("a refusal counts although nobody had to ask", async () => {
  const browser = createBrowser();
  browser.load();
  browser.run(`Kameleoon.API.Core.disableLegalConsent("BOTH");`);
  await browser.advance(500);

  assert.equal(browser.hits.length, 0);
});

// T-CONS-5
test("consent given to the JavaScript SDK counts for its visitor alone", async () => {
  const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
  const open = async (data) => {
    const browser = createBrowser({ cookies, local: { kameleoonConsentData: JSON.stringify(data) } });
    browser.load({ consent: REQUIRED });
    await browser.advance(500);
    return browser.hits.length;
  };

  assert.deepEqual(
    [
      await open({ abc: true }),
      await open({ abc: { AB_TESTING: true } }),
      await open({ other: true }),
      await open({ abc: false }),
    ],
    [1, 1, 0, 0],
  );
});

for (const [unknown, tags, runs] of [
  ["ALL", [], true],
  ["PARTIALLY", [], false],
  ["PARTIALLY", ["TECHNICAL"], true],
  ["NONE", ["TECHNICAL"], false],
]) {
  test(`while consent is unknown ${unknown} ${runs ? "runs" : "holds"} an experiment with the tags [${tags}]`, async () => {
    const browser = createBrowser();
    const experiment = {
      id: 1,
      name: "E",
      kind: "web",
      tags,
      variations: [
        {
          id: 2,
          name: "V",
          share: 1,
          js: () => {
            ran = true;
          },
        },
      ],
    };
    browser.run("var ran = false;");

    browser.load({
      consent: { ...REQUIRED, unknown: { abTesting: unknown, personalization: unknown } },
      experiments: [experiment],
    });
    assert.equal(browser.window.ran, runs);
    browser.run(enable("AB_TESTING"));
    await browser.advance(500);

    assert.equal(browser.window.ran, true);
    assert.equal(browser.linesOf("experiment").length, 1);
  });
}

for (const [denied, tags, runs] of [
  ["RUN", ["TECHNICAL"], true],
  ["RUN", [], false],
  ["STOP", ["TECHNICAL"], false],
]) {
  test(`after a refusal ${denied} ${runs ? "runs" : "stops"} an experiment with the tags [${tags}]`, () => {
    const browser = createBrowser({
      local: {
        kameleoonLegalConsent: JSON.stringify({
          value: { AB_TESTING: false, PERSONALIZATION: false },
          expirationDate: 9e15,
        }),
      },
    });
    const experiment = {
      id: 1,
      name: "E",
      kind: "web",
      tags,
      variations: [
        {
          id: 2,
          name: "V",
          share: 1,
          js: () => {
            ran = true;
          },
        },
      ],
    };
    browser.run("var ran = false;");

    browser.load({
      consent: { ...REQUIRED, denied: { abTesting: denied, personalization: denied } },
      experiments: [experiment],
    });

    assert.equal(browser.window.ran, runs);
  });
}

test("consent for personalization alone sends no exposure of an experiment, and keeps it for later", async () => {
  const browser = createBrowser();
  browser.run(trackingCode);
  browser.load({ consent: REQUIRED });

  browser.run(enable("PERSONALIZATION"));
  await browser.advance(500);
  assert.deepEqual([browser.linesOf("page").length, browser.linesOf("experiment").length], [1, 0]);
  browser.run(enable("AB_TESTING"));

  assert.equal(browser.linesOf("experiment").length, 1);
});

test("events gathered under a code before consent leave under that code", async () => {
  const browser = createBrowser({ cookies: [{ name: "kameleoonVisitorCode", value: "A" }] });
  browser.load({ consent: REQUIRED });
  browser.run(`Kameleoon.API.Visitor.setVisitorCode("B");`);

  browser.run(enable("BOTH"));

  assert.deepEqual(
    browser.hits.map((hit) => hit.visitorCode),
    ["A", "B"],
  );
});

test("a module that does not exist is logged and changes nothing", () => {
  const browser = createBrowser();
  browser.load({ consent: REQUIRED });

  browser.run(enable("EVERYTHING"));

  assert.equal(browser.window.Kameleoon.API.Visitor.experimentLegalConsent, null);
  assert.equal(browser.warnings.length, 1);
  assert.equal(browser.detailOf("LegalConsentUpdated"), undefined);
});

test("an answer about product recommendations is kept beside the others, and changes none of them", () => {
  const browser = createBrowser();
  browser.load({ consent: REQUIRED });
  browser.run(enable("AB_TESTING") + `Kameleoon.API.Core.disableLegalConsent("PRODUCT_RECOMMENDATION");`);

  const answers = { AB_TESTING: true, PERSONALIZATION: null, PRODUCT_RECOMMENDATION: false };
  assert.deepEqual(browser.stored("kameleoonLegalConsent"), answers);
  assert.deepEqual(JSON.parse(JSON.stringify(browser.detailOf("LegalConsentUpdated").legalConsentUpdate)), {
    AB_TESTING: true,
    PERSONALIZATION: null,
  });
  assert.equal(browser.warnings.length, 0);
});

// T-CONS-2
test("the page is told of its consent when the cookie is written and what waited has left", async () => {
  const browser = createBrowser();
  let seen;
  browser.window.addEventListener("Kameleoon::LegalConsentUpdated", () => {
    seen = [browser.jar.cookies.length, browser.hits.length];
  });
  browser.load({ consent: REQUIRED });

  browser.run(enable("BOTH"));

  assert.deepEqual(seen, [1, 1]);
});
