import { warnOnce } from "./journal";

const DAY_MS = 86_400_000;
const PREFIX = "kameleoon";
// Written by another component, in its own format.
const FOREIGN_KEY = "kameleoonConsentData";

interface Envelope {
  readonly value: unknown;
  readonly expirationDate: number;
}

/** Sandboxed documents and strict privacy settings refuse the mere access. */
export function isStorageRefused(): boolean {
  try {
    return !window.localStorage || !window.sessionStorage;
  } catch {
    return true;
  }
}

export function readStored(key: string): unknown {
  const envelope = open(localStorage.getItem(key));
  return envelope !== undefined && envelope.expirationDate > Date.now() ? envelope.value : undefined;
}

export function writeStored(key: string, value: unknown, days: number): void {
  const envelope: Envelope = { value, expirationDate: Date.now() + days * DAY_MS };
  put(localStorage, key, JSON.stringify(envelope));
}

/** Removes the engine's own entries that `unwanted` accepts, by key. */
export function removeStored(unwanted: (key: string) => boolean): void {
  Object.keys(localStorage)
    .filter((key) => key.startsWith(PREFIX) && unwanted(key))
    .forEach((key) => localStorage.removeItem(key));
}

export function removeExpired(): void {
  removeStored((key) => {
    const envelope = key === FOREIGN_KEY ? undefined : open(localStorage.getItem(key));
    return envelope !== undefined && envelope.expirationDate <= Date.now();
  });
}

export const readTab = (key: string): string | null => sessionStorage.getItem(key);

export const writeTab = (key: string, value: string): void => put(sessionStorage, key, value);

export const removeTab = (key: string): void => sessionStorage.removeItem(key);

function put(storage: Storage, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    warnOnce(`the browser's storage is full; ${key} is not kept.`);
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
