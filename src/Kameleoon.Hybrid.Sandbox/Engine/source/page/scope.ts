import { attempt } from "./journal";

/** Owns the timers, listeners and styles of one load, so that loading again leaves none behind. */
export class Scope {
  private readonly releases = new Set<() => void>();

  listen(target: EventTarget, type: string, listener: (event: Event) => void): void {
    const options = { capture: true, passive: true };
    const guarded = (event: Event) => attempt(`a listener of ${type}`, () => listener(event));
    target.addEventListener(type, guarded, options);
    this.add(() => target.removeEventListener(type, guarded, options));
  }

  /** Calls back when the page is hidden, which may be the last that is heard of it, and when it is left. */
  whenHidden(callback: () => void): void {
    this.listen(window, "pagehide", callback);
    this.listen(document, "visibilitychange", () => document.visibilityState === "hidden" && callback());
  }

  /** Calls back every `ms` until the returned function, or the end of the scope, stops it. */
  every(ms: number, callback: () => void): () => void {
    const timer = setInterval(() => attempt("a timer", callback), ms);
    return this.add(() => clearInterval(timer));
  }

  /** Calls back once after `ms`, unless the returned function or the end of the scope comes first. */
  after(ms: number, callback: () => void): () => void {
    const stop = this.every(ms, () => {
      stop();
      callback();
    });
    return stop;
  }

  /** Undoes something at the end of the scope, or when the returned function is called. */
  add(release: () => void): () => void {
    this.releases.add(release);
    return () => {
      this.releases.delete(release);
      release();
    };
  }

  dispose(): void {
    const releases = [...this.releases];
    this.releases.clear();
    releases.forEach((release) => attempt("tidying up", release));
  }
}
