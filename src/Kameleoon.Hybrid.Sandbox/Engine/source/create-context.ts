import { AddOns } from "./add-on";
import type { Configuration } from "./configuration";
import type { Context } from "./context";
import { Elements } from "./page/elements";
import { Scope } from "./page/scope";
import { Store } from "./page/store";
import { createRuntime } from "./runtime";
import { eventsUrl, findEndpoint } from "./sending/endpoint";
import { Transport } from "./sending/transport";
import { Consent } from "./tracking/consent";
import { describe } from "./tracking/environment";
import { trackPageView } from "./tracking/page-events";
import { Visitor } from "./tracking/visitor";
import { Visits } from "./tracking/visits";

/** What the stages of one page share; `reevaluate` is called when something changed that a condition may depend on. */
export function createContext(configuration: Configuration, reevaluate: () => void): Context {
  const [store, tab] = [new Store(() => localStorage), new Store(() => sessionStorage)];
  const runtime = createRuntime();
  const scope = new Scope();
  const environment = describe(navigator.userAgent, navigator.maxTouchPoints);
  const consent = new Consent(configuration, store, tab);
  const visitor = new Visitor(configuration, store, consent);
  const visits = new Visits(configuration, store);
  const transport = new Transport({
    tab,
    flushMs: () => configuration.flushMs,
    urlOf: (code) =>
      eventsUrl(
        findEndpoint(configuration),
        configuration.siteCode,
        code,
        environment.browser === "SAFARI",
        runtime.tabId ?? "",
      ),
    visitorCode: () => visitor.code,
    judge: (type) => consent.judge(type),
  });
  const context: Context = {
    configuration,
    runtime,
    scope,
    waits: scope,
    elements: new Elements(scope),
    store,
    tab,
    environment,
    consent,
    visitor,
    visits,
    transport,
    addOns: new AddOns(),
    referrer: document.referrer,
    beginIfOver: () => {
      visits.refresh();
      if (visits.isOver && visitor.code !== undefined) {
        visits.begin(visitor.code);
        trackPageView(context);
      }
    },
    track: (type, fields = {}) => {
      context.beginIfOver();
      transport.add(type, fields);
      visits.touch();
    },
    reevaluate,
  };
  return context;
}
