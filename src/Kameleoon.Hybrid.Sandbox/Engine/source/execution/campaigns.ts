import type { Campaign, Variation } from "../configuration";
import type { Context } from "../context";
import { addStyle, loadFile } from "../page/files";
import { attempt, warn, warnOnce } from "../page/journal";
import { append } from "../page/lists";
import { Scope } from "../page/scope";
import type { Module } from "../tracking/consent";
import { follow } from "./redirect";

const DELAYED = "DELAYED";
// How long an integration waits for its tool.
const TOOL_PATIENCE_MS = 300_000;

type Kind = "experiments" | "personalizations";

/** What to do around the code of a variation. */
export interface Showing {
  readonly report?: () => void;
  readonly done?: () => void;
  readonly fail?: () => void;
}

/** Runs the styles, scripts, redirects and integrations of campaigns. */
export class Campaigns {
  private readonly code = new Map<string, Promise<Variation>>();
  /** Integrations that wait for consent, or for what is being shown. */
  private waiting: { module: Module; run: () => void }[] = [];
  /** What integrations wait for on the page. */
  private waits: { module: Module; scope: Scope }[] = [];
  private shows = 0;

  constructor(private readonly context: Context) {}

  /**
   * Shows a variation. Code in a separate file is fetched first, after the page's own files; a variation whose code does
   * not arrive is not shown, and `report` is not called. `report` runs before the variation's code, which may convert
   * goals or leave the page; what it reports is sent, and told to integrations, when the code has run, also when it fails.
   */
  show(kind: Kind, campaign: Campaign, variation: Variation, { report, done, fail }: Showing = {}): void {
    const finish = (whole: Variation) => {
      this.shows++;
      this.context.transport.hold(() => {
        report?.();
        this.run(campaign, whole);
      });
      this.shows--;
      this.resume();
      done?.();
    };
    if (!isApart(campaign, variation)) {
      finish(variation);
      return;
    }

    const { scope, visitor } = this.context;
    const { code } = visitor;
    let isView = true;
    scope.add(() => (isView = false));
    const whenCurrent = (action: () => void) => isView && visitor.code === code && action();
    whenLoaded(this.context, () => {
      this.fetchCode(kind, campaign, variation)
        .then(
          (whole) => whenCurrent(() => finish(whole)),
          (error: unknown) => {
            warn(`the code of variation ${variation.id} is missing; it is neither shown nor reported.`, error);
            whenCurrent(() => fail?.());
          },
        )
        .catch((error: unknown) => warn(`showing variation ${variation.id} failed.`, error));
    });
  }

  /** Fetches the code of a delayed variation before it is needed. */
  prepare(kind: Kind, campaign: Campaign, variation: Variation): void {
    if (isApart(campaign, variation)) {
      this.fetchCode(kind, campaign, variation).catch(() => undefined);
    }
  }

  /** Runs the campaign's integrations with analytics tools, once there is consent. */
  integrate(module: Module, campaign: Campaign, variationId: number, variationName: string): void {
    const { configuration } = this.context;
    const [experiment, personalization] = module === "AB_TESTING" ? [campaign] : [undefined, campaign];
    const run = () => {
      for (const name of campaign.integrations ?? []) {
        const script = configuration.integrations[name];
        if (typeof script !== "function") {
          warnOnce(`campaign ${campaign.id} names the unknown integration ${name}.`);
          continue;
        }

        this.waitingOnPage(module, () =>
          attempt(`the integration ${name}`, () =>
            script(
              experiment?.id,
              experiment?.id,
              experiment?.name,
              personalization?.id,
              personalization?.id,
              personalization?.name,
              variationId,
              variationId,
              variationName,
            ),
          ),
        );
      }
    };
    append(this.waiting, { module, run });
    this.resume();
  }

  /** Runs the integrations that waited and may run now, and ends those of a refusal. */
  resume(): void {
    if (this.shows > 0) {
      return;
    }

    const { consent } = this.context;
    const isRefused = ({ module }: { module: Module }) => !consent.isGranted(module) && consent.state(module) !== null;
    const due = this.waiting.filter(({ module }) => consent.isGranted(module));
    this.waiting = this.waiting.filter((one) => !due.includes(one) && !isRefused(one));
    due.forEach(({ run }) => run());
    this.waits.filter(isRefused).forEach(({ scope }) => scope.dispose());
  }

  /** Runs an integration. What it waits for may come after the view, with the tool that it reports to. */
  private waitingOnPage(module: Module, action: () => void): void {
    const { context } = this;
    const { waits } = context;
    const scope = new Scope();
    append(this.waits, { module, scope });
    setTimeout(() => this.waits.shift()?.scope.dispose(), TOOL_PATIENCE_MS);
    context.waits = scope;
    action();
    context.waits = waits;
  }

  private run(campaign: Campaign, { id, css, js, redirect }: Variation): void {
    const { scope } = this.context;
    if (redirect) {
      attempt("a redirect", () => follow(this.context, redirect));
    }

    if (css) {
      const remove = attempt(`the style of campaign ${campaign.id}`, () =>
        addStyle(`kameleoonStyleSheet-${campaign.id}`, css),
      );
      if (remove !== undefined) {
        scope.add(remove);
      }
    }

    if (js) {
      attempt(`the script of variation ${id} of campaign ${campaign.id}`, () => js());
    }
  }

  private fetchCode(kind: string, campaign: Campaign, variation: Variation): Promise<Variation> {
    const name = `${kind}/${campaign.id}/variations/${variation.id}`;
    let code = this.code.get(name);
    if (code === undefined) {
      code = loadFile(this.context.configuration.resourceUrl, `${name}.js`, name) as Promise<Variation>;
      this.code.set(name, code);
      // The next view asks again.
      code.catch(() => this.code.delete(name));
    }

    return code;
  }
}

/** Whether the variation's code is not in engine.js. */
function isApart(campaign: Campaign, variation: Variation): boolean {
  const isPromised = variation.deferred === true || isDelayed(campaign);
  return isPromised && variation.id !== 0 && !variation.js && !variation.css && !variation.redirect;
}

export const isDelayed = (campaign: Campaign): boolean => campaign.tags?.includes(DELAYED) === true;

/** Calls back when the page has loaded its own files. */
export function whenLoaded({ scope }: Context, callback: () => void): void {
  if (document.readyState === "complete") {
    callback();
  } else {
    // The event itself is still part of loading.
    scope.listen(window, "load", () => scope.after(0, callback));
  }
}
