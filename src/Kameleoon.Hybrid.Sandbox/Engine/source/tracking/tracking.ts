import type { Context } from "../context";
import { announce, announceStep } from "../page/announce";
import { attempt, warn } from "../page/journal";
import type { Scope } from "../page/scope";
import type { Execution } from "../execution/execution";
import type { CommandQueue } from "../loading/queue";
import type { CustomData } from "./custom-data";
import { trackActivity, trackPageView } from "./page-events";
import { fetchRemoteVisits, wantsCurrentVisit, wantsRemoteVisits } from "./remote-visits";
import { readOrMintTabId } from "./tab";
import { shareStorage } from "./unified-storage";
import { isVisitorCode } from "./visitor";

/** The second stage: determines the visitor, then reports page views and activity. */
export class Tracking {
  private isRunning = false;
  /** Whether the page view is reported. */
  private isViewed = false;
  private isNewVisitor = false;

  constructor(
    private readonly context: Context,
    private readonly execution: Execution,
    private readonly customData: CustomData,
    private readonly page: Scope,
  ) {}

  /** Whether the visitor is known and storage may be touched. */
  get isOn(): boolean {
    return this.isRunning;
  }

  /** In this order; only a step that returns a promise makes the others wait. */
  steps(queue: CommandQueue): (() => Promise<void> | undefined | void)[] {
    const { context } = this;
    let isSynchronised = false;
    return [
      () => shareStorage(context, this.page),
      () => this.identify(),
      () => context.addOns.run("afterVisitor"),
      () => {
        isSynchronised = wantsRemoteVisits(context);
        // The page may be left before the answer is there.
        context.scope.whenHidden(() => {
          if (context.runtime.phase === "tracking") {
            this.trackView();
            context.transport.flush(true);
          }
        });
        return isSynchronised ? fetchRemoteVisits(context) : undefined;
      },
      () => this.trackView(),
      () => trackActivity(context),
      () => this.listenToPage(),
      () => this.runGlobalScripts(),
      () => this.open(queue),
      () => context.addOns.run("beforeCampaigns"),
      // The live file may have brought campaigns.
      () => (!isSynchronised && wantsCurrentVisit(context) ? fetchRemoteVisits(context, true) : undefined),
      () => this.execution.start(),
    ];
  }

  /** Ends the view: what it gathered leaves, what it decided no longer counts. */
  stop(): void {
    const { context } = this;
    if (this.isRunning) {
      context.visits.settle();
      context.transport.flush();
    }

    context.scope.dispose();
    this.execution.stop();
    this.customData.forgetPage();
    this.isRunning = this.isViewed = false;
  }

  /** Reports the page view, once: before anything else that the page reports. */
  trackView(): void {
    if (!this.isViewed) {
      this.isViewed = true;
      trackPageView(this.context);
    }
  }

  setVisitorCode(code: unknown): void {
    const { visitor, visits, transport, runtime } = this.context;
    if (!isVisitorCode(code)) {
      warn("setVisitorCode: not a visitor code; it is ignored.", code);
    } else if (!this.isRunning) {
      visitor.predefine(code);
    } else if (code !== visitor.code) {
      // What the previous code gathered belongs to it.
      transport.flush();
      this.execution.eraseVisitor();
      visitor.adopt(code);
      visits.relabel(code);
      runtime.visitorCode = code;
      if (this.isViewed) {
        trackPageView(this.context);
      }

      this.execution.experiments.reassign();
      this.execution.reevaluate();
    }
  }

  /** Notes what the visitor allowed or refused; what waited for it goes on. */
  setConsent(module: unknown, value: boolean): void {
    const { consent, visitor, transport } = this.context;
    if (consent.set(module, value)) {
      visitor.keep();
      transport.flush();
      this.execution.resume();
      announce("LegalConsentUpdated", { legalConsentUpdate: { ...consent.states } });
    }
  }

  private identify(): void {
    const { context } = this;
    const { consent, store, tab, visitor, visits, runtime } = context;
    consent.load(visitor.candidates());
    store.removeExpired();
    this.isNewVisitor = visits.code === undefined;
    const code = visitor.resolve(visits.code, (replacement) => {
      this.execution.eraseVisitor();
      visits.relabel(replacement);
    });
    visits.begin(code);
    if (visitor.isMinted) {
      visits.lasting.isMinted = true;
      visits.touch();
    }

    runtime.visitorCode = code;
    runtime.tabId = readOrMintTabId(tab);
    this.isRunning = true;
    runtime.phase = "tracking";
  }

  /** Runs the scripts of the project and of its experiments, whatever their targeting: at every load of the engine. */
  private runGlobalScripts(): void {
    const { configuration, consent } = this.context;
    if (configuration.globalScript !== null) {
      announceStep("globalScript");
      attempt("the global script", () => configuration.globalScript?.());
    }

    for (const { id, kind, globalScript, paused, tags } of configuration.experiments) {
      if (globalScript && kind === "web" && paused !== true && consent.permits("AB_TESTING", tags)) {
        announceStep("experimentGlobalScript", { id });
        attempt(`the global script of experiment ${id}`, () => globalScript());
      }
    }
  }

  private open(queue: CommandQueue): void {
    queue.drain();
    this.context.runtime.phase = "started";
    announce("Started", { newVisitorCode: this.isNewVisitor });
  }

  private listenToPage(): void {
    const { scope, visits, transport } = this.context;
    scope.whenHidden(() => {
      visits.refresh();
      if (!visits.isOver) {
        visits.touch();
      }

      visits.settle();
      transport.flush(true);
    });
    scope.listen(window, "pageshow", (event) => {
      // Back from the browser's page cache: a new view of a page whose exposures were already reported.
      if ((event as PageTransitionEvent).persisted) {
        this.identify();
        trackPageView(this.context);
        this.context.runtime.phase = "started";
        // Another page may have asked for consent.
        this.execution.resume();
      }
    });
  }
}
