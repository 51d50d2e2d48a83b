export interface Environment {
  readonly browser: string;
  readonly browserIndex: number;
  readonly browserVersion: number;
  readonly os: string | undefined;
  readonly osIndex: number | undefined;
  readonly deviceType: "DESKTOP" | "PHONE" | "TABLET";
}

// Positions are the platform's indices.
const BROWSERS = ["CHROME", "IE", "FIREFOX", "SAFARI", "OPERA", "OTHER"];
const SYSTEMS = ["WINDOWS", "MAC", "IOS", "LINUX", "ANDROID", "WINDOWS_PHONE"];

// First match wins: most browsers also claim to be those listed after them.
const BROWSER_PATTERNS: readonly [RegExp, string][] = [
  [/\b(?:OPR|OPiOS|Opera)[/ ]([\d.]+)/, "OPERA"],
  [/\b(?:Edge?|EdgA|EdgiOS|SamsungBrowser)\/([\d.]+)/, "OTHER"],
  [/\b(?:MSIE |Trident\/.*rv:)([\d.]+)/, "IE"],
  [/\b(?:Firefox|FxiOS)\/([\d.]+)/, "FIREFOX"],
  [/(?:Chrome|Chromium|CriOS)\/([\d.]+)/, "CHROME"],
  [/\bVersion\/([\d.]+).*Safari\//, "SAFARI"],
];

const SYSTEM_PATTERNS: readonly [RegExp, string][] = [
  [/Windows Phone/, "WINDOWS_PHONE"],
  [/Windows/, "WINDOWS"],
  [/iPhone|iPad|iPod/, "IOS"],
  [/Android/, "ANDROID"],
  [/Macintosh|Mac OS X/, "MAC"],
  [/Linux|X11|CrOS/, "LINUX"],
];

/** Reads browser, system and kind of device; `touchPoints` tells an iPad, which announces itself as a Mac. */
export function describe(userAgent: string, touchPoints: number): Environment {
  const [browser, version] = browserOf(userAgent);
  const isDisguisedTablet = /Macintosh/.test(userAgent) && touchPoints > 1;
  const os = isDisguisedTablet ? "IOS" : SYSTEM_PATTERNS.find(([pattern]) => pattern.test(userAgent))?.[1];
  return {
    browser,
    browserIndex: BROWSERS.indexOf(browser),
    browserVersion: version,
    os,
    osIndex: os === undefined ? undefined : SYSTEMS.indexOf(os),
    deviceType: isDisguisedTablet ? "TABLET" : deviceOf(userAgent),
  };
}

function browserOf(userAgent: string): [string, number] {
  for (const [pattern, name] of BROWSER_PATTERNS) {
    const match = pattern.exec(userAgent);
    if (match) {
      return [name, Number.parseFloat(match[1] ?? "") || 0];
    }
  }

  return ["OTHER", 0];
}

function deviceOf(userAgent: string): Environment["deviceType"] {
  if (/iPad|Tablet/.test(userAgent) || (/Android/.test(userAgent) && !/Mobile/.test(userAgent))) {
    return "TABLET";
  }

  return /Mobi|iPhone|iPod|Windows Phone/.test(userAgent) ? "PHONE" : "DESKTOP";
}
