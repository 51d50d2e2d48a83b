import { announce } from "./announce";
import { releasePage } from "./anti-flicker";
import { type BlockingReason, findBlockingReason, listenForActivation } from "./blocking";
import type { Configuration } from "./configuration";
import { CustomData } from "./custom-data";
import { describe } from "./environment";
import { Experiments } from "./experiments";
import { Goals } from "./goals";
import { warn, warnOnce } from "./journal";
import { trackActivity, trackPageView } from "./page-events";
import { CommandQueue } from "./queue";
import { mintTabId } from "./random";
import { Scope } from "./scope";
import { readTab, removeExpired, writeTab } from "./storage";
import { Transport } from "./transport";
import { Visitor, isVisitorCode } from "./visitor";
import { Visits } from "./visits";

const TAB_KEY = "kameleoonTabId";

/** What an onlooker may want to know; the engine writes it and never reads it. */
export interface Runtime {
  phase: "idle" | "loading" | "tracking" | "started" | "aborted";
  abortReason: BlockingReason | null;
  visitorCode: string | null;
  tabId: string | null;
}

/** Runs one page: loading, then tracking. Execution of campaigns is not part of this engine yet. */
export class Engine {
  readonly runtime: Runtime = { phase: "idle", abortReason: null, visitorCode: null, tabId: null };
  readonly visitor: Visitor;
  readonly visits: Visits;
  readonly experiments: Experiments;
  readonly goals: Goals;
  readonly customData: CustomData;
  private readonly queue: CommandQueue;
  private readonly transport: Transport;
  private readonly environment = describe(navigator.userAgent, navigator.maxTouchPoints);
  private readonly createdAt = Date.now();
  private readonly activation = new Scope();
  private readonly scope = new Scope();
  private isLoading = false;
  private isTrackingNow = false;

  constructor(readonly configuration: Configuration, root: object) {
    const endpoint = new URL(`${configuration.dataUrl.replace(/\/+$/, "")}/visit/events`, location.href);
    this.visitor = new Visitor(configuration.cookie);
    this.visits = new Visits(configuration.visit.idleMs);
    this.transport = new Transport(
      configuration.flushMs,
      (code) => this.eventsUrl(endpoint, code),
      () => this.visitor.code,
    );
    this.experiments = new Experiments(configuration.experiments, this.transport);
    this.goals = new Goals(configuration.goals, this.transport);
    this.customData = new CustomData(configuration.customData, this.transport);
    this.queue = new CommandQueue(root);
  }

  /** Whether the visitor is known and storage may be touched. */
  get isTracking(): boolean {
    return this.isTrackingNow;
  }

  /** Starts the engine on this page, or starts it again for the next view of a single-page application. */
  load(): void {
    if (this.isLoading) {
      warn("load() is already running; the second call is ignored.");
      return;
    }

    this.isLoading = true;
    try {
      this.endPreviousView();
      this.startLoading();
    } finally {
      this.isLoading = false;
    }
  }

  /** Runs now, or in the order of the queue once the visitor is known: an aborted page must store and send nothing. */
  whenTracking(action: () => void): void {
    if (this.isTrackingNow) {
      action();
    } else {
      this.queue.push([action]);
    }
  }

  runWhen(condition: () => unknown, callback: () => void, pollMs: number): void {
    if (holds(condition)) {
      callback();
      return;
    }

    const stop = this.scope.every(pollMs, () => {
      if (holds(condition)) {
        stop();
        callback();
      }
    });
  }

  setVisitorCode(code: unknown): void {
    if (!isVisitorCode(code)) {
      warn("Visitor.setVisitorCode was given something that is not a visitor code; it is ignored.", code);
    } else if (!this.isTrackingNow) {
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

  private endPreviousView(): void {
    this.activation.dispose();
    if (this.isTrackingNow) {
      this.transport.flush();
      this.scope.dispose();
      this.experiments.forget();
      this.isTrackingNow = false;
    }
  }

  private startLoading(): void {
    Object.assign(this.runtime, { phase: "loading", abortReason: null });
    announce("Internals", { type: "load" });
    this.queue.close();
    const loadTime = this.releasePage();
    const reason = findBlockingReason(this.configuration);
    announce("Loaded", { loadTime, timeout: false });
    if (reason === undefined) {
      this.startTracking();
    } else {
      this.abort(reason);
    }
  }

  private releasePage(): number {
    try {
      return releasePage(this.createdAt);
    } catch (error) {
      warn("the anti-flicker tag failed to show the page.", error);
      return Date.now() - this.createdAt;
    }
  }

  private abort(reason: BlockingReason): void {
    Object.assign(this.runtime, { phase: "aborted", abortReason: reason });
    if (reason === "PRERENDER") {
      listenForActivation((target, type) => this.activation.listen(target, type, () => this.load()));
    }

    announce("Internals", { type: "abort", reason });
    announce("Aborted", { reason });
  }

  private startTracking(): void {
    removeExpired();
    const isNewVisitor = this.visits.code === undefined;
    this.identify();
    this.isTrackingNow = true;
    this.runtime.phase = "tracking";
    this.trackView();
    trackActivity(this.transport, this.scope, this.configuration);
    this.listenToPage();
    this.queue.drain();
    this.runtime.phase = "started";
    announce("Started", { newVisitorCode: isNewVisitor });
  }

  private identify(): void {
    const code = this.visitor.resolve(this.visits.code, (replacement) => {
      this.experiments.erase();
      this.visits.relabel(replacement);
    });
    this.visits.begin(code);
    const kept = readTab(TAB_KEY);
    const tabId = kept !== null && /^[0-9a-f]{8}$/i.test(kept) ? kept : mintTabId();
    writeTab(TAB_KEY, tabId);
    Object.assign(this.runtime, { visitorCode: code, tabId });
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

  private eventsUrl(endpoint: URL, visitorCode: string): URL {
    const { browser } = this.environment;
    const url = new URL(endpoint.href);
    url.search =
      `engine=true&siteCode=${encodeURIComponent(this.configuration.siteCode)}` +
      `&visitorCode=${encodeURIComponent(visitorCode)}&itp=${browser === "SAFARI"}&tabId=${this.runtime.tabId ?? ""}`;
    return url;
  }
}

function holds(condition: () => unknown): boolean {
  try {
    return Boolean(condition());
  } catch {
    warnOnce("a condition given to Core.runWhenConditionTrue throws; it counts as false.");
    return false;
  }
}
