// Tells one story to a sandbox through the official core, over the network and otherwise unchanged.
// Usage: node sandbox.mjs http://127.0.0.1:5480 visitorCode
import { CustomData, KameleoonCore, VisitorCodeManager } from '@kameleoon/javascript-sdk-core';

const [sandbox, visitorCode] = process.argv.slice(2);
const blocks = new Map();

// The core only takes host names, so its addresses are led to the sandbox on the way out.
const lead = address => {
  const { pathname, search } = new URL(address);
  return `${sandbox}${pathname}${search}`;
};

const sent = [];
const client = new KameleoonCore({
  siteCode: 'abcde12345',
  configuration: { trackingInterval: 1000 },
  internalConfiguration: {
    settings: { useAbortController: false },
    externals: {
      externalStorage: { read: key => blocks.get(key) ?? null, write: (key, block) => void blocks.set(key, block) },
      externalEventSource: { open() {}, close() {} },
      externalVisitorCodeManager: new VisitorCodeManager(),
      externalPackageInfo: { type: 'JAVASCRIPT', version: '4.17.1', isServer: true },
      externalRequester: {
        async sendRequest({ url, parameters }) {
          const { method, headers, body } = parameters;
          const response = await fetch(lead(url), { method, headers, body });
          sent.push({ path: new URL(url).pathname, status: response.status });
          return response;
        },
      },
      externalPRNG: { getRandomNumber: () => Math.random() },
      externalLogger: { log() {} },
    },
  },
});

await client.initialize();
const { key } = client.getVariation({ visitorCode, featureKey: 'checkout' });
client.addData(visitorCode, new CustomData(0, 'gold'));
client.trackConversion({ visitorCode, goalId: 55, revenue: 10.5 });
client.flush({ visitorCode, instant: true });
for (let waited = 0; waited < 100 && !sent.some(one => one.path === '/visit/events'); waited++) {
  await new Promise(resolve => setTimeout(resolve, 100));
}

const remote = await client.getRemoteVisitorData({
  visitorCode, shouldAddData: false, filters: { currentVisit: true, customData: true, conversions: true, previousVisitAmount: 1 },
});
process.stdout.write(JSON.stringify({ variation: key, sent, remote: remote.map(item => item.constructor.name) }));
process.exit(0);
