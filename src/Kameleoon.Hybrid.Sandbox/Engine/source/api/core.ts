import type { Engine } from "../engine";
import { follow } from "../execution/redirect";
import { runWhen } from "../page/wait";
import type { Api } from "./stubs";

export function createCoreApi(engine: Engine): Api {
  const { context, tracking, execution } = engine;
  const { configuration, elements } = context;
  return {
    Core: {
      load: () => engine.load(),
      enableLegalConsent: (module: unknown = "BOTH") => engine.whenTracking(() => tracking.setConsent(module, true)),
      disableLegalConsent: (module: unknown = "BOTH") => engine.whenTracking(() => tracking.setConsent(module, false)),
      getConfiguration: () => ({
        siteCode: configuration.siteCode,
        singlePageSupport: configuration.spa.enabled,
        goals: configuration.goals.map((goal) => ({ ...goal })),
        generationTime: configuration.generatedAt,
      }),
      runWhenConditionTrue: (condition: () => unknown, callback: () => void, pollMs = 200) =>
        runWhen(context.waits, condition, callback, pollMs),
      runWhenElementPresent: (
        selector: unknown,
        callback: (found: Element[]) => void,
        pollMs: number | null = null,
        dynamic = configuration.spa.dynamicRefresh,
      ) => elements.whenPresent(String(selector), callback, pollMs, dynamic),
      enableSinglePageSupport: () => engine.enableSinglePages(),
      enableDynamicRefresh: () => {
        configuration.spa.dynamicRefresh = true;
      },
      processRedirect: (url: unknown) => {
        engine.whenTracking(() => follow(context, String(url)));
      },
    },
    Events: { trigger: (name: unknown) => engine.whenTracking(() => execution.triggerEvent(name)) },
  };
}
