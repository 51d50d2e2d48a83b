import type { Configuration } from "./configuration";
import type { Context } from "./context";
import { createContext } from "./create-context";
import { Execution } from "./execution/execution";
import { type Release, releasePage } from "./loading/anti-flicker";
import { type BlockingReason, findBlockingReason, isPrerendering, listenForActivation } from "./loading/blocking";
import { fetchDeferred } from "./loading/deferral";
import { CommandQueue } from "./loading/queue";
import { announce, announceStep } from "./page/announce";
import { now } from "./page/clock";
import { attempt, warn } from "./page/journal";
import { Scope } from "./page/scope";
import { CustomData } from "./tracking/custom-data";
import { watchAddress } from "./tracking/single-page";
import { Tracking } from "./tracking/tracking";

type Step = () => Promise<void> | undefined | void;

/** Takes one page through the stages: loading, tracking, execution. */
export class Engine {
  readonly context: Context;
  readonly tracking: Tracking;
  readonly execution: Execution;
  readonly customData: CustomData;
  private readonly queue: CommandQueue;
  private readonly createdAt = now();
  private readonly page = new Scope();
  private loads = 0;
  private isLoading = false;

  constructor(configuration: Configuration, root: object) {
    this.context = createContext(configuration, () => this.execution.reevaluate());
    this.customData = new CustomData(this.context);
    this.execution = new Execution(this.context, this.customData);
    this.tracking = new Tracking(this.context, this.execution, this.customData, this.page);
    this.queue = new CommandQueue(root);
    this.context.addOns.create(this, configuration);
  }

  /** Starts the engine on this page, or starts it again for the next view of a single-page application. */
  load(): void {
    if (this.isLoading) {
      warn("load() is already running; it is ignored.");
      return;
    }

    this.loads++;
    this.page.dispose();
    this.tracking.stop();
    this.uninterrupted(() => this.run());
  }

  /** Runs now, or in the order of the queue once the visitor is known: an aborted page must store and send nothing. */
  whenTracking(action: () => void): void {
    if (this.tracking.isOn) {
      this.tracking.trackView();
      action();
    } else {
      this.queue.push([action]);
    }
  }

  /** Watches the address from now on. */
  enableSinglePages(): void {
    const { spa } = this.context.configuration;
    if (!spa.enabled) {
      spa.enabled = true;
      this.watchAddress();
    }
  }

  private run(): void {
    const { runtime, configuration, tab } = this.context;
    Object.assign(runtime, { phase: "loading", abortReason: null });
    announceStep("load");
    this.context.addOns.run("onLoad");
    this.queue.close();
    const release = releasePage(this.createdAt);
    const timedOut = this.isTimedOut(release);
    const reason = findBlockingReason(configuration, tab, timedOut);
    announce("Loaded", { loadTime: release.loadTime, timeout: timedOut });
    if (reason !== undefined) {
      this.abort(reason);
      return;
    }

    const load = this.loads;
    const steps: Step[] = [
      () => fetchDeferred(configuration),
      ...this.tracking.steps(this.queue).map((step): Step => step),
    ];
    // Before anything that is fetched for the campaigns.
    steps.splice(-3, 0, () => this.watchAddress());
    this.inOrder(steps, load);
  }

  /** Runs the steps while this load is the last one; only a step that returns a promise makes the others wait. */
  private inOrder(steps: readonly Step[], load: number): void {
    for (let i = 0; i < steps.length; i++) {
      const waiting = attempt("a step of the engine", steps[i] as Step);
      if (waiting !== undefined) {
        const goOn = () => load === this.loads && this.uninterrupted(() => this.inOrder(steps.slice(i + 1), load));
        waiting.catch((error: unknown) => warn("a step of the engine failed.", error)).then(goOn, goOn);
        return;
      }
    }
  }

  /** Listeners of our own events must not load the engine from within a load. */
  private uninterrupted(action: () => void): void {
    this.isLoading = true;
    attempt("loading", action);
    this.isLoading = false;
  }

  private abort(reason: BlockingReason): void {
    Object.assign(this.context.runtime, { phase: "aborted", abortReason: reason });
    if (reason === "PRERENDER") {
      listenForActivation((target, type) => this.page.listen(target, type, () => this.load()));
    } else {
      // What kept this view back need not keep the next one.
      this.watchAddress();
    }

    announceStep("abort", { reason });
    announce("Aborted", { reason });
  }

  /** Whether the page was shown without the engine; only where the project disables it then, and only for the first view. */
  private isTimedOut({ cameLate }: Release): boolean {
    return cameLate && this.context.configuration.onTimeout !== null && this.loads === 1 && !isPrerendering();
  }

  private watchAddress(): void {
    if (this.context.configuration.spa.enabled) {
      watchAddress(this.context, (previous) => {
        this.context.referrer = previous;
        announceStep("spa/reload", { previous });
        this.load();
      });
    }
  }
}
