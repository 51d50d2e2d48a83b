import type { AddOn, Tools } from "../add-on";
import type { ConditionTree } from "../configuration";
import { detectAdBlocker } from "./parts/ad-blocker";
import { findWhereabouts } from "./parts/whereabouts";

/** Obtains what conditions depend on and the page does not tell: address, place, ad blocker, the pointer leaving. */
export default function needs(tools: Tools): AddOn {
  const { context, execution } = tools.engine;
  const { configuration, consent, scope } = context;

  const has = (type: string): boolean => {
    const { personalizations, segments, triggers } = configuration;
    const trees = [
      ...personalizations.map(({ scenario }) => scenario),
      ...[...segments, ...triggers].map(({ conditionsData }) => conditionsData),
    ];
    return trees.some((tree) => hasCondition(tree, type));
  };

  const locate = (): void => {
    if (consent.mayRequest) {
      const { ip, geolocation } = configuration.needs;
      findWhereabouts(tools, ip || has("VISITOR_IP"), geolocation || has("GEOLOCATION"));
    }
  };

  return {
    beforeCampaigns() {
      if (configuration.needs.adBlocker || has("AD_BLOCKER")) {
        detectAdBlocker(context, (isBlocked) => execution.noteAdBlocker(isBlocked));
      }

      return undefined;
    },
    beforeGoals() {
      locate();
      if (has("MOUSE_OUT")) {
        // A capturing listener is called for every element that the pointer leaves.
        scope.listen(document, "mouseleave", ({ target }) => target === document && execution.noteMouseOut());
      }

      return undefined;
    },
    afterConsent: locate,
  };
}

const hasCondition = (tree: ConditionTree | null | undefined, type: string): boolean =>
  tree?.firstLevel?.some((group) => group.conditions?.some((one) => one.targetingType === type)) === true;
