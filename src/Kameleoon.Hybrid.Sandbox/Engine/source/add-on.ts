import type { Api } from "./api/stubs";
import { type Configuration, hasCondition } from "./configuration";
import type { Engine } from "./engine";
import { loadFile } from "./page/files";
import { now } from "./page/clock";
import { attempt, warn, warnOnce } from "./page/journal";
import { toJson } from "./page/json";
import { append } from "./page/lists";
import { dataAddress } from "./sending/endpoint";

/** A part of the engine that the server writes into `engine.js` only for projects that use it. */
export interface AddOn {
  /** Runs at every load, also where the engine then aborts. */
  onLoad?(): void;
  /** Runs when the visitor is known, and again for every view. */
  afterVisitor?(): void;
  /** The campaigns wait for the promise. */
  beforeCampaigns?(): Promise<void> | void;
  /** The goals wait for the promise. */
  beforeGoals?(): Promise<void> | void;
  /** Runs when the visitor gave or refused consent, and when segments arrived. */
  afterConsent?(): void;
  /** Changes an address to which the engine sends the visitor. */
  decorate?(url: URL): void;
  /** Methods of `Kameleoon.API`. */
  readonly api?: Api;
}

type Hook = Exclude<keyof AddOn, "api">;

// Handed over, because each add-on is a bundle of its own.
const TOOLS = { append, attempt, dataAddress, hasCondition, loadFile, now, toJson, warn, warnOnce };

/** The engine and those of its functions that add-ons use. */
export type Tools = { readonly engine: Engine } & typeof TOOLS;

export type AddOnFactory = (tools: Tools) => AddOn;

/** The add-ons of this page. */
export class AddOns {
  private all: readonly AddOn[] = [];

  create(engine: Engine, { addOns }: Configuration): void {
    this.all = Object.entries(addOns).flatMap(
      ([name, create]) => attempt(`the add-on ${name}`, () => create({ ...TOOLS, engine })) ?? [],
    );
  }

  /** Adds the methods of the add-ons to `Kameleoon.API`. */
  extend(target: Api): void {
    this.all.forEach(({ api }) => Object.assign(target, api));
  }

  /** Runs a hook of every add-on; returns a promise when one of them has to be waited for. */
  run(hook: Hook, url?: URL): Promise<void> | undefined {
    const waiting: Promise<void>[] = [];
    for (const addOn of this.all) {
      const promise = attempt(`the hook ${hook}`, () => addOn[hook]?.(url as never));
      if (promise) {
        append(waiting, promise);
      }
    }

    return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => undefined);
  }
}
