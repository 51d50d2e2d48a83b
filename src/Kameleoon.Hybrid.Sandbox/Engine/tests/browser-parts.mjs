// What a browser is made of, without the page: events, storage, cookies and time.

const publicSuffixes = new Set(["localhost", "test", "co.uk"]);

/** Gives a target the methods of events. */
export function withEvents(target) {
  const events = new EventTarget();
  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) {
    target[name] = events[name].bind(events);
  }

  return target;
}

/** Adds a storage to a window, or one that the browser refuses. */
export function defineStorage(window, name, storage, isRefused) {
  const get = () => {
    if (isRefused) {
      throw new Error("SecurityError");
    }

    return storage;
  };
  Object.defineProperty(window, name, { get, configurable: true });
}

export class FakeStorage {
  constructor(entries) {
    Object.assign(this, entries);
  }

  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, value) {
    this[key] = String(value);
  }

  removeItem(key) {
    delete this[key];
  }

  clear() {
    Object.keys(this).forEach((key) => this.removeItem(key));
  }
}

/** Cookies as `{ name, value, domain }`, oldest first; `domain` is absent on a host-only cookie. */
export function createJar(host, initial) {
  const cookies = initial.map((cookie) => ({ ...cookie }));
  const writes = [];
  return {
    cookies,
    writes,
    read: () => cookies.map(({ name, value }) => `${name}=${value}`).join("; "),
    write(text) {
      const [pair, ...attributes] = text.split("; ");
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      const read = (key) => attributes.find((one) => one.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
      const domain = read("domain");
      if (domain !== undefined && (publicSuffixes.has(domain) || !`.${host}`.endsWith(`.${domain}`))) {
        return;
      }

      if (!name.includes("Probe")) {
        writes.push(text);
      }

      const index = cookies.findIndex((cookie) => cookie.name === name && cookie.domain === domain);
      const isExpired = read("expires") !== undefined && Date.parse(read("expires")) <= 0;
      if (isExpired) {
        cookies.splice(index, index < 0 ? 0 : 1);
      } else {
        cookies.splice(index < 0 ? cookies.length : index, index < 0 ? 0 : 1, { name, value, domain });
      }
    },
  };
}

/** A clock that moves only when told. */
export function createClock() {
  const timers = new Map();
  let time = Date.UTC(2026, 0, 1);
  let last = 0;
  const add = (callback, ms, every) => {
    timers.set(++last, { callback, due: time + ms, every });
    return last;
  };
  return {
    now: () => time,
    once: (callback, ms = 0) => add(callback, ms),
    repeat: (callback, ms) => add(callback, ms, ms),
    cancel: (id) => timers.delete(id),
    get pending() {
      return timers.size;
    },
    advance(ms) {
      const end = time + ms;
      for (;;) {
        const next = [...timers].filter(([, timer]) => timer.due <= end).sort(([, a], [, b]) => a.due - b.due)[0];
        if (next === undefined) {
          break;
        }

        const [id, timer] = next;
        time = timer.due;
        if (timer.every === undefined) {
          timers.delete(id);
        } else {
          timer.due += timer.every;
        }

        timer.callback();
      }

      time = end;
    },
  };
}
