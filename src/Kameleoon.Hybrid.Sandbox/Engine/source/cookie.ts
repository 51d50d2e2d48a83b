const DAY_MS = 86_400_000;
const PROBE = "kameleoonDomainProbe";

export interface CookieOptions {
  readonly days: number;
  readonly secure: "auto" | boolean;
}

/** Every readable value of that name, in the browser's order; raw, because the other side compares byte for byte. */
export function readCookies(name: string): string[] {
  return allCookies()
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** Writes on the registrable domain, as the platform does, so that sibling hosts share the value. */
export function writeCookie(name: string, value: string, options: CookieOptions): void {
  const secure = options.secure === "auto" ? location.protocol === "https:" : options.secure;
  const expires = new Date(Date.now() + options.days * DAY_MS).toUTCString();
  const attributes = `; path=/; expires=${expires}; SameSite=Lax${secure ? "; Secure" : ""}`;
  const domain = registrableDomain(location.hostname);
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
