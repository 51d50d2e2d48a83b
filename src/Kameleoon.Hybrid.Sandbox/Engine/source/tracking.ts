import { announce } from "./announce";
import type { Configuration } from "./configuration";
import { CustomData } from "./custom-data";
import { eventsUrl, findEndpoint } from "./endpoint";
import { describe } from "./environment";
import { Experiments } from "./experiments";
import { Goals } from "./goals";
import { warn } from "./journal";
import { trackActivity, trackPageView } from "./page-events";
import type { CommandQueue } from "./queue";
import type { Runtime } from "./runtime";
import type { Scope } from "./scope";
import { removeExpired } from "./storage";
import { readOrMintTabId } from "./tab";
import { Transport } from "./transport";
import { Visitor, isVisitorCode } from "./visitor";
import { Visits } from "./visits";

/** The second stage: settles who the visitor is, then reports what they see and do. */
export class Tracking {
  readonly visitor: Visitor;
  readonly visits: Visits;
  readonly experiments: Experiments;
  readonly goals: Goals;
  readonly customData: CustomData;
  private readonly environment = describe(navigator.userAgent, navigator.maxTouchPoints);
  private readonly transport: Transport;
  private isRunning = false;

  constructor(
    private readonly configuration: Configuration,
    private readonly runtime: Runtime,
    private readonly scope: Scope,
  ) {
    const endpoint = findEndpoint(configuration);
    const isItp = this.environment.browser === "SAFARI";
    this.visitor = new Visitor(configuration.cookie);
    this.visits = new Visits(configuration.visit.idleMs);
    this.transport = new Transport(
      configuration.flushMs,
      (code) => eventsUrl(endpoint, configuration.siteCode, code, isItp, runtime.tabId ?? ""),
      () => this.visitor.code,
    );
    this.experiments = new Experiments(configuration.experiments, this.transport);
    this.goals = new Goals(configuration.goals, this.transport);
    this.customData = new CustomData(configuration.customData, this.transport);
  }

  /** Whether the visitor is known and storage may be touched. */
  get isOn(): boolean {
    return this.isRunning;
  }

  start(queue: CommandQueue): void {
    removeExpired();
    const isNewVisitor = this.visits.code === undefined;
    this.identify();
    this.isRunning = true;
    this.runtime.phase = "tracking";
    this.trackView();
    trackActivity(this.transport, this.scope, this.configuration);
    this.listenToPage();
    queue.drain();
    this.runtime.phase = "started";
    announce("Started", { newVisitorCode: isNewVisitor });
  }

  /** Ends the view: what it gathered leaves, what it decided no longer counts. */
  stop(): void {
    if (this.isRunning) {
      this.transport.flush();
      this.scope.dispose();
      this.experiments.forget();
      this.isRunning = false;
    }
  }

  setVisitorCode(code: unknown): void {
    if (!isVisitorCode(code)) {
      warn("Visitor.setVisitorCode was given something that is not a visitor code; it is ignored.", code);
    } else if (!this.isRunning) {
      this.visitor.predefine(code);
    } else if (code !== this.visitor.code) {
      // What the previous code gathered belongs to it.
      this.transport.flush();
      this.experiments.erase();
      this.visitor.adopt(code);
      this.visits.relabel(code);
      this.runtime.visitorCode = code;
      this.trackView();
    }
  }

  private identify(): void {
    const code = this.visitor.resolve(this.visits.code, (replacement) => {
      this.experiments.erase();
      this.visits.relabel(replacement);
    });
    this.visits.begin(code);
    this.runtime.visitorCode = code;
    this.runtime.tabId = readOrMintTabId();
  }

  private trackView(): void {
    trackPageView(this.transport, this.environment, this.visits);
  }

  private listenToPage(): void {
    const leave = () => {
      this.visits.touch();
      this.transport.flush(true);
    };
    this.scope.listen(window, "pagehide", leave);
    this.scope.listen(document, "visibilitychange", () => {
      if (document.visibilityState === "hidden") {
        leave();
      }
    });
    this.scope.listen(window, "pageshow", (event) => {
      // Back from the browser's page cache: a new view of a page whose exposures were already reported.
      if ((event as PageTransitionEvent).persisted) {
        this.identify();
        this.trackView();
      }
    });
  }
}
