import type { Tools } from "../../add-on";
import type { Place } from "../../tracking/visit";

const PLACE: readonly [keyof Place, string][] = [
  ["country", "country"],
  ["region", "region"],
  ["city", "city"],
  ["postalCode", "postal_code"],
  ["latitude", "latitude"],
  ["longitude", "longitude"],
];

/** Requests the visitor's address, once per visit. */
export function findAddress(tools: Tools): void {
  const { visits } = tools.engine.context;
  if (visits.current.ip === undefined) {
    request(tools, "ip", (headers) => (visits.current.ip = headers.get("ip") ?? ""));
  }
}

/** Requests the visitor's place, once per visit. */
export function findPlace(tools: Tools): void {
  const { context } = tools.engine;
  const { visits } = context;
  if (visits.current.place === undefined) {
    request(tools, "geolocation", (headers) => {
      const found = PLACE.map(([name, header]) => [name, decode(headers.get(`geoip_${header}`))] as const);
      const place: Place = Object.fromEntries(found.filter(([, text]) => text !== undefined));
      visits.current.place = place;
      context.track("geolocation", { ...place });
    });
  }
}

function request({ engine, dataAddress, warn }: Tools, path: string, read: (headers: Headers) => void): void {
  const { context } = engine;
  const { configuration, visitor, visits } = context;
  const { code } = visitor;
  fetch(dataAddress(configuration, `/${path}`), { credentials: "omit" })
    .then(({ ok, status, headers }) => {
      if (!ok) {
        warn(`${path} was answered with ${status}.`);
      } else if (visitor.code === code) {
        // Another tab may have noted something, and what is noted first is not looked at again before it is written.
        context.beginIfOver();
        visits.touch();
        read(headers);
        context.reevaluate();
      }
    })
    .catch((error: unknown) => warn(`${path} could not be read.`, error));
}

function decode(text: string | null): string | undefined {
  try {
    return text === null ? undefined : decodeURIComponent(text);
  } catch {
    return text ?? undefined;
  }
}
