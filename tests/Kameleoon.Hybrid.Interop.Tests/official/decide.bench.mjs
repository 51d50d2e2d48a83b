// What a decision costs the official core, in microseconds: median, minimum and maximum of the rounds.
// Usage: node decide.bench.mjs data-file [rounds]
// The data file: dotnet run -c Release --project tests/Kameleoon.Hybrid.Benchmarks -- --data-file 50 page.json
import { readFileSync } from 'node:fs';
import { OfficialClient } from './core.mjs';

const [path, rounds = '15'] = process.argv.slice(2);
const dataFile = JSON.parse(readFileSync(path, 'utf8'));
const keys = dataFile.featureFlags.map(flag => flag.featureKey);
const middle = keys[Math.floor(keys.length / 2)];
const pages = Math.max(1, Math.floor(2000 / keys.length));

let visitors = 0;
const newCode = () => `v${(visitors++).toString(36).padStart(15, '0')}`;

const cases = {
  'new visitor, one flag': client => {
    for (let i = 0; i < 2000; i++) {
      decide(client, newCode(), middle);
    }

    return 2000;
  },
  'same visitor, one flag': client => {
    for (let i = 0; i < 2000; i++) {
      decide(client, 'v-the-same-again', middle);
    }

    return 2000;
  },
  [`new visitor, all ${keys.length}`]: client => everything(client, newCode),
  [`same visitor, all ${keys.length}`]: client => everything(client, () => 'v-the-same-again'),
};

const times = Object.fromEntries(Object.keys(cases).map(name => [name, []]));
for (let round = -2; round < Number(rounds); round++) {
  for (const [name, run] of Object.entries(cases)) {
    const client = await OfficialClient.create(dataFile, { language: 'CSHARP', version: '4.22.0' });
    decide(client, 'v-the-same-again', middle);
    const start = process.hrtime.bigint();
    const count = run(client);
    const microseconds = Number(process.hrtime.bigint() - start) / 1000 / count;
    if (round >= 0) { // The first two only warm the compiler up.
      times[name].push(microseconds);
    }
  }
}

console.log(`${keys.length} flags, ${rounds} rounds, node ${process.version}`);
for (const [name, measured] of Object.entries(times)) {
  measured.sort((left, right) => left - right);
  const shown = [measured[Math.floor(measured.length / 2)], measured[0], measured.at(-1)].map(time => time.toFixed(1));
  console.log(`${name.padEnd(24)} ${shown.map(time => time.padStart(10)).join('')} us`);
}

process.exit(0); // The clients poll for configurations as long as the process lives.

function everything(client, code) {
  for (let i = 0; i < pages; i++) {
    const visitorCode = code();
    for (const key of keys) {
      decide(client, visitorCode, key);
    }
  }

  return pages;
}

function decide(client, visitorCode, featureKey) {
  return client.getVariation({ visitorCode, featureKey, track: false });
}
