import type { Configuration } from "../configuration";
import { announceStep } from "../page/announce";
import { loadFile } from "../page/files";
import { warn } from "../page/journal";
import { complete } from "./read-configuration";

const fetched = new WeakMap<Configuration, Promise<void>>();

/** Fetches what `engine.js` leaves out, once per page: the settings, then the campaigns. Undefined: it is all here. */
export function fetchDeferred(configuration: Configuration): Promise<void> | undefined {
  const known = fetched.get(configuration);
  const { "configuration": settings, "campaigns": campaigns } = configuration.deferral;
  if (known !== undefined || (!settings && !campaigns)) {
    return known;
  }

  const files = [...(settings ? ["configuration"] : []), ...(campaigns ? ["campaigns"] : [])];
  let all = Promise.resolve();
  files.forEach((name) => (all = all.then(() => fetchPart(configuration, name))));
  fetched.set(configuration, all);
  return all;
}

async function fetchPart(configuration: Configuration, name: string): Promise<void> {
  try {
    complete(configuration, await loadFile(configuration.resourceUrl, `engine-${name}.js`, name));
  } catch (error) {
    // Tracking without campaigns is better than none.
    announceStep("deferral/error", { file: name });
    warn("a deferred file is missing.", error);
  }
}
