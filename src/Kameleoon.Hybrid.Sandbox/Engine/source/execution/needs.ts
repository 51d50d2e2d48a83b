import type { Context } from "../context";
import { detectAdBlocker } from "../tracking/ad-blocker";
import { findWhereabouts } from "../tracking/whereabouts";
import { hasCondition } from "./matching";
import type { Segments } from "./segments";

/** Finds out what the campaigns' conditions ask for beyond the page itself. */
export class Needs {
  constructor(
    private readonly context: Context,
    private readonly segments: Segments,
    private readonly triggers: Segments,
  ) {}

  /** Asks where the visitor is, once it may. */
  locate(): void {
    const { configuration, consent } = this.context;
    if (consent.mayRequest) {
      const { ip, geolocation } = configuration.needs;
      findWhereabouts(this.context, ip || this.has("VISITOR_IP"), geolocation || this.has("GEOLOCATION"));
    }
  }

  /** Looks for an ad blocker, and for the pointer that leaves the page. */
  watch(onAdBlocker: (isBlocked: boolean) => void, onMouseOut: () => void): void {
    const { scope, configuration } = this.context;
    if (configuration.needs.adBlocker || this.has("AD_BLOCKER")) {
      detectAdBlocker(this.context, onAdBlocker);
    }

    if (this.has("MOUSE_OUT")) {
      // Capturing hears of every element that is left.
      scope.listen(document, "mouseleave", ({ target }) => target === document && onMouseOut());
    }
  }

  private has(type: string): boolean {
    const { personalizations } = this.context.configuration;
    const isInScenario = personalizations.some(({ scenario }) => hasCondition(scenario, type));
    return isInScenario || this.segments.uses(type) || this.triggers.uses(type);
  }
}
