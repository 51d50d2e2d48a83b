import type { AddOns } from "./add-on";
import type { Configuration } from "./configuration";
import type { Elements } from "./page/elements";
import type { Scope } from "./page/scope";
import type { Store } from "./page/store";
import type { Runtime } from "./runtime";
import type { Transport } from "./sending/transport";
import type { Consent } from "./tracking/consent";
import type { Environment } from "./tracking/environment";
import type { Visitor } from "./tracking/visitor";
import type { Visits } from "./tracking/visits";

/** What the stages share. */
export interface Context {
  /** Stays the same object; deferred and live files change its members. */
  readonly configuration: Configuration;
  readonly runtime: Runtime;
  /** Of the current view. */
  readonly scope: Scope;
  /** Of what the scripts that run now wait for: the view, or longer for an integration. */
  waits: Scope;
  readonly elements: Elements;
  readonly store: Store;
  readonly tab: Store;
  readonly environment: Environment;
  readonly consent: Consent;
  readonly visitor: Visitor;
  readonly visits: Visits;
  readonly transport: Transport;
  readonly addOns: AddOns;
  /** The page before this one. */
  referrer: string;
  /** Begins a new visit, with its page first, when the last one is over: before anything is noted in it. */
  beginIfOver(): void;
  /** Reports an event, in a new visit when the last one is over. */
  track(type: string, fields?: Record<string, unknown>): void;
  /** Something changed that a condition may depend on. */
  reevaluate(): void;
}
