import { now } from "./clock";

const DAY_MS = 86_400_000;
const PROBE = "kameleoonDomainProbe";

export interface CookieOptions {
  readonly days: number;
  /** `root`: the registrable domain; `host`: this host alone; otherwise a domain. */
  readonly scope: string;
  readonly secure: "auto" | boolean;
}

/** Every readable cookie in the browser's order; raw, because the other side compares byte for byte. */
export function readAllCookies(): [name: string, value: string][] {
  return allCookies().map((pair) => {
    const text = pair.trim();
    const end = text.indexOf("=");
    return end < 0 ? ["", text] : [text.slice(0, end), text.slice(end + 1)];
  });
}

export function readCookies(name: string): string[] {
  return readAllCookies()
    .filter(([one]) => one === name)
    .map(([, value]) => value);
}

/** Writes on the registrable domain, as the platform does, so that sibling hosts share the value. */
export function writeCookie(name: string, value: string, options: CookieOptions): void {
  const secure = options.secure === "auto" ? location.protocol === "https:" : options.secure;
  const expires = new Date(now() + options.days * DAY_MS).toUTCString();
  const attributes = `; path=/; expires=${expires}; SameSite=Lax${secure ? "; Secure" : ""}`;
  const { "scope": scope } = options;
  const domain = scope === "root" ? registrableDomain(location.hostname) : scope === "host" ? undefined : scope;
  put(name + "=" + value + attributes + (domain === undefined ? "" : `; domain=${domain}`));

  // A host-only cookie of the server hides ours: the browser lists the older first. Replace that one as well.
  if (domain !== undefined && readCookies(name)[0] !== value) {
    put(name + "=" + value + attributes);
  }
}

/** The shortest parent the browser accepts a cookie for; undefined on one-label hosts and addresses. */
function registrableDomain(host: string): string | undefined {
  const labels = host.split(".");
  if (host.includes(":") || /^[\d.]+$/.test(host)) {
    return undefined;
  }

  for (let count = 2; count <= labels.length; count++) {
    const domain = labels.slice(-count).join(".");
    put(`${PROBE}=1; path=/; SameSite=Lax; domain=${domain}`);
    const accepted = readCookies(PROBE).length > 0;
    put(`${PROBE}=; path=/; SameSite=Lax; domain=${domain}; expires=${new Date(0).toUTCString()}`);
    if (accepted) {
      return domain;
    }
  }

  return undefined;
}

function allCookies(): string[] {
  try {
    return document.cookie.split(";");
  } catch {
    return []; // A document without an origin throws.
  }
}

function put(cookie: string): void {
  try {
    document.cookie = cookie;
  } catch {
    // The code then lives as long as the page.
  }
}
