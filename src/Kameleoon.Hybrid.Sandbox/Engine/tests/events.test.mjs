import assert from "node:assert/strict";
import { test } from "node:test";
import { createBrowser, withoutNonce } from "./browser.mjs";

const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];

// T-TRACK-6
test("the first request opens with the page, then who sees it", async () => {
  const browser = createBrowser({ cookies });

  browser.load();
  await browser.advance(500);

  const [hit] = browser.hits;
  const { tabId } = browser.window.Kameleoon.Internals.runtime;
  assert.match(tabId, /^[0-9a-f]{8}$/);
  assert.equal(
    hit.url.href,
    `https://data.test/visit/events?engine=true&siteCode=site1&visitorCode=abc&itp=false&tabId=${tabId}`,
  );
  assert.deepEqual(hit.lines.map(withoutNonce), [
    "eventType=page&href=https%3A%2F%2Fwww.shop.test%2Fpage%3Fa%3Db&title=A%20page&keyPagesIndices=%5B%5D" +
      "&referrersIndices=%5B%5D",
    "eventType=staticData&timeSincePreviousVisit=0&browser=CHROME&browserIndex=0&browserVersion=156&os=LINUX" +
      "&osIndex=3&screenWidth=1920&screenHeight=1080&localeLanguageTag=en-GB&deviceType=DESKTOP" +
      "&visitNumber=1&windowWidth=800" +
      `&windowHeight=600&timeZone=${encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone)}` +
      "&experimentInfluences=%7B%7D&personalizationInfluences=%7B%7D",
  ]);
  for (const line of hit.lines) {
    assert.match(line, /^eventType=\w+&nonce=[0-9A-F]{16}&/);
  }
});

test("a conversion has its goal, sign and revenue on one line", async () => {
  const browser = createBrowser({ cookies });
  browser.load();

  browser.run(`
    Kameleoon.API.Goals.processConversion(56, 10.5, { 5: 'Credit "Card"', 1: ["a", "b"] });
    Kameleoon.API.Goals.processConversion("57");
    Kameleoon.API.Goals.cancelConversion(58, 3);`);
  await browser.advance(500);

  assert.deepEqual(browser.linesOf("conversion").map(withoutNonce), [
    "eventType=conversion&goalId=56&negative=false&revenue=10.5" +
      "&metadata=%7B%221%22%3A%5B%22a%22%2C%22b%22%5D%2C%225%22%3A%5B%22Credit%20%5C%22Card%5C%22%22%5D%7D",
    "eventType=conversion&goalId=57&negative=false&revenue=0",
    "eventType=conversion&goalId=58&negative=true&revenue=3",
  ]);
  assert.equal(browser.detailOf("ConversionTriggered").goal.id, 56);
});

test("with a list of goals, names work and unknown goals are ignored and logged once", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ goals: [{ id: 7, name: "Basket" }] });

  browser.run(`for (const goal of ["Basket", 7, 8, 8]) Kameleoon.API.Goals.processConversion(goal);`);
  await browser.advance(500);

  assert.deepEqual(browser.linesOf("conversion").map((line) => /goalId=(\d)/.exec(line)[1]), ["7", "7"]);
  assert.equal(browser.warnings.filter((text) => text.includes("goal 8")).length, 1);
});

test("a project without goals or custom data accepts none, and says so", async () => {
  const browser = createBrowser();
  browser.load({ goals: [], customData: [] });
  browser.run(`
    Kameleoon.API.Goals.processConversion(1);
    Kameleoon.API.Data.setCustomData(1, "gold");`);

  await browser.advance(500);

  assert.deepEqual([...browser.linesOf("conversion"), ...browser.linesOf("customData")], []);
  assert.equal(browser.warnings.length, 2);
});

test("custom data carries its values and whether they replace earlier ones", async () => {
  const browser = createBrowser({ cookies });
  browser.load({ customData: [{ index: 3, name: "Interests", type: "LIST" }, { index: 4, name: "Plan" }] });

  browser.run(`
    Kameleoon.API.Data.setCustomData("Interests", ["a", "b", "a"]);
    Kameleoon.API.Data.setCustomData(4, "x".repeat(1500), false);
    Kameleoon.API.Data.setCustomData("Unknown", 1);`);
  await browser.advance(500);

  assert.deepEqual(browser.linesOf("customData").map(withoutNonce), [
    "eventType=customData&index=3&overwrite=false&valuesCountMap=%7B%22a%22%3A1%2C%22b%22%3A1%7D" +
      "&mappingIdentifier=false",
    `eventType=customData&index=4&overwrite=false&valuesCountMap=%7B%22${"x".repeat(1000)}%22%3A1%7D` +
      "&mappingIdentifier=false",
  ]);
  assert.match(browser.warnings.join(), /Unknown is not declared/);
});

test("activity is reported every fifteen seconds, only when there was some", async () => {
  const browser = createBrowser({ cookies });
  browser.load();

  browser.document.dispatchEvent(new Event("click"));
  browser.document.dispatchEvent(new Event("scroll"));
  await browser.advance(15_500);
  await browser.advance(15_500);

  assert.deepEqual(browser.linesOf("activity").map(withoutNonce), ["eventType=activity&clicks=1"]);
});

test("long addresses and titles are cut, never in the middle of a character", async () => {
  const title = `${"x".repeat(199)}😀`;
  const browser = createBrowser({ cookies, url: `https://shop.test/${"p".repeat(300)}`, document: { title } });

  browser.load();
  await browser.advance(500);

  const fields = new URLSearchParams(browser.linesOf("page")[0]);
  assert.equal(fields.get("href").length, 200);
  assert.equal(fields.get("title"), "x".repeat(199));
});

const agents = {
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1":
    ["SAFARI", "18", "IOS", "PHONE", "true"],
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":
    ["FIREFOX", "140", "WINDOWS", "DESKTOP", "false"],
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0":
    ["OTHER", "140", "WINDOWS", "DESKTOP", "false"],
  "Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/140.0.1 Safari/537.36":
    ["CHROME", "140", "ANDROID", "TABLET", "false"],
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 OPR/120.0":
    ["OPERA", "120", "MAC", "DESKTOP", "false"],
  "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko": ["IE", "11", "WINDOWS", "DESKTOP", "false"],
};

for (const [userAgent, expected] of Object.entries(agents)) {
  test(`${expected[0]} on ${expected[2]} is recognised`, async () => {
    const browser = createBrowser({ cookies, userAgent });

    browser.load();
    await browser.advance(500);

    const fields = new URLSearchParams(browser.linesOf("staticData")[0]);
    const seen = ["browser", "browserVersion", "os", "deviceType"].map((name) => fields.get(name));
    assert.deepEqual([...seen, browser.hits[0].url.searchParams.get("itp")], expected);
  });
}

// TRACK-7
test("a page that is left without having been hidden sends what it gathered in one request", () => {
  const browser = createBrowser();
  browser.load();
  browser.document.dispatchEvent(new Event("click"));

  browser.window.dispatchEvent(new Event("pagehide"));

  assert.equal(browser.hits.length, 1);
  assert.equal(browser.linesOf("activity").length, 1);
});
