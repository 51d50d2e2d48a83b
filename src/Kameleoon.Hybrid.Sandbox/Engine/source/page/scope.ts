import { attempt } from "./journal";
import { append } from "./lists";

/** Owns the timers, listeners and styles of one load, so that loading again leaves none behind. */
export class Scope {
  private releases: (() => void)[] = [];

  listen(target: EventTarget, type: string, listener: (event: Event) => void): void {
    const options = { capture: true, passive: true };
    const guarded = (event: Event) => attempt(`a listener of ${type}`, () => listener(event));
    target.addEventListener(type, guarded, options);
    this.add(() => target.removeEventListener(type, guarded, options));
  }

  /** Calls back every `ms` until the returned function, or the end of the scope, stops it. */
  every(ms: number, callback: () => void): () => void {
    const timer = setInterval(() => attempt("a timer", callback), ms);
    return this.add(() => clearInterval(timer));
  }

  /** Calls back once after `ms`, unless the returned function or the end of the scope comes first. */
  after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(() => attempt("a timer", callback), ms);
    return this.add(() => clearTimeout(timer));
  }

  /** Undoes something at the end of the scope. */
  add(release: () => void): () => void {
    append(this.releases, release);
    return release;
  }

  dispose(): void {
    for (const release of this.releases.splice(0)) {
      attempt("tidying up", release);
    }
  }
}
