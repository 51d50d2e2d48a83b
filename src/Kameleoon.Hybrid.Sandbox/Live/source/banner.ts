import { $, h, list, show, write } from "./dom";
import { time } from "./format";
import type { State } from "./state";

const titles = {
  ready: "",
  missing: "The project file is missing, so clients get a 404.",
  unreadable: "The project file cannot be read, so clients get a 503.",
  broken: "The project file has mistakes. The last good one stays in force.",
};

/** What a reader has to know before anything else: the file, faults, and a clock that was put forward. */
export function renderBanners(state: State): void {
  const { dataFile: file, sandbox } = state;
  const name = file.name.split(/[\\/]/).pop() ?? file.name;
  write($("file"), file.state === "ready" && file.lastModified !== null ? `${name}, saved ${time(file.lastModified)}` : name);
  $("file").title = sandbox.storage === null ? file.name : `${file.name}, kept in ${sandbox.storage}`;

  show($("problem"), file.state !== "ready");
  write($("problem-title"), titles[file.state]);
  list($("mistakes"), file.mistakes, mistake => JSON.stringify(mistake), mistake =>
    h("li", {}, mistake.line > 0 && h("b", {}, `Line ${mistake.line} `), mistake.path !== "" && h("code", {}, mistake.path), ` ${mistake.reason}`));

  const notes = [
    ...file.warnings,
    ...Object.entries(sandbox.faults).map(([endpoint, fault]) => `The endpoint “${endpoint}” fails on purpose: ${
      [fault.drop && "breaks the connection", fault.status !== null && `answers ${fault.status}`, fault.delayMs > 0 && `waits ${fault.delayMs} ms`]
        .filter(Boolean).join(", ") || "answers rubbish"}${fault.times === null ? "" : `, ${fault.times} more times`}.`),
    ...(sandbox.aheadSeconds === 0 ? [] : [`The sandbox’s clock is ${Math.round(sandbox.aheadSeconds / 60)} minutes ahead.`]),
  ];
  list($("notes"), notes, note => note, note => h("li", {}, note));
  show($("notes"), notes.length > 0);
}
