import type { AddOn, Tools } from "../add-on";
import type { Segment } from "../configuration";

const MAX_AGE_MS = 90 * 86_400_000;

/** A segment of the platform's audiences: times in milliseconds since 1970. */
interface OpportunitySegment extends Segment {
  readonly dateCreated?: number;
  readonly dateModified?: number;
}

/**
 * Adds the opportunity segments of the project, once there is consent: those that were created or changed in the last 90
 * days and are not meant for tests. The goals wait for them.
 */
export default function opportunities({ engine, loadFile, now, warn }: Tools): AddOn {
  const { configuration, consent } = engine.context;
  let loading: Promise<void> | undefined;

  const isWanted = ({ name, dateCreated = 0, dateModified = 0 }: OpportunitySegment): boolean =>
    !/^\[(?:DEV|TEST|QA)\]/.test(name) && now() - Math.max(dateCreated, dateModified) <= MAX_AGE_MS;

  const add = (found: unknown): void => {
    const known = new Set(configuration.segments.map(({ id }) => id));
    const fresh = (found as OpportunitySegment[]).filter((segment) => isWanted(segment) && !known.has(segment.id));
    configuration.segments = [...configuration.segments, ...fresh];
    engine.execution.resume();
  };

  const load = (): Promise<void> =>
    (loading ??= loadFile(configuration.resourceUrl, "audiences/segments.js", "segments")
      .then(add)
      .catch((error: unknown) => {
        loading = undefined;
        warn("the opportunity segments are missing.", error);
      }));

  return {
    beforeGoals: () => (consent.mayRequest ? load() : undefined),
    afterConsent() {
      if (consent.mayRequest) {
        void load();
      }
    },
  };
}
