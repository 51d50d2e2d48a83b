/** Owns the timers and listeners of one load, so that loading again leaves none behind. */
export class Scope {
  private releases: (() => void)[] = [];

  listen(target: EventTarget, type: string, listener: (event: Event) => void): void {
    const options = { capture: true, passive: true };
    target.addEventListener(type, listener, options);
    this.releases.push(() => target.removeEventListener(type, listener, options));
  }

  /** Calls back every `ms` until the returned function, or the end of the scope, stops it. */
  every(ms: number, callback: () => void): () => void {
    const timer = setInterval(callback, ms);
    const release = () => clearInterval(timer);
    this.releases.push(release);
    return release;
  }

  dispose(): void {
    for (const release of this.releases.splice(0)) {
      release();
    }
  }
}
