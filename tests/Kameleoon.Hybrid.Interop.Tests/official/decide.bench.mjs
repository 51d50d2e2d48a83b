// What the official core takes to decide and to read a data file: microseconds, medians of rounds, as a JSON object.
// Usage: node decide.bench.mjs page small large
// dotnet run -c Release --project tests/Kameleoon.Hybrid.Benchmarks -- compare writes the data files and runs this.
import { readFileSync } from 'node:fs';
import { OfficialClient } from './core.mjs';

const ROUNDS = 15;
const WARMUP = 2; // For the compiler.
const DECISIONS = 2000;

const [page, small, large] = process.argv.slice(2).map(path => readFileSync(path, 'utf8'));
const dataFile = JSON.parse(page);
const keys = dataFile.featureFlags.map(flag => flag.featureKey);
const middle = keys[Math.floor(keys.length / 2)];

let visitors = 0;
const newCode = () => `v${(visitors++).toString(36).padStart(15, '0')}`;

const medians = {};
await measure(`new visitor, one of ${keys.length} flags`, deciding(client => one(client, newCode, DECISIONS)));
await measure(`same visitor, one of ${keys.length} flags`, deciding(client => one(client, () => 'v-the-same-again', DECISIONS)));
await measure(`new visitor, all ${keys.length} flags`, deciding(client => all(client, Math.floor(DECISIONS / keys.length))));
await measure('reading 1 MB', () => reading(small));
await measure('reading 10 MB', () => reading(large));
console.log(JSON.stringify(medians));
process.exit(0); // The clients poll for configurations as long as the process lives.

async function measure(name, run) {
  const times = [];
  for (let round = -WARMUP; round < ROUNDS; round++) {
    const time = await run();
    if (round >= 0) {
      times.push(time);
    }
  }

  medians[name] = times.sort((left, right) => left - right)[Math.floor(ROUNDS / 2)];
}

/** Times decisions of a fresh client that has met one visitor. */
function deciding(run) {
  return async () => {
    const client = await create(dataFile);
    decide(client, 'v-the-same-again', middle);
    const start = process.hrtime.bigint();
    const count = run(client);
    return since(start) / count;
  };
}

/** From text to a client that can decide; it builds its targeting when first asked. */
async function reading(text) {
  const start = process.hrtime.bigint();
  await create(JSON.parse(text));
  return since(start);
}

function one(client, code, count) {
  for (let i = 0; i < count; i++) {
    decide(client, code(), middle);
  }

  return count;
}

function all(client, count) {
  for (let i = 0; i < count; i++) {
    const visitorCode = newCode();
    for (const key of keys) {
      decide(client, visitorCode, key);
    }
  }

  return count;
}

function create(configuration) {
  return OfficialClient.create(configuration, { language: 'CSHARP', version: '4.22.0' });
}

function decide(client, visitorCode, featureKey) {
  return client.getVariation({ visitorCode, featureKey, track: false });
}

function since(start) {
  return Number(process.hrtime.bigint() - start) / 1000;
}
