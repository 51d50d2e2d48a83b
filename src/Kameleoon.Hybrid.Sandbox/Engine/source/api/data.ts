import type { Engine } from "../engine";
import { attempt, warn } from "../page/journal";
import { toJson } from "../page/json";
import { dataAddress } from "../sending/endpoint";
import { fetchRemoteVisits } from "../tracking/remote-visits";
import type { Api } from "./stubs";

const KEY = "kameleoonLocalData-";
const HOUR_DAYS = 1 / 24;
const PERSISTENT_DAYS = 30;

export function createDataApi(engine: Engine): Api {
  const { context, customData } = engine;
  const { configuration, consent, store } = context;
  return {
    Data: {
      setCustomData: (nameOrIndex: unknown, values: unknown, overwrite?: unknown) =>
        engine.whenTracking(() => customData.set(nameOrIndex, values, overwrite)),
      resetCustomData: (name: unknown) => engine.whenTracking(() => customData.reset(name)),
      readLocalData: (key: unknown) => store.read(KEY + String(key)) ?? null,
      writeLocalData: (key: unknown, value: unknown, persistent: unknown = false) =>
        engine.whenTracking(() =>
          store.write(KEY + String(key), value, persistent === true ? PERSISTENT_DAYS : HOUR_DAYS),
        ),
      retrieveDataFromRemoteSource: (keys: unknown, callback: (data: unknown) => void) =>
        engine.whenTracking(() => {
          if (!consent.mayRequest) {
            warn("There is no consent.");
            return;
          }

          const [path, name, value] = Array.isArray(keys)
            ? ["maps", "keys", toJson(keys)]
            : ["map", "key", String(keys)];
          const query = new URLSearchParams({ siteCode: configuration.siteCode, [name]: value });
          fetch(dataAddress(configuration, `/map/${path}?${query.toString()}`))
            .then((response) => response.json() as Promise<unknown>)
            .then((data) => attempt("a callback of Data.retrieveDataFromRemoteSource", () => callback(data)))
            .catch((error: unknown) => warn("the data could not be read.", error));
        }),
      performRemoteSynchronization: (key?: unknown, value?: unknown, currentVisitOnly?: unknown) =>
        engine.whenTracking(() => {
          if (key !== undefined && value !== undefined) {
            customData.set(key, value, true);
          }

          if (consent.mayRequest) {
            void fetchRemoteVisits(context, currentVisitOnly === true).then(() => context.reevaluate());
          }
        }),
    },
  };
}
