import type { Context } from "../context";
import { now } from "../page/clock";
import { warnOnce } from "../page/journal";
import { detectAdBlocker } from "../tracking/ad-blocker";
import type { CustomData } from "../tracking/custom-data";
import { findWhereabouts } from "../tracking/whereabouts";
import { Campaigns, isDelayed, whenLoaded } from "./campaigns";
import { type Facts, MOUSE_OUT } from "./conditions";
import { Experiments } from "./experiments";
import { Goals } from "./goals";
import { hasCondition } from "./matching";
import { Personalizations } from "./personalizations";
import { Segments } from "./segments";

const LOADING_MS = 75;
const LOADED_MS = 250;
const IDLE_MS = 10_000;

/** The third stage: finds out which campaigns concern the visitor, and runs them. */
export class Execution {
  readonly campaigns: Campaigns;
  readonly experiments: Experiments;
  readonly personalizations: Personalizations;
  readonly segments: Segments;
  readonly triggers: Segments;
  readonly goals: Goals;
  private readonly events = new Set<string>();
  private readonly facts: Facts & { openedAt: number };
  private isRunning = false;
  private isPassing = false;
  private stopWaiting: (() => void) | undefined;

  constructor(
    private readonly context: Context,
    customData: CustomData,
  ) {
    this.facts = {
      context,
      customData,
      openedAt: now(),
      events: this.events,
      isAdBlocked: undefined,
      segment: (id) => this.segments.nested(id),
    };
    this.campaigns = new Campaigns(context);
    this.experiments = new Experiments(context, this.campaigns);
    this.segments = new Segments(context, "segment", () => this.facts);
    this.triggers = new Segments(context, "trigger", () => this.facts);
    this.personalizations = new Personalizations(context, this.campaigns, this.experiments, (tree) =>
      this.segments.test(tree),
    );
    this.goals = new Goals(context);
  }

  /** Begins when the document is read, or at once where campaigns may be early. */
  start(): void {
    const { scope, configuration } = this.context;
    const begin = () => {
      this.isRunning = true;
      this.prepare();
      this.goals.watch();
      this.pass();
    };
    this.facts.openedAt = now();
    if (configuration.opportunities) {
      warnOnce("opportunity segments are not implemented by this engine.");
    }

    if (document.readyState === "loading" && !configuration.earlyCampaigns) {
      scope.listen(document, "DOMContentLoaded", begin);
    } else {
      begin();
    }
  }

  /** Another look at what was undecided. */
  reevaluate(): void {
    if (this.isRunning) {
      this.pass();
    }
  }

  /** Consent changed. */
  resume(): void {
    this.campaigns.resume();
    if (this.isRunning) {
      this.locate();
      this.pass();
    }
  }

  triggerEvent(name: unknown): void {
    this.events.add(String(name));
    this.reevaluate();
  }

  /** The view is over. */
  stop(): void {
    this.isRunning = false;
    this.events.clear();
    this.campaigns.forget();
    this.experiments.forget();
    this.personalizations.forget();
    this.segments.forget();
    this.triggers.forget();
    this.goals.forget();
  }

  private pass(): void {
    if (this.isPassing) {
      return; // What a pass changes, the pass itself goes on to see.
    }

    this.isPassing = true;
    try {
      this.stopWaiting?.();
      if (!this.run()) {
        const ms = document.readyState === "complete" ? LOADED_MS : LOADING_MS;
        this.stopWaiting = this.context.scope.after(ms, () => this.pass());
      }
    } finally {
      this.isPassing = false;
    }
  }

  /** False while something is undecided. */
  private run(): boolean {
    const isHeldOut = this.experiments.holdOut();
    const known = [this.segments.evaluateAll(), this.triggers.evaluateAll()];
    if (isHeldOut) {
      return true;
    }

    const segment = (id: number | null | undefined) =>
      (this.triggers.find(id) && !this.segments.find(id) ? this.triggers : this.segments).forCampaign(id);
    known[2] = this.experiments.evaluate(segment);
    known[3] = this.personalizations.evaluate(segment);
    return known.every(Boolean);
  }

  private prepare(): void {
    const { scope, configuration } = this.context;
    this.locate();
    if (configuration.needs.adBlocker || this.uses("AD_BLOCKER")) {
      detectAdBlocker(this.context, (isBlocked) => {
        this.facts.isAdBlocked = isBlocked;
        this.reevaluate();
      });
    }

    if (this.uses("MOUSE_OUT")) {
      // Capturing hears of every element that is left.
      scope.listen(document, "mouseleave", ({ target }) => target === document && this.triggerEvent(MOUSE_OUT));
    }

    if ([...configuration.experiments, ...configuration.personalizations].some(isDelayed)) {
      whenLoaded(this.context, () => scope.after(IDLE_MS, () => this.prepareDelayed()));
    }
  }

  private prepareDelayed(): void {
    if (!this.experiments.holdOut()) {
      this.experiments.prepareDelayed();
      this.personalizations.prepareDelayed();
    }
  }

  private locate(): void {
    const { configuration, consent } = this.context;
    if (consent.mayRequest) {
      const { ip, geolocation } = configuration.needs;
      findWhereabouts(this.context, ip || this.uses("VISITOR_IP"), geolocation || this.uses("GEOLOCATION"));
    }
  }

  private uses(type: string): boolean {
    const { personalizations } = this.context.configuration;
    const isInScenario = personalizations.some(({ scenario }) => hasCondition(scenario, type));
    return isInScenario || this.segments.uses(type) || this.triggers.uses(type);
  }
}
