import { change } from "./api";
import { renderBanners } from "./banner";
import { activity } from "./charts";
import { $, show, write } from "./dom";
import { money, whole } from "./format";
import type { State } from "./state";
import { onFilter, renderEvents } from "./views/events";
import { explainFor, renderExplain, startExplain } from "./views/explain";
import { renderFlags } from "./views/flags";
import { renderProducts } from "./views/products";
import { renderResults } from "./views/results";
import { loadStages } from "./views/stages";
import { renderVisitors } from "./views/visitors";
import "./page.css";

const views = ["results", "visitors", "flags", "events"];
let state: State | undefined;

function route(): readonly string[] {
  const parts = location.hash.slice(1).split("/").map(part => {
    try {
      return decodeURIComponent(part);
    } catch {
      return "";
    }
  });
  return views.includes(parts[0] ?? "") ? parts : ["results"];
}

function render(): void {
  const [view, first] = route();
  for (const name of views) {
    show($(`${name}-view`), name === view);
    const link = document.querySelector(`nav a[href="#${name}"]`)!;
    if (name === view) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }

  if (state === undefined) {
    return;
  }

  renderBanners(state);
  renderExplain(state);
  const { totals } = state;
  write($("visitors"), whole(totals.visitors));
  const seen = state.experiments.reduce((sum, experiment) => sum + experiment.visitors, 0);
  write($("exposures"), whole(seen));
  write($("repeated"), totals.exposures > seen ? `and ${whole(totals.exposures - seen)} repeated` : "");
  write($("conversions"), whole(totals.conversions));
  write($("revenue"), money(totals.revenue));
  const quiet = state.events.length === 0;
  show($("empty"), quiet && view === "results");
  show($("activity-card"), !quiet);
  switch (view) {
    case "results":
      renderResults($("experiments"), state);
      void loadStages(render);
      renderProducts(state);
      if (!quiet) {
        activity($("activity"), state.activity);
      }

      break;
    case "visitors":
      renderVisitors(state, first ?? "");
      break;
    case "flags":
      renderFlags(state);
      break;
    default:
      renderEvents(state);
  }
}

function connect(): void {
  const source = new EventSource("live/stream");
  const say = (kind: string, text: string) => {
    $("connection").dataset["state"] = kind;
    write($("connection"), text);
  };
  source.addEventListener("state", event => {
    state = JSON.parse((event as MessageEvent<string>).data) as State;
    say("live", "Live");
    render();
  });
  source.addEventListener("open", () => say("live", "Live"));
  source.addEventListener("error", () => {
    say("lost", "Reconnecting");

    // A server that refuses is not asked again by the browser.
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(connect, 2000);
    }
  });
}

addEventListener("hashchange", () => {
  render();
  const [view, flag, code] = route();
  if (view === "flags" && flag !== undefined && code !== undefined) {
    explainFor(flag, code);
  }
});
$("reset").addEventListener("click", () => {
  if (confirm("Forget all events, visitors and results?")) {
    void change("POST", "live/reset");
  }
});
$("undo-all").addEventListener("click", () => void change("DELETE", "control/flags"));
write($("snippet"), `<script async src="${new URL("engine.js", location.href).href}"></script>`);
onFilter(render);
startExplain();
render();
connect();
