// The official JavaScript core, driven through its public exports alone: no network, and a clock that stands still.
import {
  ApplicationVersion, Browser, BrowserType, Conversion, Cookie, CustomData, Device, GeolocationData, KameleoonCore,
  KameleoonStorageKey, OperatingSystem, PageView, RequestType, VisitorCodeManager,
} from '@kameleoon/javascript-sdk-core';

const MachineDate = Date;

/** Stops the clock of the whole process at an instant, in milliseconds since 1970. */
export function freeze(instant) {
  globalThis.Date = class extends MachineDate {
    constructor(...parts) {
      super(...(parts.length === 0 ? [instant] : parts));
    }

    static now() {
      return instant;
    }
  };
}

/** A client of one data file; nothing of it leaves the process. */
export class OfficialClient extends KameleoonCore {
  static async create(dataFile, sdk) {
    const codes = new VisitorCodeManager();
    const remote = { answer: null };
    const client = new OfficialClient({
      siteCode: 'abcde12345',
      internalConfiguration: {
        settings: { useAbortController: false },
        externals: {
          externalStorage: memory(),
          externalEventSource: { open() {}, close() {} },
          externalVisitorCodeManager: codes,
          externalPackageInfo: { type: sdk.language, version: sdk.version, isServer: true },
          externalRequester: requester(dataFile, remote),
          externalPRNG: { getRandomNumber: () => 0.5 },
          externalLogger: { log() {} },
        },
      },
    });
    client.codes = codes;
    client.remote = remote;
    await client.initialize();
    return client;
  }

  setConsent(visitorCode, consent) {
    this.setUserConsent({ visitorCode, consent, setData() {} });
  }

  /** Reads the simulation cookie, as the client does when a request brings one. */
  simulate(visitorCode, simulation) {
    const cookies = {
      [KameleoonStorageKey.VisitorCode]: visitorCode,
      [KameleoonStorageKey.KameleoonSimulationFFData]: encodeURIComponent(JSON.stringify(simulation)),
    };
    this.codes.getData = key => cookies[key] ?? null;
    this.codes.setData = () => {};
    this.codes.getVisitorCode(visitorCode);
  }

  /** Loads what only the platform knows of a visitor, through the remote visitor data. */
  async load(visitorCode, items, now) {
    const visit = { timeStarted: now, timeLastEvent: now, experimentEvents: [], personalizationEvents: [] };
    this.remote.answer = { currentVisit: visit, previousVisits: [] };
    for (const item of items) {
      fromPlatform[item.type](item, this.remote.answer, now);
    }

    await this.getRemoteVisitorData({
      visitorCode,
      filters: {
        previousVisitAmount: 25, experiments: true, personalization: true, kcs: true, cbs: true, visitorCode: false,
      },
    });
  }
}

/** Makes what an application can say of a visitor. */
export const fromApplication = {
  ApplicationVersion: item => new ApplicationVersion(item.version),
  Browser: item => new Browser(
    item.browser === 'INTERNET_EXPLORER' ? BrowserType.InternetExplorer : item.browser, item.version),
  Conversion: item => new Conversion({ goalId: item.goalId }),
  Cookie: item => new Cookie(Object.entries(item.cookies).map(([key, value]) => ({ key, value }))),
  CustomData: item => new CustomData(item.name ?? item.index, ...item.values),
  Device: item => new Device(item.device),
  Geolocation: item => new GeolocationData(item),
  OperatingSystem: item => new OperatingSystem(item.os),
  PageView: item => new PageView({ urlAddress: item.url, title: item.title }),
};

const fromPlatform = {
  AssignedVariation(item, answer, time) {
    answer.currentVisit.experimentEvents.push({ data: { id: item.experimentId, variationId: item.variationId }, time });
  },
  CbScores(item, answer) {
    answer.cbs = item.values;
  },
  KcsHeat(item, answer) {
    answer.kcs = item.values;
  },
  Personalization(item, answer, time) {
    answer.currentVisit.personalizationEvents.push({ data: { id: item.id, variationId: item.variationId }, time });
  },
  VisitorVisits(item, answer) {
    answer.previousVisits = item.previousVisits.map(visit => ({ ...visit, timeLastEvent: visit.timeStarted }));
  },
};

function memory() {
  const blocks = new Map();
  return { read: key => blocks.get(key) ?? null, write: (key, block) => void blocks.set(key, block) };
}

function requester(dataFile, remote) {
  return {
    sendRequest({ requestType }) {
      const body = { [RequestType.Configuration]: dataFile, [RequestType.RemoteData]: remote.answer }[requestType];
      return Promise.resolve({
        status: body ? 200 : 204,
        ok: true,
        headers: [],
        json: () => Promise.resolve(body ?? null),
        text: () => Promise.resolve(body ? JSON.stringify(body) : ''),
      });
    },
  };
}
