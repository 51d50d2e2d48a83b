(function(configuration){
"use strict";
// source/journal.ts
var said = /* @__PURE__ */ new Set();
function warn(message, ...details) {
  console.warn(`Kameleoon: ${message}`, ...details);
}
function warnOnce(message) {
  if (!said.has(message)) {
    said.add(message);
    warn(message);
  }
}

// source/stubs.ts
var METHODS = {
  Core: {
    enableLegalConsent: void 0,
    disableLegalConsent: void 0,
    runWhenElementPresent: void 0,
    runWhenShadowRootElementPresent: void 0,
    enableSinglePageSupport: void 0,
    enableDynamicRefresh: void 0,
    processRedirect: void 0
  },
  Experiments: { getActive: [], getTriggeredInVisit: [], getActivatedInVisit: [], block: void 0 },
  Personalizations: {
    trigger: void 0,
    disable: void 0,
    block: void 0,
    getAll: [],
    getActive: [],
    getById: null,
    getByName: null,
    getTriggeredInVisit: [],
    getActivatedInVisit: []
  },
  Variations: { execute: void 0 },
  Segments: { getAll: [], getById: null, getByName: null, trigger: void 0, reevaluate: void 0 },
  Triggers: { getAll: [], getById: null, getByName: null, trigger: void 0, reevaluate: void 0 },
  Data: {
    resetCustomData: void 0,
    readLocalData: null,
    writeLocalData: void 0,
    retrieveDataFromRemoteSource: void 0,
    performRemoteSynchronization: void 0
  },
  Events: { trigger: void 0 },
  Utils: {
    querySelectorAll: [],
    addEventListener: void 0,
    addUniversalClickListener: void 0,
    setTimeout: 0,
    setInterval: 0,
    clearTimeout: void 0,
    clearInterval: void 0,
    getURLParameters: {},
    createHash: "",
    performRequest: void 0
  },
  Tracking: { processOmniture: void 0 },
  Products: {}
};
var PROPERTIES = {
  Visitor: {
    visits: [],
    currentVisit: null,
    previousVisit: null,
    customData: {},
    experimentLegalConsent: null,
    personalizationLegalConsent: null
  },
  CurrentVisit: {
    index: 0,
    startDate: null,
    duration: 0,
    pageViews: 0,
    locale: null,
    device: null,
    geolocation: null,
    activatedExperiments: [],
    activatedPersonalizations: [],
    conversions: [],
    customData: {},
    acquisitionChannel: null,
    landingPageURL: null
  }
};
function addStubs(api) {
  visit(api, METHODS, (path, value) => ({ value: () => neutral(path, value), enumerable: true, writable: true }));
  visit(api, PROPERTIES, (path, value) => ({ get: () => neutral(path, value), enumerable: true }));
}
function visit(api, names, describe2) {
  for (const [group, members] of Object.entries(names)) {
    const target = api[group] ?? (api[group] = {});
    for (const [name, value] of Object.entries(members)) {
      Object.defineProperty(target, name, describe2(`${group}.${name}`, value));
    }
  }
}
function neutral(path, value) {
  warnOnce(`${path} is not implemented by this engine.`);
  return typeof value === "object" && value !== null ? Array.isArray(value) ? [] : {} : value;
}

// source/api.ts
function createApi(engine) {
  const { configuration: configuration2, tracking } = engine;
  const { experiments, goals, customData } = tracking;
  const describe2 = (nameOrId) => {
    const experiment = experiments.find(nameOrId);
    return experiment === void 0 ? null : experiments.describe(experiment, tracking.isOn);
  };
  const api = {
    Core: {
      load: () => engine.load(),
      getConfiguration: () => ({
        siteCode: configuration2.siteCode,
        singlePageSupport: false,
        goals: configuration2.goals.map((goal) => ({ ...goal })),
        generationTime: configuration2.generatedAt
      }),
      runWhenConditionTrue: (condition, callback, pollMs = 200) => engine.runWhen(condition, callback, pollMs)
    },
    Visitor: {
      get code() {
        return tracking.visitor.code;
      },
      get numberOfVisits() {
        return tracking.visits.count;
      },
      get firstVisitStartDate() {
        return tracking.visits.firstStartedAt;
      },
      setVisitorCode: (code) => tracking.setVisitorCode(code)
    },
    Experiments: {
      assignVariation: (experimentId, variationId, override = false) => engine.whenTracking(() => experiments.assign(experimentId, variationId, override)),
      trigger: (experimentId, trackingOnly = false) => engine.whenTracking(() => experiments.trigger(experimentId, trackingOnly)),
      getById: describe2,
      getByName: describe2,
      getAll: () => configuration2.experiments.map((experiment) => describe2(experiment.id))
    },
    Goals: {
      processConversion: (nameOrId, revenue = 0, metadata) => engine.whenTracking(() => goals.convert(nameOrId, revenue, metadata, false)),
      cancelConversion: (nameOrId, revenue = 0) => engine.whenTracking(() => goals.convert(nameOrId, revenue, void 0, true))
    },
    Data: {
      setCustomData: (nameOrIndex, values, overwrite) => engine.whenTracking(() => customData.set(nameOrIndex, values, overwrite))
    }
  };
  addStubs(api);
  return api;
}

// source/configuration.ts
function readConfiguration(literal) {
  const given = withoutNulls(literal);
  if (typeof given.siteCode !== "string" || typeof given.dataUrl !== "string") {
    throw new Error("The configuration needs siteCode and dataUrl.");
  }
  return {
    generatedAt: null,
    resourceUrl: null,
    environment: null,
    disabled: false,
    flushMs: 500,
    activityMs: 15e3,
    goals: [],
    customData: [],
    experiments: [],
    ...given,
    siteCode: given.siteCode,
    dataUrl: given.dataUrl,
    cookie: { days: 365, secure: "auto", ...withoutNulls(given.cookie) },
    visit: { idleMs: 18e5, ...withoutNulls(given.visit) }
  };
}
function withoutNulls(value) {
  const entries = Object.entries(value ?? {});
  return Object.fromEntries(entries.filter(([, member]) => member !== null && member !== void 0));
}

// source/announce.ts
function announce(name, detail = {}) {
  window.dispatchEvent(new CustomEvent(`Kameleoon::${name}`, { detail: { ...detail, time: Date.now() } }));
}

// source/anti-flicker.ts
function releasePage(startedAt) {
  clearTimeout(window.kameleoonDisplayPageTimeOut);
  const display = window.kameleoonDisplayPage;
  if (typeof display === "function") {
    window.kameleoonDisplayPage = null;
    try {
      display(true);
    } catch (error) {
      warn("the anti-flicker tag failed to show the page.", error);
    }
  }
  const now = Date.now();
  window.kameleoonEndLoadTime = now;
  window.KameleoonEndLoadTime = now;
  return now - (window.kameleoonStartLoadTime ?? startedAt);
}

// source/storage.ts
var DAY_MS = 864e5;
var PREFIX = "kameleoon";
var FOREIGN_KEY = "kameleoonConsentData";
function isStorageRefused() {
  try {
    return !window.localStorage || !window.sessionStorage;
  } catch {
    return true;
  }
}
function readStored(key) {
  const envelope = open(localStorage.getItem(key));
  return envelope !== void 0 && envelope.expirationDate > Date.now() ? envelope.value : void 0;
}
function writeStored(key, value, days) {
  const envelope = { value, expirationDate: Date.now() + days * DAY_MS };
  put(localStorage, key, JSON.stringify(envelope));
}
function removeStored(unwanted) {
  Object.keys(localStorage).filter((key) => key.startsWith(PREFIX) && unwanted(key)).forEach((key) => localStorage.removeItem(key));
}
function removeExpired() {
  removeStored((key) => {
    const envelope = key === FOREIGN_KEY ? void 0 : open(localStorage.getItem(key));
    return envelope !== void 0 && envelope.expirationDate <= Date.now();
  });
}
var readTab = (key) => sessionStorage.getItem(key);
var writeTab = (key, value) => put(sessionStorage, key, value);
var removeTab = (key) => sessionStorage.removeItem(key);
function put(storage, key, value) {
  try {
    storage.setItem(key, value);
  } catch {
    warnOnce(`the browser's storage is full; ${key} is not kept.`);
  }
}
function open(text) {
  try {
    const envelope = JSON.parse(text ?? "null");
    return typeof envelope?.expirationDate === "number" ? envelope : void 0;
  } catch {
    return void 0;
  }
}

// source/blocking.ts
function findBlockingReason(configuration2) {
  if (isStorageRefused()) {
    return "STORAGE";
  }
  if (isPrerendering()) {
    return "PRERENDER";
  }
  if (isDisabledByUrl(location.search) || isDisabledByUrl(location.hash)) {
    return "PARAMETER";
  }
  return configuration2.disabled ? "DISABLED" : void 0;
}
function listenForActivation(listen) {
  listen(document, "prerendering" in document ? "prerenderingchange" : "visibilitychange");
}
function isPrerendering() {
  const { prerendering, visibilityState } = document;
  return prerendering === true || visibilityState === "prerender";
}
function isDisabledByUrl(part) {
  return part.split(/[?#&]/).some((pair) => /^kameleoondisabled(?:=(?:true)?)?$/i.test(pair));
}

// source/paths.ts
var MAX_SEGMENTS = 4;
var FORBIDDEN = /* @__PURE__ */ new Set(["__proto__", "prototype", "constructor"]);
function resolveMethod(path, root) {
  const given = path.split(".");
  const segments = given[0] === "Kameleoon" ? given.slice(1) : ["API", ...given];
  if (segments.length >= MAX_SEGMENTS || segments.some((segment) => FORBIDDEN.has(segment))) {
    return void 0;
  }
  let owner;
  let value = root;
  for (const segment of segments) {
    if (typeof value !== "object" || value === null || !Object.prototype.hasOwnProperty.call(value, segment)) {
      return void 0;
    }
    owner = value;
    value = value[segment];
  }
  return typeof value === "function" ? value.bind(owner) : void 0;
}

// source/queue.ts
var CommandQueue = class {
  constructor(root) {
    this.root = root;
    this.entries = [];
    this.open = false;
  }
  /** Takes the page's array over, closed, and runs the IMMEDIATE entries waiting in it. */
  close() {
    this.open = false;
    this.entries = Array.isArray(window.kameleoonQueue) ? window.kameleoonQueue : [];
    window.kameleoonQueue = this.entries;
    Object.defineProperty(this.entries, "push", {
      value: (...pushed) => this.push(pushed),
      configurable: true,
      writable: true
    });
    const waiting = this.entries.splice(0);
    const immediate = waiting.filter(isImmediate);
    Array.prototype.push.apply(this.entries, waiting.filter((entry) => !isImmediate(entry)));
    immediate.forEach((entry) => this.run(entry));
  }
  /** Runs what waits, in push order, including what those entries push; from then on nothing waits. */
  drain() {
    while (this.entries.length > 0) {
      this.run(this.entries.shift());
    }
    this.open = true;
  }
  push(pushed) {
    for (const entry of pushed) {
      if (this.open || isImmediate(entry)) {
        this.run(entry);
      } else {
        Array.prototype.push.call(this.entries, entry);
      }
    }
    return this.entries.length;
  }
  run(entry) {
    const command = isLevelled(entry) ? entry.command : entry;
    try {
      if (typeof command === "function") {
        command();
      } else if (Array.isArray(command) && typeof command[0] === "string") {
        this.call(command[0], command.slice(1));
      } else {
        warn("a queue entry is neither a function nor a named command.", entry);
      }
    } catch (error) {
      warn("a queue entry failed.", entry, error);
    }
  }
  call(path, values) {
    const method = resolveMethod(path, this.root);
    if (method === void 0) {
      warn(`a queue entry names an unknown method: ${path}.`);
      return;
    }
    method(...values);
  }
};
function isLevelled(entry) {
  return typeof entry === "object" && entry !== null && !Array.isArray(entry) && "command" in entry;
}
var isImmediate = (entry) => isLevelled(entry) && entry.level === "IMMEDIATE";

// source/runtime.ts
var createRuntime = () => ({ phase: "idle", abortReason: null, visitorCode: null, tabId: null });

// source/scope.ts
var Scope = class {
  constructor() {
    this.releases = [];
  }
  listen(target, type, listener) {
    const options = { capture: true, passive: true };
    target.addEventListener(type, listener, options);
    this.releases.push(() => target.removeEventListener(type, listener, options));
  }
  /** Calls back every `ms` until the returned function, or the end of the scope, stops it. */
  every(ms, callback) {
    const timer = setInterval(callback, ms);
    const release = () => clearInterval(timer);
    this.releases.push(release);
    return release;
  }
  dispose() {
    for (const release of this.releases.splice(0)) {
      release();
    }
  }
};

// source/ids.ts
function toId(value) {
  const isDigits = typeof value === "string" && /^\d{1,15}$/.test(value);
  const id = isDigits ? Number(value) : value;
  return typeof id === "number" && Number.isSafeInteger(id) && id >= 0 ? id : void 0;
}

// source/custom-data.ts
var MAX_VALUE = 1e3;
var CustomData = class {
  constructor(known, transport) {
    this.known = known;
    this.transport = transport;
  }
  set(nameOrIndex, values, overwrite) {
    const datum = this.find(nameOrIndex);
    if (datum === void 0) {
      warnOnce(`custom data ${String(nameOrIndex)} is not declared; its values are ignored.`);
      return;
    }
    const texts = [values].flat().map((value) => String(value).slice(0, MAX_VALUE));
    this.transport.add("customData", {
      index: datum.index,
      overwrite: typeof overwrite === "boolean" ? overwrite : overwritesByDefault(datum),
      valuesCountMap: Object.fromEntries(texts.map((text) => [text, 1])),
      mappingIdentifier: false
    });
    announce("CustomDataSet", { name: datum.name, value: values });
  }
  find(nameOrIndex) {
    const index = toId(nameOrIndex);
    if (this.known.length === 0) {
      return index === void 0 ? void 0 : { index, name: String(index) };
    }
    return this.known.find((datum) => datum.index === index || datum.name === nameOrIndex);
  }
};
function overwritesByDefault({ type, scope }) {
  return type !== "LIST" && type !== "COUNT_LIST" && scope !== "PAGE";
}

// source/endpoint.ts
function findEndpoint({ dataUrl }) {
  return new URL(`${dataUrl.replace(/\/+$/, "")}/visit/events`, location.href);
}
function eventsUrl(endpoint, siteCode, visitorCode, isItp, tabId) {
  const url = new URL(endpoint.href);
  url.search = `engine=true&siteCode=${encodeURIComponent(siteCode)}&visitorCode=${encodeURIComponent(visitorCode)}&itp=${isItp}&tabId=${tabId}`;
  return url;
}

// source/environment.ts
var BROWSERS = ["CHROME", "IE", "FIREFOX", "SAFARI", "OPERA", "OTHER"];
var SYSTEMS = ["WINDOWS", "MAC", "IOS", "LINUX", "ANDROID", "WINDOWS_PHONE"];
var BROWSER_PATTERNS = [
  [/\b(?:OPR|OPiOS|Opera)[/ ]([\d.]+)/, "OPERA"],
  [/\b(?:Edge?|EdgA|EdgiOS|SamsungBrowser)\/([\d.]+)/, "OTHER"],
  [/\b(?:MSIE |Trident\/.*rv:)([\d.]+)/, "IE"],
  [/\b(?:Firefox|FxiOS)\/([\d.]+)/, "FIREFOX"],
  [/(?:Chrome|Chromium|CriOS)\/([\d.]+)/, "CHROME"],
  [/\bVersion\/([\d.]+).*Safari\//, "SAFARI"]
];
var SYSTEM_PATTERNS = [
  [/Windows Phone/, "WINDOWS_PHONE"],
  [/Windows/, "WINDOWS"],
  [/iPhone|iPad|iPod/, "IOS"],
  [/Android/, "ANDROID"],
  [/Macintosh|Mac OS X/, "MAC"],
  [/Linux|X11|CrOS/, "LINUX"]
];
function describe(userAgent, touchPoints = 0) {
  const [browser, version] = browserOf(userAgent);
  const isDisguisedTablet = /Macintosh/.test(userAgent) && touchPoints > 1;
  const os = isDisguisedTablet ? "IOS" : SYSTEM_PATTERNS.find(([pattern]) => pattern.test(userAgent))?.[1];
  return {
    browser,
    browserIndex: BROWSERS.indexOf(browser),
    browserVersion: version,
    os,
    osIndex: os === void 0 ? void 0 : SYSTEMS.indexOf(os),
    deviceType: isDisguisedTablet ? "TABLET" : deviceOf(userAgent)
  };
}
function browserOf(userAgent) {
  for (const [pattern, name] of BROWSER_PATTERNS) {
    const match = pattern.exec(userAgent);
    if (match) {
      return [name, Number.parseFloat(match[1] ?? "") || 0];
    }
  }
  return ["OTHER", 0];
}
function deviceOf(userAgent) {
  if (/iPad|Tablet/.test(userAgent) || /Android/.test(userAgent) && !/Mobile/.test(userAgent)) {
    return "TABLET";
  }
  return /Mobi|iPhone|iPod|Windows Phone/.test(userAgent) ? "PHONE" : "DESKTOP";
}

// source/assignments.ts
var DEFAULT_DAYS = 30;
var keyOf = (experimentId) => `kameleoonExperiment-${experimentId}`;
function readAssignment(experimentId) {
  const match = /^(\d+|null)\/\d+$/.exec(String(readStored(keyOf(experimentId))));
  return match?.[1] === void 0 ? void 0 : { variationId: match[1] === "null" ? null : Number(match[1]) };
}
function writeAssignment(experiment, variationId) {
  const value = `${variationId}/${Date.now()}`;
  writeStored(keyOf(experiment.id), value, experiment.assignmentDays ?? DEFAULT_DAYS);
}
function eraseAssignments() {
  removeStored((key) => /^kameleoon(?:Experiment|Personalization)-/.test(key));
}

// source/experiments.ts
var Experiments = class {
  constructor(known, transport) {
    this.known = known;
    this.transport = transport;
    /** Decisions of this page about campaigns the configuration does not know: they are reported, never stored. */
    this.remembered = /* @__PURE__ */ new Map();
    this.exposed = /* @__PURE__ */ new Set();
  }
  assign(experimentId, variationId, override) {
    const id = toId(experimentId);
    const variation = toId(variationId);
    if (id === void 0 || variation === void 0) {
      warn("Experiments.assignVariation needs two ids.", experimentId, variationId);
      return;
    }
    const experiment = this.find(id);
    if (experiment === void 0) {
      this.remembered.set(id, variation);
    } else if (override === true || readAssignment(id) === void 0) {
      writeAssignment(experiment, variation);
    }
  }
  trigger(experimentId, trackingOnly) {
    const id = toId(experimentId);
    const experiment = this.find(id);
    if (experiment !== void 0) {
      this.triggerKnown(experiment, trackingOnly === true);
    } else if (id !== void 0 && trackingOnly === true && this.remembered.has(id)) {
      this.expose(id, this.remembered.get(id));
    } else {
      warnOnce(`experiment ${String(experimentId)} is unknown and has nothing to report.`);
    }
  }
  /** A new page view, or another visitor: earlier decisions and exposures no longer count. */
  forget() {
    this.remembered.clear();
    this.exposed.clear();
  }
  /** Another visitor: what the browser stored was about the previous one. */
  erase() {
    this.forget();
    eraseAssignments();
  }
  find(idOrName) {
    const id = toId(idOrName);
    return this.known.find((experiment) => experiment.id === id || experiment.name === idOrName);
  }
  /** A campaign as the page may read it; `isReadable` is false while storage must not be touched. */
  describe(experiment, isReadable) {
    const variationId = isReadable ? readAssignment(experiment.id)?.variationId : void 0;
    return {
      id: experiment.id,
      name: experiment.name,
      active: true,
      triggered: this.exposed.has(experiment.id),
      associatedVariation: experiment.variations.find((variation) => variation.id === variationId) ?? null,
      variations: [...experiment.variations]
    };
  }
  triggerKnown(experiment, trackingOnly) {
    const variationId = readAssignment(experiment.id)?.variationId;
    if (variationId == null) {
      warnOnce(`experiment ${experiment.id} has no variation assigned to this visitor; nothing is reported.`);
      return;
    }
    if (!this.expose(experiment.id, variationId) || trackingOnly) {
      return;
    }
    const detail = { experiment: this.describe(experiment, true) };
    announce("ExperimentTriggered", detail);
    warnOnce("this engine does not run the code of variations yet; the exposure is reported all the same.");
    announce("ExperimentActivated", detail);
  }
  expose(id, variationId) {
    if (this.exposed.has(id)) {
      return false;
    }
    this.exposed.add(id);
    this.transport.add("experiment", { id, variationId });
    return true;
  }
};

// source/goals.ts
var Goals = class {
  constructor(known, transport) {
    this.known = known;
    this.transport = transport;
  }
  convert(nameOrId, revenue, metadata, negative) {
    const goal = this.find(nameOrId);
    if (goal === void 0) {
      warnOnce(`goal ${String(nameOrId)} is unknown; its conversions are ignored.`);
      return;
    }
    this.transport.add("conversion", {
      goalId: goal.id,
      negative,
      revenue: Number.isFinite(Number(revenue)) ? Number(revenue) : 0,
      metadata: textLists(metadata)
    });
    announce("ConversionTriggered", { goal: { id: goal.id, name: goal.name, type: goal.type ?? "CUSTOM" } });
  }
  find(nameOrId) {
    const id = toId(nameOrId);
    if (this.known.length === 0) {
      return id === void 0 ? void 0 : { id, name: String(id) };
    }
    return this.known.find((goal) => goal.id === id || goal.name === nameOrId);
  }
};
function textLists(metadata) {
  const entries = Object.entries(metadata ?? {});
  const lists = entries.map(([index, value]) => [index, [value].flat().map(String)]);
  return lists.length === 0 ? void 0 : Object.fromEntries(lists);
}

// source/page-events.ts
var MAX_TEXT = 200;
function trackPageView(transport, environment, visits) {
  transport.add("page", {
    href: cut(location.href),
    title: cut(document.title),
    keyPagesIndices: [],
    referrersIndices: [],
    canonicalHref: cut(document.querySelector('link[rel="canonical"]')?.href),
    referrerHref: cut(document.referrer || void 0)
  });
  const { browser, browserIndex, browserVersion, os, osIndex, deviceType } = environment;
  transport.add("staticData", {
    timeSincePreviousVisit: visits.sincePrevious,
    browser,
    browserIndex,
    browserVersion,
    os,
    osIndex,
    screenWidth: window.screen?.width,
    screenHeight: window.screen?.height,
    localeLanguageTag: navigator.language,
    deviceType,
    visitNumber: visits.count,
    windowWidth: window.innerWidth,
    windowHeight: window.innerHeight,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    experimentInfluences: {},
    personalizationInfluences: {}
  });
}
function trackActivity(transport, scope, configuration2) {
  let isActive = false;
  let clicks = 0;
  const move = () => {
    isActive = true;
  };
  scope.listen(document, "pointermove", move);
  scope.listen(document, "scroll", move);
  scope.listen(document, "click", () => {
    isActive = true;
    clicks++;
  });
  scope.every(configuration2.activityMs, () => {
    if (isActive) {
      transport.add("activity", { clicks });
      isActive = false;
      clicks = 0;
    }
  });
}
function cut(text) {
  return text?.slice(0, MAX_TEXT);
}

// source/random.ts
var LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
var HEXADECIMAL = "0123456789ABCDEF";
var mintVisitorCode = () => pick(LETTERS, 16);
var mintNonce = () => pick(HEXADECIMAL, 16);
var mintTabId = () => pick(HEXADECIMAL, 8).toLowerCase();
function pick(alphabet, length) {
  const limit = 256 - 256 % alphabet.length;
  let text = "";
  while (text.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length))) {
      if (byte < limit && text.length < length) {
        text += alphabet.charAt(byte % alphabet.length);
      }
    }
  }
  return text;
}

// source/tab.ts
var KEY = "kameleoonTabId";
function readOrMintTabId() {
  const kept = readTab(KEY);
  const tabId = kept !== null && /^[0-9a-f]{8}$/i.test(kept) ? kept : mintTabId();
  writeTab(KEY, tabId);
  return tabId;
}

// source/lines.ts
function renderLine({ type, nonce, fields }) {
  return Object.entries({ eventType: type, nonce, ...fields }).filter(([, value]) => value !== void 0).map(([name, value]) => `${name}=${encode(value)}`).join("&");
}
function groupLines(lines, limit) {
  const groups = [];
  let size = Infinity;
  for (const line of lines) {
    size += line.length + 1;
    if (size > limit) {
      groups.push([]);
      size = line.length;
    }
    groups[groups.length - 1]?.push(line);
  }
  return groups;
}
function encode(value) {
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\uFFFD"));
}

// source/pending.ts
var KEY2 = "kameleoonRequestEvents";
function keepPending(batch) {
  const kept = readPending();
  writeTab(KEY2, JSON.stringify([...kept, batch]));
}
function takePending() {
  const batches = readPending();
  removeTab(KEY2);
  return batches;
}
var hasPending = () => readTab(KEY2) !== null;
function readPending() {
  try {
    const batches = JSON.parse(readTab(KEY2) ?? "[]");
    return Array.isArray(batches) ? batches.filter(isBatch) : [];
  } catch {
    return [];
  }
}
function isBatch(value) {
  const { visitorCode, lines } = value ?? {};
  return typeof visitorCode === "string" && Array.isArray(lines) && lines.every((line) => typeof line === "string");
}

// source/transport.ts
var MAX_BYTES = 6e4;
var Transport = class {
  constructor(flushMs, urlOf, visitorCode) {
    this.flushMs = flushMs;
    this.urlOf = urlOf;
    this.visitorCode = visitorCode;
    this.events = [];
    this.bytesUnderWay = 0;
  }
  add(type, fields) {
    this.events.push({ type, nonce: mintNonce(), fields });
    this.timer ?? (this.timer = setTimeout(() => this.flush(), this.flushMs));
  }
  /** Sends what was gathered under the current code; `leaving` when the page may not live to see the answer. */
  flush(leaving = false) {
    clearTimeout(this.timer);
    this.timer = void 0;
    const visitorCode = this.visitorCode();
    const isWorthwhile = this.events.length > 0 || leaving && hasPending();
    if (visitorCode === void 0 || !isWorthwhile) {
      return;
    }
    const lines = this.events.splice(0).map(renderLine);
    announce("Internals", { type: "flush", lines: lines.length });
    for (const batch of mergeByVisitor([{ visitorCode, lines }, ...takePending()])) {
      for (const group of groupLines(batch.lines, MAX_BYTES)) {
        this.send({ visitorCode: batch.visitorCode, lines: group }, leaving);
      }
    }
  }
  send(batch, leaving) {
    const url = this.urlOf(batch.visitorCode);
    const body = batch.lines.join("\n");
    const keepalive = this.bytesUnderWay + body.length <= MAX_BYTES;
    if (leaving && !keepalive) {
      sendBeaconOrKeep(url, body, batch);
      return;
    }
    const size = keepalive ? body.length : 0;
    this.bytesUnderWay += size;
    try {
      fetch(url.href, { method: "POST", body, keepalive, ...originRules(url, leaving) }).then((response) => judge(response, batch), () => keepPending(batch)).finally(() => this.bytesUnderWay -= size);
    } catch {
      this.bytesUnderWay -= size;
      sendBeaconOrKeep(url, body, batch);
    }
  }
};
function originRules(url, leaving) {
  return leaving || url.origin !== location.origin ? { mode: "no-cors", credentials: "omit" } : { mode: "same-origin", credentials: "same-origin" };
}
function judge(response, batch) {
  if (response.status >= 500) {
    keepPending(batch);
  } else if (response.status >= 400) {
    warnOnce(`the data endpoint refused events with status ${response.status}; they are dropped.`);
  }
}
function sendBeaconOrKeep(url, body, batch) {
  if (!navigator.sendBeacon?.(url.href, body)) {
    keepPending(batch);
  }
}
function mergeByVisitor(batches) {
  const lines = /* @__PURE__ */ new Map();
  for (const batch of batches) {
    lines.set(batch.visitorCode, [...lines.get(batch.visitorCode) ?? [], ...batch.lines]);
  }
  return Array.from(lines, ([visitorCode, group]) => ({ visitorCode, lines: group }));
}

// source/cookie.ts
var DAY_MS2 = 864e5;
var PROBE = "kameleoonDomainProbe";
function readCookies(name) {
  return allCookies().map((pair) => pair.trim()).filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
}
function writeCookie(name, value, options) {
  const secure = options.secure === "auto" ? location.protocol === "https:" : options.secure;
  const expires = new Date(Date.now() + options.days * DAY_MS2).toUTCString();
  const attributes = `; path=/; expires=${expires}; SameSite=Lax${secure ? "; Secure" : ""}`;
  const domain = registrableDomain(location.hostname);
  put2(name + "=" + value + attributes + (domain === void 0 ? "" : `; domain=${domain}`));
  if (domain !== void 0 && readCookies(name)[0] !== value) {
    put2(name + "=" + value + attributes);
  }
}
function registrableDomain(host) {
  const labels = host.split(".");
  if (host.includes(":") || /^[\d.]+$/.test(host)) {
    return void 0;
  }
  for (let count = 2; count <= labels.length; count++) {
    const domain = labels.slice(-count).join(".");
    put2(`${PROBE}=1; path=/; SameSite=Lax; domain=${domain}`);
    const accepted = readCookies(PROBE).length > 0;
    put2(`${PROBE}=; path=/; SameSite=Lax; domain=${domain}; expires=${(/* @__PURE__ */ new Date(0)).toUTCString()}`);
    if (accepted) {
      return domain;
    }
  }
  return void 0;
}
function allCookies() {
  try {
    return document.cookie.split(";");
  } catch {
    return [];
  }
}
function put2(cookie) {
  try {
    document.cookie = cookie;
  } catch {
  }
}

// source/visitor.ts
var COOKIE = "kameleoonVisitorCode";
var Visitor = class {
  constructor(cookie) {
    this.cookie = cookie;
  }
  /** Imposes the code the next start will use. */
  predefine(code) {
    this.predefined = code;
  }
  /**
   * Settles the code: imposed by the page, else the cookie, else the one this page already uses, else a new one.
   * `onReplaced` is called when an imposed code takes the place of `known`, before anything else is stored.
   */
  resolve(known, onReplaced) {
    const [cookie] = readableCodes();
    const previous = known ?? cookie;
    if (this.predefined !== void 0 && previous !== void 0 && this.predefined !== previous) {
      onReplaced(this.predefined);
    }
    const code = this.predefined ?? cookie ?? this.code ?? mintVisitorCode();
    this.predefined = void 0;
    this.adopt(code);
    return code;
  }
  /** Makes `code` the current one; a readable cookie that already holds it, the server's, stays as it is. */
  adopt(code) {
    this.code = code;
    if (readableCodes().includes(code)) {
      return;
    }
    writeCookie(COOKIE, code, this.cookie);
    if (!readableCodes().includes(code)) {
      warnOnce("the visitor code cookie cannot be written; is it HttpOnly, or are cookies refused?");
    }
  }
};
function isVisitorCode(text) {
  return typeof text === "string" && /^[!-~]{1,255}$/.test(text) && !/[;,"'<]/.test(text);
}
function readableCodes() {
  const codes = readCookies(COOKIE).filter(isVisitorCode);
  if (new Set(codes).size > 1) {
    warnOnce("DUPLICATE_VISITOR_CODE: several cookies hold different visitor codes; the first one counts.");
  }
  return codes;
}

// source/visits.ts
var KEY3 = "kameleoonData";
var DAYS = 365;
var Visits = class {
  constructor(idleMs) {
    this.idleMs = idleMs;
  }
  /** The code of the last stored visit; undefined when there is none. */
  get code() {
    return this.stored()?.code;
  }
  get count() {
    return this.record?.count ?? 0;
  }
  get firstStartedAt() {
    return this.record?.firstStartedAt;
  }
  /** Milliseconds between the end of the previous visit and the start of this one; 0 for the first. */
  get sincePrevious() {
    const { previousSeenAt, startedAt } = this.record ?? {};
    return previousSeenAt != null && startedAt !== void 0 ? startedAt - previousSeenAt : 0;
  }
  /** Continues the current visit of `code`, or begins one; visits of another visitor are dropped. */
  begin(code) {
    const now = Date.now();
    const last = this.stored();
    if (last === void 0 || last.code !== code) {
      this.save({ v: 1, code, count: 1, firstStartedAt: now, startedAt: now, lastSeenAt: now, previousSeenAt: null });
    } else if (now - last.lastSeenAt > this.idleMs) {
      const count = last.count + 1;
      this.save({ ...last, count, startedAt: now, lastSeenAt: now, previousSeenAt: last.lastSeenAt });
    } else {
      this.save({ ...last, lastSeenAt: now });
    }
  }
  /** The same person under another code: the visits stay theirs. */
  relabel(code) {
    const last = this.stored();
    if (last !== void 0) {
      this.save({ ...last, code });
    }
  }
  touch() {
    if (this.record !== void 0) {
      this.save({ ...this.record, lastSeenAt: Date.now() });
    }
  }
  stored() {
    const stored = readStored(KEY3);
    return stored?.v === 1 && typeof stored.code === "string" ? stored : void 0;
  }
  save(record) {
    this.record = record;
    writeStored(KEY3, record, DAYS);
  }
};

// source/tracking.ts
var Tracking = class {
  constructor(configuration2, runtime, scope) {
    this.configuration = configuration2;
    this.runtime = runtime;
    this.scope = scope;
    this.environment = describe(navigator.userAgent, navigator.maxTouchPoints);
    this.isRunning = false;
    const endpoint = findEndpoint(configuration2);
    const isItp = this.environment.browser === "SAFARI";
    this.visitor = new Visitor(configuration2.cookie);
    this.visits = new Visits(configuration2.visit.idleMs);
    this.transport = new Transport(
      configuration2.flushMs,
      (code) => eventsUrl(endpoint, configuration2.siteCode, code, isItp, runtime.tabId ?? ""),
      () => this.visitor.code
    );
    this.experiments = new Experiments(configuration2.experiments, this.transport);
    this.goals = new Goals(configuration2.goals, this.transport);
    this.customData = new CustomData(configuration2.customData, this.transport);
  }
  /** Whether the visitor is known and storage may be touched. */
  get isOn() {
    return this.isRunning;
  }
  start(queue) {
    removeExpired();
    const isNewVisitor = this.visits.code === void 0;
    this.identify();
    this.isRunning = true;
    this.runtime.phase = "tracking";
    this.trackView();
    trackActivity(this.transport, this.scope, this.configuration);
    this.listenToPage();
    queue.drain();
    this.runtime.phase = "started";
    announce("Started", { newVisitorCode: isNewVisitor });
  }
  /** Ends the view: what it gathered leaves, what it decided no longer counts. */
  stop() {
    if (this.isRunning) {
      this.transport.flush();
      this.scope.dispose();
      this.experiments.forget();
      this.isRunning = false;
    }
  }
  setVisitorCode(code) {
    if (!isVisitorCode(code)) {
      warn("Visitor.setVisitorCode was given something that is not a visitor code; it is ignored.", code);
    } else if (!this.isRunning) {
      this.visitor.predefine(code);
    } else if (code !== this.visitor.code) {
      this.transport.flush();
      this.experiments.erase();
      this.visitor.adopt(code);
      this.visits.relabel(code);
      this.runtime.visitorCode = code;
      this.trackView();
    }
  }
  identify() {
    const code = this.visitor.resolve(this.visits.code, (replacement) => {
      this.experiments.erase();
      this.visits.relabel(replacement);
    });
    this.visits.begin(code);
    this.runtime.visitorCode = code;
    this.runtime.tabId = readOrMintTabId();
  }
  trackView() {
    trackPageView(this.transport, this.environment, this.visits);
  }
  listenToPage() {
    const leave = () => {
      this.visits.touch();
      this.transport.flush(true);
    };
    this.scope.listen(window, "pagehide", leave);
    this.scope.listen(document, "visibilitychange", () => {
      if (document.visibilityState === "hidden") {
        leave();
      }
    });
    this.scope.listen(window, "pageshow", (event) => {
      if (event.persisted) {
        this.identify();
        this.trackView();
      }
    });
  }
};

// source/lifecycle.ts
var Engine = class {
  constructor(configuration2, root) {
    this.configuration = configuration2;
    this.runtime = createRuntime();
    this.createdAt = Date.now();
    this.activation = new Scope();
    this.scope = new Scope();
    this.isLoading = false;
    this.tracking = new Tracking(configuration2, this.runtime, this.scope);
    this.queue = new CommandQueue(root);
  }
  /** Starts the engine on this page, or starts it again for the next view of a single-page application. */
  load() {
    if (this.isLoading) {
      warn("load() is already running; the second call is ignored.");
      return;
    }
    this.isLoading = true;
    try {
      this.activation.dispose();
      this.tracking.stop();
      this.run();
    } finally {
      this.isLoading = false;
    }
  }
  /** Runs now, or in the order of the queue once the visitor is known: an aborted page must store and send nothing. */
  whenTracking(action) {
    if (this.tracking.isOn) {
      action();
    } else {
      this.queue.push([action]);
    }
  }
  runWhen(condition, callback, pollMs) {
    if (holds(condition)) {
      callback();
      return;
    }
    const stop = this.scope.every(pollMs, () => {
      if (holds(condition)) {
        stop();
        callback();
      }
    });
  }
  run() {
    Object.assign(this.runtime, { phase: "loading", abortReason: null });
    announce("Internals", { type: "load" });
    this.queue.close();
    const loadTime = releasePage(this.createdAt);
    const reason = findBlockingReason(this.configuration);
    announce("Loaded", { loadTime, timeout: false });
    if (reason === void 0) {
      this.tracking.start(this.queue);
    } else {
      this.abort(reason);
    }
  }
  abort(reason) {
    Object.assign(this.runtime, { phase: "aborted", abortReason: reason });
    if (reason === "PRERENDER") {
      listenForActivation((target, type) => this.activation.listen(target, type, () => this.load()));
    }
    announce("Internals", { type: "abort", reason });
    announce("Aborted", { reason });
  }
};
function holds(condition) {
  try {
    return Boolean(condition());
  } catch {
    warnOnce("a condition given to Core.runWhenConditionTrue throws; it counts as false.");
    return false;
  }
}

// source/main.ts
if (window.Kameleoon?.Analyst !== void 0) {
  warn("engine.js is on this page twice; the second copy does nothing.");
} else {
  try {
    start();
  } catch (error) {
    console.error("Kameleoon: the engine could not start.", error);
  }
}
function start() {
  const root = {};
  const engine = new Engine(readConfiguration(configuration), root);
  root.Analyst = { load: () => engine.load() };
  root.API = createApi(engine);
  root.Internals = { configuration: engine.configuration, runtime: engine.runtime };
  window.Kameleoon = root;
  if (!("kameleoon" in window)) {
    Object.defineProperty(window, "kameleoon", { get: lowerCaseAlias, configurable: true });
  }
  engine.load();
}
function lowerCaseAlias() {
  warnOnce("the namespace is Kameleoon; kameleoon exists in this sandbox engine only.");
  return window.Kameleoon;
}
})(__KAMELEOON_CONFIGURATION__);
