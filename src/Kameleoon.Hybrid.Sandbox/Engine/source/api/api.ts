import type { Engine } from "../engine";
import { createCampaignApi } from "./campaigns";
import { createCoreApi } from "./core";
import { createDataApi } from "./data";
import { type Api, addStubs } from "./stubs";
import { createUtilsApi } from "./utils";
import { createVisitorApi } from "./visitor";

/** What the page calls, `Kameleoon.API`: plain objects, so that queue entries can name every method. */
export function createApi(engine: Engine): Api {
  const api = Object.assign(
    createVisitorApi(engine),
    createCoreApi(engine),
    createCampaignApi(engine),
    createDataApi(engine),
    createUtilsApi(engine),
  );
  addStubs(api);
  engine.context.addOns.extend(api);
  return api;
}
