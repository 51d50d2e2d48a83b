import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createBrowser } from "./browser.mjs";

// The server is tested with the same table.
const { allowed, maxLength } = JSON.parse(
  readFileSync(new URL("../../../../tests/visitor-codes.json", import.meta.url), "utf8"),
);

const isAccepted = (code) => {
  const browser = createBrowser({ cookies: [{ name: "kameleoonVisitorCode", value: "before" }] });
  browser.load({ experiments: [] });
  browser.window.code = code;
  browser.run("Kameleoon.API.Visitor.setVisitorCode(code)");
  return browser.window.Kameleoon.API.Visitor.code === code;
};

test("the engine accepts the characters of the table in a visitor code, and no others", () => {
  const characters = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i));
  const accepted = [...characters, "\u0141", "\uFF21", "\uD83D", "😀"].filter((one) => isAccepted(`a${one}b`));

  assert.equal(accepted.join(""), allowed);
});

test("a visitor code has 1 to 255 characters", () => {
  const lengths = [0, 1, maxLength, maxLength + 1].filter((length) => isAccepted("x".repeat(length)));

  assert.deepEqual(lengths, [1, maxLength]);
});
