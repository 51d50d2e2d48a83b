import { announce } from "./announce";
import { releasePage } from "./anti-flicker";
import { type BlockingReason, findBlockingReason, listenForActivation } from "./blocking";
import type { Configuration } from "./configuration";
import { warn, warnOnce } from "./journal";
import { CommandQueue } from "./queue";
import { createRuntime } from "./runtime";
import { Scope } from "./scope";
import { Tracking } from "./tracking";

/** Takes one page through the stages: loading here, then tracking. Execution of campaigns does not exist yet. */
export class Engine {
  readonly runtime = createRuntime();
  readonly tracking: Tracking;
  private readonly queue: CommandQueue;
  private readonly createdAt = Date.now();
  private readonly activation = new Scope();
  private readonly scope = new Scope();
  private isLoading = false;

  constructor(readonly configuration: Configuration, root: object) {
    this.tracking = new Tracking(configuration, this.runtime, this.scope);
    this.queue = new CommandQueue(root);
  }

  /** Starts the engine on this page, or starts it again for the next view of a single-page application. */
  load(): void {
    if (this.isLoading) {
      warn("load() is already running; the second call is ignored.");
      return;
    }

    this.isLoading = true;
    try {
      this.activation.dispose();
      this.tracking.stop();
      this.run();
    } finally {
      this.isLoading = false;
    }
  }

  /** Runs now, or in the order of the queue once the visitor is known: an aborted page must store and send nothing. */
  whenTracking(action: () => void): void {
    if (this.tracking.isOn) {
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

  private run(): void {
    Object.assign(this.runtime, { phase: "loading", abortReason: null });
    announce("Internals", { type: "load" });
    this.queue.close();
    const loadTime = releasePage(this.createdAt);
    const reason = findBlockingReason(this.configuration);
    announce("Loaded", { loadTime, timeout: false });
    if (reason === undefined) {
      this.tracking.start(this.queue);
    } else {
      this.abort(reason);
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
}

function holds(condition: () => unknown): boolean {
  try {
    return Boolean(condition());
  } catch {
    warnOnce("a condition given to Core.runWhenConditionTrue throws; it counts as false.");
    return false;
  }
}
