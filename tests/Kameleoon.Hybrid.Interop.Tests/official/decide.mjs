// Reads cases, one JSON text a line, and writes what the official core decides for each: a line a case, of an array
// a visitor, of one text a flag. Usage: node decide.mjs cases decisions
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fromApplication, freeze, OfficialClient } from './core.mjs';

const DEFAULT_NOW = Date.UTC(2026, 0, 15, 12);

/** What a decision may end with instead of a variation, by the names the C# SDK gives it. */
const ERRORS = {
  FeatureFlagConfigurationNotFound: 'FeatureNotFound',
  FeatureFlagEnvironmentDisabled: 'FeatureEnvironmentDisabled',
  VisitorCodeEmpty: 'VisitorCodeInvalid',
  VisitorCodeMaxLength: 'VisitorCodeInvalid',
};

const [cases, decisions] = process.argv.slice(2);
const output = createWriteStream(decisions);
for await (const line of createInterface({ input: createReadStream(cases), crlfDelay: Infinity })) {
  output.write(`${JSON.stringify(await decideAll(JSON.parse(line)))}\n`);
}

output.end();
await once(output, 'finish');
process.exit(0); // The clients poll for configurations as long as the process lives.

async function decideAll({ dataFile, now = DEFAULT_NOW, sdk, featureKeys, visitors }) {
  freeze(now);
  const client = await OfficialClient.create(dataFile, sdk ?? { language: 'CSHARP', version: '4.22.0' });
  const decided = [];
  const instants = instantsBefore(now, visitors);
  for (const visitor of visitors) {
    await prepare(client, visitor, now, instants);
    decided.push(featureKeys.map(key => decide(client, visitor.visitorCode, key)));
  }

  return decided;
}

/** An own instant for each data item, in their order, so that of two pages one is the latest. */
function* instantsBefore(now, visitors) {
  const items = visitors.reduce((sum, { data = [] }) => sum + data.length, 0);
  for (let instant = now - items; instant < now; instant++) {
    yield instant;
  }
}

async function prepare(client, { visitorCode, consent, data = [], forced = [], simulated }, now, instants) {
  if (consent !== undefined) {
    client.setConsent(visitorCode, consent);
  }

  const fromPlatform = data.filter(item => !(item.type in fromApplication));
  if (fromPlatform.length > 0) {
    await client.load(visitorCode, fromPlatform, now);
  }

  for (const item of data.filter(item => item.type in fromApplication)) {
    freeze(instants.next().value);
    client.addData(visitorCode, fromApplication[item.type](item));
  }

  freeze(now);
  for (const { experimentId, variationKey, forceTargeting = true } of forced) {
    attempt(() => client.setForcedVariation({ visitorCode, experimentId, variationKey, forceTargeting }));
  }

  if (simulated !== undefined) {
    client.simulate(visitorCode, simulated);
  }
}

function decide(client, visitorCode, featureKey) {
  return attempt(() => {
    const { key, id, experimentId } = client.getVariation({ visitorCode, featureKey, track: false });
    return `${key} (${id}/${experimentId})`;
  });
}

function attempt(action) {
  try {
    return action();
  } catch (error) {
    return ERRORS[error.type] ?? `${error.type}: ${error.message}`;
  }
}
