import type { Configuration } from "../configuration";
import type { Context } from "../context";
import { now } from "../page/clock";
import { loadFile } from "../page/files";
import { warn } from "../page/journal";

const KEY = "kameleoonLiveConfig";
const LIFE_MS = 120_000;
const LISTS = ["experiments", "personalizations"] as const;

type Part = Partial<Pick<Configuration, (typeof LISTS)[number]>>;

/** Replaces campaigns that change more often than the engine's file; undefined where they are at hand. */
export function refreshCampaigns({ configuration, tab }: Context): Promise<void> | undefined {
  if (!configuration.liveUpdate) {
    return undefined;
  }

  const kept = readKept(tab.get(KEY));
  const age = now() - (kept?.at ?? 0);
  if (kept !== undefined && age >= 0 && age < LIFE_MS) {
    replaceById(configuration, kept.body);
    return undefined;
  }

  return loadFile(configuration.resourceUrl, "live-experiments/config.js", "live").then(
    (body) => {
      tab.put(KEY, JSON.stringify({ at: now(), body }));
      replaceById(configuration, body as Part);
    },
    (error: unknown) => warn("the live configuration is missing; the engine's own campaigns stay.", error),
  );
}

function replaceById(configuration: Configuration, part: Part): void {
  for (const name of LISTS) {
    const fresh = new Map((part[name] ?? []).map((campaign) => [campaign.id, campaign as never]));
    const kept = configuration[name].map((campaign) => fresh.get(campaign.id) ?? campaign);
    const known = new Set(kept.map((campaign) => campaign.id));
    configuration[name] = [...kept, ...[...fresh].filter(([id]) => !known.has(id)).map(([, one]) => one)] as never;
  }
}

function readKept(text: string | null): { at: number; body: Part } | undefined {
  try {
    const kept = JSON.parse(text ?? "null") as { at?: unknown; body?: unknown } | null;
    return typeof kept?.at === "number" && typeof kept.body === "object" ? (kept as { at: number; body: Part }) : undefined;
  } catch {
    return undefined;
  }
}
