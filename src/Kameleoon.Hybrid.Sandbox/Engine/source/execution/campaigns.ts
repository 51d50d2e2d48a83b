import type { Campaign, Variation } from "../configuration";
import type { Context } from "../context";
import { addStyle, loadFile } from "../page/files";
import { attempt, warn, warnOnce } from "../page/journal";
import { append } from "../page/lists";
import type { Module } from "../tracking/consent";
import { follow } from "./redirect";

const DELAYED = "DELAYED";

/** Carries out what a campaign brings: styles, scripts, redirects, integrations. */
export class Campaigns {
  private readonly code = new Map<string, Promise<Variation>>();
  private waiting: { module: Module; run: () => void }[] = [];

  constructor(private readonly context: Context) {}

  /** Shows a variation; code in a file of its own is fetched first, after the page's own files. */
  show(kind: "experiments" | "personalizations", campaign: Campaign, variation: Variation, done: () => void): void {
    if (!isApart(campaign, variation)) {
      this.run(campaign, variation);
      done();
      return;
    }

    // What a later view, or another visitor, has nothing to do with.
    let isCurrent = true;
    this.context.scope.add(() => (isCurrent = false));
    whenLoaded(this.context, () => {
      this.fetchCode(kind, campaign, variation).then(
        (whole) => isCurrent && (this.run(campaign, whole), done()),
        (error: unknown) => warn(`the code of variation ${variation.id} is missing.`, error),
      );
    });
  }

  /** Fetches the code of a delayed variation ahead of its need. */
  prepare(kind: "experiments" | "personalizations", campaign: Campaign, variation: Variation): void {
    if (isApart(campaign, variation)) {
      this.fetchCode(kind, campaign, variation).catch(() => undefined);
    }
  }

  /** Tells the campaign's analytics tools, once the visitor allows it. */
  integrate(module: Module, campaign: Campaign, variationId: number, variationName: string): void {
    const { configuration, consent } = this.context;
    const [experiment, personalization] = module === "AB_TESTING" ? [campaign] : [undefined, campaign];
    const run = () => {
      for (const name of campaign.integrations ?? []) {
        const script = configuration.integrations[name];
        if (typeof script !== "function") {
          warnOnce(`campaign ${campaign.id} names the integration ${name}, which does not exist.`);
          continue;
        }

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
        );
      }
    };
    if (consent.isGranted(module)) {
      run();
    } else if (consent.state(module) === null) {
      append(this.waiting, { module, run });
    }
  }

  /** Consent changed: what waited for it runs, or never will. */
  resume(): void {
    const { consent } = this.context;
    for (const { run } of this.waiting.filter(({ module }) => consent.isGranted(module))) {
      run();
    }

    this.waiting = this.waiting.filter(({ module }) => !consent.isGranted(module) && consent.state(module) === null);
  }

  forget(): void {
    this.waiting = [];
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
    }

    return code;
  }
}

/** Whether the variation is shown by code that is not in engine.js. */
function isApart(campaign: Campaign, variation: Variation): boolean {
  const isPromised = variation.deferred === true || isDelayed(campaign);
  return isPromised && variation.id !== 0 && !variation.js && !variation.css && !variation.redirect;
}

export const isDelayed = (campaign: Campaign): boolean => campaign.tags?.includes(DELAYED) === true;

/** Calls back when the page has everything it asked for. */
export function whenLoaded({ scope }: Context, callback: () => void): void {
  if (document.readyState === "complete") {
    callback();
  } else {
    // The event itself is still part of loading.
    scope.listen(window, "load", () => scope.after(0, callback));
  }
}
