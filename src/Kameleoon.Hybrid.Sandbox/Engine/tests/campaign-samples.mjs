import { withoutNonce } from "./browser.mjs";

export const cookies = [{ name: "kameleoonVisitorCode", value: "abc" }];
export const variation = (id, share, more) => ({ id, name: `V${id}`, share, ...more });
export const web = (id, variations, more) => ({ id, name: `E${id}`, kind: "web", variations, ...more });
export const tree = (...conditions) => ({ firstLevel: [{ conditions, orOperators: [] }], firstLevelOrOperators: [] });
export const stored = (id, value) => ({ [`kameleoonExperiment-${id}`]: JSON.stringify({ value, expirationDate: 9e15 }) });

/** The names of the events that a page heard of campaigns. */
export const campaignEvents = (browser) =>
  browser.names().filter((name) => /^(Experiment|Personalization)/.test(name));

/** What was sent of a type, without nonces. */
export const linesOf = async (browser, type) => {
  await browser.advance(500);
  return browser.linesOf(type).map(withoutNonce);
};
