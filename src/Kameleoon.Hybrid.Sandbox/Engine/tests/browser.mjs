// A browser small enough to read: just what engine.js touches, with a clock that moves only when told.
import { readFileSync } from "node:fs";
import vm from "node:vm";
import { createClock, createJar, defineStorage, FakeStorage, withEvents } from "./browser-parts.mjs";

const bundle = readFileSync(new URL("../engine.js", import.meta.url), "utf8");
const addOns = Object.fromEntries(
  ["cross-domain", "live-update", "needs", "opportunities", "recommendations", "server-cookie"].map((name) => [
    name,
    readFileSync(new URL(`../add-ons/${name}.js`, import.meta.url), "utf8"),
  ]),
);
const defaultAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36";

export const configuration = {
  realTimeSync: false,
  siteCode: "site1",
  dataUrl: "https://data.test",
  experiments: [
    { id: 100, name: "Known", kind: "feature", variations: [{ id: 1, name: "One" }, { id: 2, name: "Two" }] },
  ],
};

export function createBrowser(options = {}) {
  const { url = "https://www.shop.test/page?a=b", cookies = [], local = {}, tab = {} } = options;
  const location = new URL(url);
  const clock = createClock();
  const jar = createJar(location.hostname, cookies);
  const hits = [];
  const events = [];
  const warnings = [];
  const files = [];
  const browser = { hits, files, events, warnings, jar, status: 204, offline: false, answers: {}, served: {} };

  const window = withEvents({ location, innerWidth: 800, innerHeight: 600, screen: { width: 1920, height: 1080 } });
  // A target of its own: listeners ask what an event is about.
  const document = Object.assign(new EventTarget(), {
    title: "A page",
    referrer: "",
    visibilityState: "visible",
    readyState: "complete",
    querySelector: () => null,
    querySelectorAll: () => [],
    createElement: (name) => createElement(name),
    ...options.document,
  });
  document.documentElement = document.body = { ...methodsOfElements, append: attach, scrollHeight: 1000, style: {} };
  Object.defineProperty(document, "cookie", { get: () => jar.read(), set: (text) => jar.write(text), configurable: true });
  defineStorage(window, "localStorage", options.storage ?? new FakeStorage(local), options.refuseStorage);
  defineStorage(window, "sessionStorage", new FakeStorage(tab), options.refuseStorage);

  const dispatch = window.dispatchEvent;
  window.dispatchEvent = (event) => {
    events.push({ name: event.type.replace("Kameleoon::", ""), detail: event.detail });
    return dispatch(event);
  };

  Object.assign(window, {
    window,
    document,
    URL,
    URLSearchParams,
    TextEncoder,
    CustomEvent,
    crypto: globalThis.crypto,
    navigator: {
      userAgent: options.userAgent ?? defaultAgent,
      language: "en-GB",
      maxTouchPoints: 0,
      sendBeacon: (target, body) =>
        browser.acceptsBeacons !== false && hits.push(hit(target, body, { beacon: true })) > 0,
    },
    console: {
      warn: (...parts) => warnings.push(parts.map(String).join(" ")),
      error: (...parts) => warnings.push(parts.map(String).join(" ")),
    },
    setTimeout: clock.once,
    setInterval: clock.repeat,
    clearTimeout: clock.cancel,
    clearInterval: clock.cancel,
    fetch: (target, init) => {
      if (browser.refusesFetch) {
        throw new TypeError("refused");
      }

      // A test names what it wants answered; everything else is the data endpoint.
      const path = new URL(target).pathname;
      if (browser.answers[path] !== undefined) {
        files.push(new URL(target));
        return Promise.resolve(browser.answers[path]);
      }

      hits.push(hit(target, init.body, init));
      const isRefused = browser.offline || (browser.refusesCors && init.mode === "cors");
      return isRefused ? Promise.reject(new TypeError("offline")) : Promise.resolve({ status: browser.status });
    },
  });
  browser.observers = [];
  window.MutationObserver = class {
    constructor(callback) {
      this.callback = callback;
    }

    observe(target, options) {
      this.options = options;
      browser.observers = [...browser.observers.filter((one) => one !== this), this];
    }

    disconnect() {
      browser.observers = browser.observers.filter((one) => one !== this);
    }
  };
  Object.assign(window, options.globals);
  vm.createContext(window);

  /** Elements that tests can look at: `styles` and `files` are what was added to the page. */
  function createElement(name) {
    const element = { tagName: name, style: {}, sheet: name === "style" ? {} : null, offsetWidth: browser.baitWidth ?? 1 };
    return Object.assign(element, { remove: () => (element.isRemoved = true) });
  }

  function attach(element) {
    if (element.tagName === "style") {
      browser.styles = [...(browser.styles ?? []), element];
    } else if (element.tagName === "script") {
      files.push(new URL(element.src));
      const value = browser.served[new URL(element.src).pathname];
      const arrive = () => {
        if (value === undefined) {
          element.onerror();
        } else {
          vm.runInContext(`Kameleoon.Internals.receive(...${literal(value)})`, window);
          element.onload();
        }
      };
      clock.once(arrive, browser.fileMs ?? 0);
    }
  }
  vm.runInContext("Date", window).now = clock.now;

  return Object.assign(browser, {
    window,
    document,
    clock,
    /** Runs a page script, in the page's own realm. */
    run: (code) => vm.runInContext(code, window),
    /** Adds the engine's script tag. */
    load: (changes) => {
      const whole = { ...configuration, ...changes };
      const text = literal(whole).replace(/\}$/, () => `,"addOns":{${addOnsOf(whole)}}}`);
      return vm.runInContext(bundle.replace("__KAMELEOON_CONFIGURATION__", () => text), window);
    },
    /** Lets time pass, and the answers of requests arrive. */
    async advance(ms) {
      clock.advance(ms);
      await settled();
    },
    /** Tells every observer what changed in the document. */
    mutate: (...records) => browser.observers.forEach((observer) => observer.callback(records)),
    hide() {
      document.visibilityState = "hidden";
      document.dispatchEvent(new Event("visibilitychange"));
      window.dispatchEvent(new Event("pagehide"));
    },
    lines: () => hits.flatMap((one) => one.lines),
    linesOf: (type) => hits.flatMap((one) => one.lines).filter((line) => line.startsWith(`eventType=${type}&`)),
    names: () => events.map((event) => event.name),
    steps: () => events.filter((event) => event.name === "Internals").map((event) => event.detail.type),
    detailOf: (name) => events.find((event) => event.name === name)?.detail,
    stored: (key) => JSON.parse(window.localStorage.getItem(key) ?? "null")?.value,
  });
}

