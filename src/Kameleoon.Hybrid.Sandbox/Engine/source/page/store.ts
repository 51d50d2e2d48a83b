import { now } from "./clock";
import { warnOnce } from "./journal";
import { toJson } from "./json";

const DAY_MS = 86_400_000;
const PREFIX = "kameleoon";
// Written by another component, in its own format.
const FOREIGN_KEY = "kameleoonConsentData";

interface Envelope {
  readonly value: unknown;
  readonly expirationDate: number;
}

/** Tells another storage, the shared frame's, what this one was told; null removes. */
export type Mirror = (key: string, text: string | null) => void;

/** Sandboxed documents and strict privacy settings refuse the mere access. */
export function isStorageRefused(): boolean {
  try {
    return !window.localStorage || !window.sessionStorage;
  } catch {
    return true;
  }
}

/** One of the browser's storages. While it is on hold, or full, what is written stays in memory. */
export class Store {
  private readonly held = new Map<string, string | null>();
  private shared: Map<string, string> | undefined;
  private mirror: Mirror | undefined;
  private isHeld = false;

  constructor(private readonly storage: () => Storage) {}

  /** Reads from `entries` first from now on, until another tab writes, and tells `mirror` of every change. */
  share(entries: ReadonlyMap<string, string>, mirror: Mirror): void {
    this.shared = new Map(entries);
    this.mirror = mirror;
    // Another tab of this host wrote: what it wrote is in this host's own storage.
    addEventListener("storage", ({ key }) => this.shared?.delete(key!));
  }

  get isShared(): boolean {
    return this.shared !== undefined;
  }

  hold(): void {
    this.isHeld = true;
  }

  /** Writes what was held. */
  release(): void {
    this.isHeld = false;
    const held = [...this.held];
    this.held.clear();
    held.forEach(([key, text]) => this.put(key, text));
  }

  get(key: string): string | null {
    const held = this.held.get(key);
    if (held !== undefined) {
      return held;
    }

    try {
      return this.shared?.get(key) ?? this.storage().getItem(key);
    } catch {
      return null; // Storage is refused; the engine does not start here, but may be asked.
    }
  }

  /** Writes, or removes for null; `always` also while on hold. */
  put(key: string, text: string | null, always = false): void {
    if (this.isHeld && !always) {
      this.held.set(key, text);
      return;
    }

    this.held.delete(key);
    try {
      if (text === null) {
        this.shared?.delete(key);
        this.storage().removeItem(key);
      } else {
        this.shared?.set(key, text);
        this.storage().setItem(key, text);
      }
    } catch {
      // What was there before must not come back on this page.
      this.held.set(key, text);
      warnOnce(`the browser's storage is full; ${key} is not stored.`);
    }

    this.mirror?.(key, text);
  }

  read(key: string): unknown {
    const envelope = open(this.get(key));
    return envelope !== undefined && envelope.expirationDate > now() ? envelope.value : undefined;
  }

  write(key: string, value: unknown, days: number, always = false): void {
    const envelope: Envelope = { value, expirationDate: now() + days * DAY_MS };
    this.put(key, toJson(envelope), always);
  }

  /** Removes the engine's own entries that `unwanted` accepts, by key. */
  remove(unwanted: (key: string) => boolean): void {
    const keys = new Set([...Object.keys(this.storage()), ...this.held.keys(), ...(this.shared?.keys() ?? [])]);
    keys.forEach((key) => key.startsWith(PREFIX) && unwanted(key) && this.put(key, null));
  }

  removeExpired(): void {
    this.remove((key) => {
      const envelope = key === FOREIGN_KEY ? undefined : open(this.get(key));
      return envelope !== undefined && envelope.expirationDate <= now();
    });
  }
}

function open(text: string | null): Envelope | undefined {
  try {
    const envelope = JSON.parse(text ?? "null") as Envelope | null;
    return typeof envelope?.expirationDate === "number" ? envelope : undefined;
  } catch {
    return undefined;
  }
}
