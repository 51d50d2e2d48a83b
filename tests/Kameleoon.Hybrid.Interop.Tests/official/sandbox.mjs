// Tells one story to a sandbox through the official core, over the network and otherwise unchanged.
// Usage: node sandbox.mjs http://127.0.0.1:5480 everything|consent|decisions
import {
  Browser, BrowserType, CustomData, Device, DeviceType, GeolocationData, KameleoonCore, OperatingSystem,
  OperatingSystemType, PageView, UniqueIdentifier, UserAgent, VisitorCodeManager,
} from '@kameleoon/javascript-sdk-core';

const [sandbox, story] = process.argv.slice(2);
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

const decide = visitorCode => ['checkout', 'banner']
  .map(featureKey => client.getVariation({ visitorCode, featureKey }).key).join(' ');

/** Sends what a visitor did, and waits until the sandbox has it. */
async function flush(visitorCode) {
  const before = sent.length;
  client.flush({ visitorCode, instant: true });
  for (let waited = 0; waited < 100 && !sent.slice(before).some(one => one.path === '/visit/events'); waited++) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

async function everything() {
  const visitorCode = 'storyteller00001';
  const variations = decide(visitorCode);
  client.addData(
    visitorCode,
    new UserAgent('Mozilla/5.0 (Story) Teller/1.0'),
    new PageView({ urlAddress: 'https://shop.example/a b?x=1&y=é', title: 'Hello & welcome', referrers: [3, 7] }),
    new CustomData(0, 'gold', 'o"k\\'),
    new CustomData('colours', false, 'red', 'blue'),
    new CustomData('secret', 'x'),
    new GeolocationData({
      country: 'France', region: 'Île-de-France', city: 'Paris', postalCode: '75001', coordinates: [48.8566, 2.3522],
    }),
    new Browser(BrowserType.Safari, 16.5),
    new Device(DeviceType.Phone),
    new OperatingSystem(OperatingSystemType.IOS),
  );
  client.evaluateAudiences(visitorCode);
  client.trackConversion({ visitorCode, goalId: 55, revenue: 10.5 });
  client.trackConversion({
    visitorCode, goalId: 56, revenue: -10, negative: true,
    metadata: [new CustomData('plan', 'a', 'b'), new CustomData(5, 'Credit "Card"')],
  });
  await flush(visitorCode);

  client.addData('browser000000001', new CustomData(1, 'user-77'));
  await flush('browser000000001');
  client.addData('user-77', new UniqueIdentifier(true));
  client.trackConversion({ visitorCode: 'user-77', goalId: 58 });
  await flush('user-77');

  const remote = await client.getRemoteVisitorData({
    visitorCode, shouldAddData: false, filters: { currentVisit: true, customData: true, conversions: true, previousVisitAmount: 1 },
  });
  return { variations, remote: remote.map(item => item.constructor.name) };
}

async function consent() {
  const variations = {};
  for (const [visitorCode, answer] of [['undecided0000001', null], ['refusing00000001', false], ['agreeing00000001', true]]) {
    if (answer !== null) {
      client.setUserConsent({ visitorCode, consent: answer, setData() {} });
    }

    client.addData(visitorCode, new PageView({ urlAddress: 'https://shop.example/c' }), new CustomData(0, 'gold'));
    variations[visitorCode] = decide(visitorCode);
    client.evaluateAudiences(visitorCode);
    client.trackConversion({ visitorCode, goalId: 60, revenue: 5 });
    await flush(visitorCode);
  }

  return { variations };
}

/** Decides all flags for many visitors, a third of them with custom data, and reports nothing. */
function decisions() {
  const variations = Array.from({ length: 300 }, (_, number) => {
    const visitorCode = `visitor${number}`;
    if (number % 3 === 0) {
      client.addData(visitorCode, new CustomData(0, 'gold'));
    }

    const decided = client.getVariations({ visitorCode, onlyActive: false, track: false });
    return [...decided].map(([key, { key: variation }]) => `${key}=${variation}`).sort().join(' ');
  });
  return { variations };
}

const stories = { everything, consent, decisions };
await client.initialize();
process.stdout.write(JSON.stringify({ ...await stories[story](), sent }));
process.exit(0);