/** The methods that elements inherit: they work on an element whose own ones are hidden. */
const methodsOfElements = Object.fromEntries(
  ["closest", "getAttribute", "querySelectorAll", "setAttribute"].map((name) => [
    name,
    function (...values) {
      return (this.native ?? this)[name](...values);
    },
  ]),
);

/** An element as observers see it. */
export const element = ({ id = null, classes = [] } = {}) => ({
  getAttribute: (name) => (name === "id" ? id : name === "class" && classes.length > 0 ? classes.join(" ") : null),
  querySelectorAll: () => [],
});

/** A form whose inputs hide its members of these names. */
export const formHiding = (names, native) => ({
  ...Object.fromEntries(names.map((name) => [name, {}])),
  native,
});

/** A record of an observer: elements were added. */
export const added = (...addedNodes) => ({ type: "childList", addedNodes });

/** Everything that only waits for promises has happened. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A line without its nonce, the only part that differs from run to run. */
export const withoutNonce = (line) => line.replace(/&nonce=[0-9A-F]{16}/, "");

/** The add-ons that the server writes into the engine of such a project. */
function addOnsOf(whole) {
  const text = JSON.stringify(whole);
  const wanted = {
    "cross-domain": whole.crossDomains?.length > 0,
    "live-update": whole.liveUpdate || text.includes('"LIVE-UPDATE"'),
    needs: whole.needs !== undefined || whole.liveUpdate || whole.opportunities || text.includes('"LIVE-UPDATE"') || /"(?:VISITOR_IP|GEOLOCATION|AD_BLOCKER|MOUSE_OUT)"/.test(text),
    opportunities: whole.opportunities,
    recommendations: whole.recommendations,
    "server-cookie": whole.syncUrl != null,
  };
  return Object.keys(addOns)
    .filter((name) => wanted[name])
    .map((name) => `"${name}":${addOns[name]}`)
    .join();
}

/** A literal of JavaScript: JSON, with functions where the value has functions. */
export function literal(value) {
  const functions = [];
  const json = JSON.stringify(value, (_, member) =>
    typeof member === "function" ? `@function ${functions.push(member) - 1}@` : member,
  );
  return json.replace(/"@function (\d+)@"/g, (_, index) => `(${functions[index]})`);
}

/** Headers and body of an answer. */
export const answer = (body, headers = {}) => ({
  ok: true,
  status: 200,
  headers: new Headers(headers),
  json: () => Promise.resolve(body),
  text: () => Promise.resolve(JSON.stringify(body)),
});

function hit(target, body, init) {
  const url = new URL(target);
  return { url, visitorCode: url.searchParams.get("visitorCode"), body, lines: body.split("\n"), init };
}
