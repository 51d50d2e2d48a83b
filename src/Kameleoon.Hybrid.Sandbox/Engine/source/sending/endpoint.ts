import type { Configuration } from "../configuration";

/** An address of the data host. */
export const dataAddress = ({ dataUrl }: Configuration, path: string): string => dataUrl.replace(/\/*$/, () => path);

/** Where events go; a relative address is the page's own origin. */
export const findEndpoint = (configuration: Configuration): URL =>
  new URL(dataAddress(configuration, "/visit/events"), location.href);

export function eventsUrl(endpoint: URL, siteCode: string, visitorCode: string, isItp: boolean, tabId: string): URL {
  const url = new URL(endpoint.href);
  url.search =
    `engine=true&siteCode=${encodeURIComponent(siteCode)}&visitorCode=${encodeURIComponent(visitorCode)}` +
    `&itp=${isItp}&tabId=${tabId}`;
  return url;
}
