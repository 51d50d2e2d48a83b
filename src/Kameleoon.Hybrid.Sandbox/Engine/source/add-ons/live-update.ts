import type { AddOn, Tools } from "../add-on";
import type { Campaign, Configuration } from "../configuration";

const KEY = "kameleoonLiveConfig";
const LIFE_MS = 120_000;
const LISTS = ["experiments", "personalizations", "segments", "triggers"] as const;

type Part = Partial<Pick<Configuration, (typeof LISTS)[number]>>;

/**
 * Replaces the campaigns tagged LIVE-UPDATE by those of a file that is never older than two minutes, also where
 * `engine.js` comes from the browser's cache.
 */
export default function liveUpdate({ engine, loadFile, now, toJson, warn }: Tools): AddOn {
  const { configuration, tab } = engine.context;
  return {
    beforeCampaigns() {
      const kept = readKept(tab.get(KEY));
      const age = now() - (kept?.at ?? 0);
      if (kept !== undefined && age >= 0 && age < LIFE_MS) {
        replaceById(configuration, kept.body);
        return undefined;
      }

      return loadFile(configuration.resourceUrl, "live-experiments/config.js", "live").then(
        (body) => {
          tab.put(KEY, toJson({ at: now(), body }));
          replaceById(configuration, body as Part);
        },
        (error: unknown) => warn("the live configuration is missing.", error),
      );
    },
  };
}

function replaceById(configuration: Configuration, part: Part): void {
  for (const name of LISTS) {
    const fresh = new Map((part[name] ?? []).map((campaign) => [campaign.id, campaign as never]));
    const known = new Set<number>();
    // A live campaign that the file no longer has was removed.
    const kept = (configuration[name] as readonly Partial<Campaign>[]).filter(
      (one) => fresh.has(one.id as number) || !isLive(one),
    );
    const replaced = kept.map((one) => {
      known.add(one.id as number);
      return fresh.get(one.id as number) ?? one;
    });
    configuration[name] = [...replaced, ...[...fresh].filter(([id]) => !known.has(id)).map(([, one]) => one)] as never;
  }
}

const isLive = ({ tags }: Partial<Campaign>): boolean => tags?.includes("LIVE-UPDATE") === true;

function readKept(text: string | null): { at: number; body: Part } | undefined {
  try {
    const kept = JSON.parse(text ?? "null") as { at?: unknown; body?: unknown } | null;
    return typeof kept?.at === "number" && typeof kept.body === "object"
      ? (kept as { at: number; body: Part })
      : undefined;
  } catch {
    return undefined;
  }
}
