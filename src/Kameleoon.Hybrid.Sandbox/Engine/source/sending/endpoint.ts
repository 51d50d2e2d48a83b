import type { Configuration } from "../configuration";

/** Where events go; a relative address is the page's own origin. */
export function findEndpoint({ dataUrl }: Configuration): URL {
  return new URL(`${dataUrl.replace(/\/+$/, "")}/visit/events`, location.href);
}

export function eventsUrl(endpoint: URL, siteCode: string, visitorCode: string, isItp: boolean, tabId: string): URL {
  const url = new URL(endpoint.href);
  url.search =
    `engine=true&siteCode=${encodeURIComponent(siteCode)}&visitorCode=${encodeURIComponent(visitorCode)}` +
    `&itp=${isItp}&tabId=${tabId}`;
  return url;
}
