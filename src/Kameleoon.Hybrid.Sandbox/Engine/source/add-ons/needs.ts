import type { AddOn, Tools } from "../add-on";
import { detectAdBlocker } from "./parts/ad-blocker";
import { findAddress, findPlace } from "./parts/whereabouts";

/** Obtains what conditions depend on and the page does not tell: address, place, ad blocker, the pointer leaving. */
export default function needs(tools: Tools): AddOn {
  const { hasCondition } = tools;
  const { context, execution } = tools.engine;
  const { configuration, consent, scope } = context;
  /** What this view asked for. */
  const asked = new Set<string>();

  const askOnce = (type: string, isWanted: boolean | undefined, ask: () => void): void => {
    if (!asked.has(type) && (isWanted || hasCondition(configuration, [type]))) {
      asked.add(type);
      scope.add(() => asked.delete(type));
      ask();
    }
  };

  /** Segments can arrive after the start of the view, so this is called again when some did. */
  const askForAll = (): void => {
    const { adBlocker, ip, geolocation } = configuration.needs;
    askOnce("AD_BLOCKER", adBlocker, () => detectAdBlocker(context, (isBlocked) => execution.noteAdBlocker(isBlocked)));
    // A capturing listener is called for every element that the pointer leaves.
    askOnce("MOUSE_OUT", false, () =>
      scope.listen(document, "mouseleave", ({ target }) => target === document && execution.noteMouseOut()),
    );
    if (consent.mayRequest) {
      askOnce("VISITOR_IP", ip, () => findAddress(tools));
      askOnce("GEOLOCATION", geolocation, () => findPlace(tools));
    }
  };

  return { beforeCampaigns: askForAll, beforeGoals: askForAll, afterConsent: askForAll };
}
