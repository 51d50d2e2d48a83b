import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { added, createBrowser, element } from "./browser.mjs";
import { campaignEvents, cookies, linesOf, stored, variation, web } from "./campaign-samples.mjs";

// T-EXP
test("an experiment is decided, shown, stored and reported", async () => {
  const browser = createBrowser({ cookies });
  browser.run("var ran = 0;");

  browser.load({
    experiments: [
      web(1, [
        variation(2, 1, {
          css: "p{}",
          js: () => {
            ran++;
          },
        }),
      ]),
    ],
  });

  assert.equal(browser.window.ran, 1);
  assert.deepEqual(
    browser.styles.map(({ id, textContent }) => [id, textContent]),
    [["kameleoonStyleSheet-1", "p{}"]],
  );
  assert.match(browser.stored("kameleoonExperiment-1"), /^2\//);
  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=1&variationId=2"]);
  assert.deepEqual(campaignEvents(browser), ["ExperimentTriggered", "ExperimentActivated"]);
});

// T-EXP
test("the reference is reported too", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ experiments: [web(1, [variation(0, 1)])] });

  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=1&variationId=0"]);
});

// T-EXP
test("without a share the visitor is kept out for good, and nothing is sent", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ experiments: [web(1, [variation(0, 0), variation(2, 0)])] });

  assert.match(browser.stored("kameleoonExperiment-1"), /^null\//);
  assert.deepEqual(await linesOf(browser, "experiment"), []);
});

// T-EXP
test("a stored assignment wins over the hash", async () => {
  const browser = createBrowser({ cookies, local: stored(1, "3/1") });
  browser.load({ experiments: [web(1, [variation(2, 1), variation(3, 0)])] });

  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=1&variationId=3"]);
});

test("the hash is the SDKs': a visitor is in the same variation here and on the server", async () => {
  for (const code of ["a", "visitor-2", "vc10ctbql0zpf4rw", "govisitor0000001"]) {
    for (const respoolTime of [null, 1700000000]) {
      const digest = createHash("sha256")
        .update(`${code}77${respoolTime ?? ""}`)
        .digest();
      const position = Number(digest.readBigUInt64BE(0)) / 2 ** 64;
      const expected = position <= 0.3 ? 1 : position <= 0.6 ? 2 : undefined;
      const browser = createBrowser({ cookies: [{ name: "kameleoonVisitorCode", value: code }] });

      browser.load({
        experiments: [web(77, [variation(1, 0.3, { respoolTime }), variation(2, 0.3, { respoolTime })])],
      });

      const lines = await linesOf(browser, "experiment");
      assert.deepEqual(lines, expected === undefined ? [] : [`eventType=experiment&id=77&variationId=${expected}`]);
    }
  }
});

test("a variation whose script throws is reported, and the next experiment runs", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    experiments: [
      web(1, [
        variation(2, 1, {
          js: () => {
            throw new Error("no");
          },
        }),
      ]),
      web(3, [variation(4, 1)]),
    ],
  });

  assert.equal((await linesOf(browser, "experiment")).length, 2);
  assert.match(browser.warnings.join(), /script of variation 2/);
});

// T-HYB-13
test("the code of a server's variation runs once", async () => {
  const browser = createBrowser({ cookies });
  browser.run(`
    var ran = 0;
    var kameleoonQueue = [["Experiments.assignVariation", 1, 2, true], ["Experiments.trigger", 1, false],
      ["Experiments.trigger", 1, false]];`);

  browser.load({
    experiments: [
      {
        ...web(1, [
          variation(2, null, {
            js: () => {
              ran++;
            },
          }),
        ]),
        kind: "feature",
      },
    ],
  });

  assert.equal(browser.window.ran, 1);
  assert.deepEqual(campaignEvents(browser), ["ExperimentTriggered", "ExperimentActivated"]);
  assert.equal((await linesOf(browser, "experiment")).length, 1);
});

test("the engine never decides an experiment of the server", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ experiments: [{ ...web(1, [variation(2, 1)]), kind: "feature" }] });

  assert.deepEqual(await linesOf(browser, "experiment"), []);
});

// T-EXP
test("the experiment that the sandbox makes of a project is decided and reported", async () => {
  const browser = createBrowser({ cookies });
  browser.load({
    experiments: JSON.parse(
      `[{"id":200,"name":"web","kind":"web","tags":[],"variations":[{"id":0,"name":"reference","share":0,"deferred":false},{"id":5,"name":"b","share":1,"deferred":false}],"goals":[],"integrations":[],"paused":false,"track":true,"assignmentDays":30}]`,
    ),
  });

  assert.deepEqual(await linesOf(browser, "experiment"), ["eventType=experiment&id=200&variationId=5"]);
});

test("a callback that waits for a further element is called when it appears, or becomes what was asked for", () => {
  const present = new Set();
  const watched = [];
  let observe;
  const browser = createBrowser({
    cookies,
    document: { querySelectorAll: (selector) => (present.has(selector) ? [element()] : []) },
    globals: {
      MutationObserver: class {
        constructor(callback) {
          observe = callback;
        }
        observe(_, options) {
          watched.push(options.attributeFilter?.join() ?? "all");
        }
        disconnect() {}
      },
    },
  });
  const appear = (selector) => {
    present.add(selector);
    observe([added(element({ classes: [selector.slice(1)] }))]);
  };
  browser.load();
  browser.run(`var seen = [];
    const when = Kameleoon.API.Core.runWhenElementPresent;
    when(".a", () => { seen.push("a"); when(".b", () => seen.push("b")); });
    when(".never", () => seen.push("never"));`);

  appear(".a");
  appear(".b");

  assert.equal(browser.run("seen.join()"), "a,b");

  browser.run(`when("p[data-state=open]", () => seen.push("open"));`);
  present.add("p[data-state=open]");
  observe([{ type: "attributes", addedNodes: [], target: element() }]);

  assert.equal(browser.run("seen.join()"), "a,b,open");
  assert.deepEqual([watched[0], watched.at(-1)], ["id,class", "all"]);
});

test("campaigns wait for the document, unless they may be early", () => {
  const open = (earlyCampaigns) => {
    const browser = createBrowser({ cookies, document: { readyState: "loading" } });
    browser.load({ earlyCampaigns, experiments: [web(1, [variation(2, 1)])] });
    return browser;
  };

  const patient = open(false);
  assert.deepEqual(campaignEvents(patient), []);
  patient.document.readyState = "interactive";
  patient.document.dispatchEvent(new Event("DOMContentLoaded"));

  assert.equal(campaignEvents(patient).length, 2);
  assert.equal(campaignEvents(open(true)).length, 2);
});

test("another visitor on the same page does not make a variation run twice", async () => {
  const browser = createBrowser({ cookies });
  browser.run("var ran = 0;");
  browser.load({
    experiments: [
      web(1, [
        variation(2, 1, {
          js: () => {
            ran++;
          },
        }),
      ]),
    ],
  });

  browser.run(`Kameleoon.API.Visitor.setVisitorCode("B");`);
  await browser.advance(500);

  assert.equal(browser.window.ran, 1);
  assert.match(browser.stored("kameleoonExperiment-1"), /^2\//);
  assert.deepEqual(
    browser.hits.map((hit) => [hit.visitorCode, /eventType=experiment/.test(hit.body)]),
    [
      ["abc", true],
      ["B", false],
    ],
  );
});
