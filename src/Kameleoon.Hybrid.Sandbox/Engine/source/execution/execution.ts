import type { Context } from "../context";
import { now } from "../page/clock";
import { attempt } from "../page/journal";
import type { CustomData } from "../tracking/custom-data";
import { eraseAssignments } from "./assignments";
import { Campaigns, isDelayed, whenLoaded } from "./campaigns";
import { type Facts, MOUSE_OUT } from "./conditions";
import { Experiments } from "./experiments";
import { Exposures } from "./exposures";
import { Goals } from "./goals";
import { Holdouts } from "./holdouts";
import { Personalizations } from "./personalizations";
import { Segments } from "./segments";
import { ServerDecisions } from "./server-decisions";

const LOADING_MS = 75;
const LOADED_MS = 250;
const IDLE_MS = 10_000;

/** The third stage: decides which campaigns target the visitor, and runs them. */
export class Execution {
  readonly campaigns: Campaigns;
  readonly serverDecisions: ServerDecisions;
  readonly experiments: Experiments;
  readonly personalizations: Personalizations;
  readonly segments: Segments;
  readonly triggers: Segments;
  readonly goals: Goals;
  private readonly exposures: Exposures;
  private readonly holdouts: Holdouts;
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
    this.exposures = new Exposures(context, this.campaigns);
    this.holdouts = new Holdouts(context, this.exposures);
    this.experiments = new Experiments(context, this.campaigns, this.exposures);
    this.serverDecisions = new ServerDecisions(context, this.experiments, this.holdouts, this.exposures);
    this.segments = new Segments(context, "segment", () => this.facts);
    this.triggers = new Segments(context, "trigger", () => this.facts);
    this.personalizations = new Personalizations(context, this.campaigns, this.holdouts, (tree) =>
      this.segments.test(tree),
    );
    this.goals = new Goals(context);
  }

  /** Begins when the document is read, or at once where campaigns may be early. */
  start(): void {
    const { scope, configuration, addOns } = this.context;
    const begin = () => {
      this.isRunning = true;
      this.prepare();
      const waiting = addOns.run("beforeGoals");
      if (waiting === undefined) {
        this.goals.watch();
        this.pass();
        return;
      }

      this.pass();
      let isView = true;
      scope.add(() => (isView = false));
      void waiting.then(() => isView && attempt("the goals", () => this.goals.watch()));
    };
    this.facts.openedAt = now();

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

  /** Consent or segments changed. */
  resume(): void {
    this.campaigns.resume();
    if (this.isRunning) {
      this.context.addOns.run("afterConsent");
      this.pass();
    }
  }

  triggerEvent(name: unknown): void {
    this.events.add(String(name));
    this.reevaluate();
  }

  noteMouseOut(): void {
    this.triggerEvent(MOUSE_OUT);
  }

  noteAdBlocker(isBlocked: boolean): void {
    this.facts.isAdBlocked = isBlocked;
    this.reevaluate();
  }

  /** Another visitor: what was stored and reported was about the previous one. What the page shows stays. */
  eraseVisitor(): void {
    this.serverDecisions.forget();
    this.exposures.forget();
    eraseAssignments(this.context);
  }

  /** The view is over. */
  stop(): void {
    this.isRunning = false;
    this.facts.isAdBlocked = undefined;
    this.events.clear();
    this.exposures.forget();
    this.holdouts.forget();
    this.serverDecisions.forget();
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
    const isHeldOut = this.holdouts.holdOut();
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
    const { scope, configuration, elements } = this.context;
    const campaigns = [...configuration.experiments.filter(({ kind }) => kind === "web"), ...configuration.personalizations];
    if (campaigns.length > 0) {
      attempt("observing the page", () => elements.keep());
    }

    if (campaigns.some(isDelayed)) {
      whenLoaded(this.context, () => scope.after(IDLE_MS, () => this.prepareDelayed()));
    }
  }

  private prepareDelayed(): void {
    if (!this.holdouts.holdOut()) {
      this.experiments.prepareDelayed();
      this.personalizations.prepareDelayed();
    }
  }
}
