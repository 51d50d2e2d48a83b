// Measures what the engine costs a page in Chromium: node measure.mjs http://127.0.0.1:5080/ [rounds]
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [address, rounds = "20"] = process.argv.slice(2);
if (address === undefined) {
  console.error("Name the page to measure: node measure.mjs http://127.0.0.1:5080/ [rounds]");
  process.exit(2);
}

// A headless browser says that it is one, and would be taken for a bot.
const agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
const profile = mkdtempSync(join(tmpdir(), "engine-"));
const chromium = spawn(
  "/usr/bin/chromium",
  [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--remote-debugging-pipe",
    `--user-agent=${agent}`,
    `--user-data-dir=${profile}`,
  ],
  { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
);

// The watcher stands before the page's own scripts.
const watcher = `
  var measured = { tasks: 0, shift: 0 };
  addEventListener("Kameleoon::Internals", (event) => {
    if (event.detail.type === "load") performance.mark("engine-load");
  });
  addEventListener("Kameleoon::Started", () => { performance.mark("engine-started"); measured.hasStarted = true; });
  new PerformanceObserver((list) => { measured.tasks += list.getEntries().length; })
    .observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) measured.shift += entry.value; })
    .observe({ type: "layout-shift", buffered: true });`;

let lastId = 0;
const answers = new Map();
const listeners = new Map();
let text = "";
chromium.stdio[4].on("data", (chunk) => {
  const messages = (text + chunk).split("\0");
  text = messages.pop();
  for (const message of messages.map((one) => JSON.parse(one))) {
    answers.get(message.id)?.(message);
    listeners.get(message.method)?.(message.params);
  }
});

const send = (method, params = {}, sessionId = undefined) =>
  new Promise((resolve, reject) => {
    const id = ++lastId;
    answers.set(id, ({ result, error }) => (error === undefined ? resolve(result) : reject(new Error(error.message))));
    chromium.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
  });

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function measure() {
  const { browserContextId } = await send("Target.createBrowserContext");
  const { targetId } = await send("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  await send("Page.enable", {}, sessionId);
  await send("Page.addScriptToEvaluateOnNewDocument", { source: watcher }, sessionId);

  const events = [];
  listeners.set("Tracing.dataCollected", ({ value }) => events.push(...value));
  await send("Tracing.start", { categories: "devtools.timeline,v8,blink.user_timing" });
  await send("Page.navigate", { url: address }, sessionId);
  const read = "measured.hasStarted === undefined ? null : JSON.stringify(measured)";
  let measured = null;
  while (measured === null) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    measured = JSON.parse((await send("Runtime.evaluate", { expression: read }, sessionId)).result.value ?? "null");
  }

  // Activity, sending and late shifts belong to it as well.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  measured = JSON.parse((await send("Runtime.evaluate", { expression: read }, sessionId)).result.value);
  const complete = new Promise((resolve) => listeners.set("Tracing.tracingComplete", resolve));
  await send("Tracing.end");
  await complete;
  await send("Target.disposeBrowserContext", { browserContextId });

  // "tts" and "tdur" are the thread's own time: what other programs on this machine take is not in them.
  const mark = (name) => events.find((one) => one.name === name && one.cat.includes("user_timing"));
  const [load, started] = [mark("engine-load"), mark("engine-started")];
  const scripts = events.filter((one) => one.name === "EvaluateScript" && /engine\.js/.test(one.args?.data?.url ?? ""));
  const sum = (member) => scripts.reduce((total, one) => total + (one[member] ?? 0), 0) / 1000;
  return {
    started: ((started.tts ?? started.ts) - (load.tts ?? load.ts)) / 1000,
    startedWall: (started.ts - load.ts) / 1000,
    script: sum("tdur"),
    scriptWall: sum("dur"),
    tasks: measured.tasks,
    shift: measured.shift,
  };
}

try {
  const all = [];
  for (let round = 0; round < Number(rounds); round++) {
    all.push(await measure());
  }

  const of = (name) => all.map((one) => one[name]);
  const report = (name) =>
    `median ${median(of(name)).toFixed(2)} ms, least ${Math.min(...of(name)).toFixed(2)}, most ${Math.max(...of(name)).toFixed(2)}`;
  console.log(`${rounds} visitors of ${address}`);
  console.log(`engine start to Started, thread time: ${report("started")}`);
  console.log(`the same by the clock:                ${report("startedWall")}`);
  console.log(`all of engine.js, thread time:        ${report("script")}`);
  console.log(`the same by the clock:                ${report("scriptWall")}`);
  console.log(`long tasks over 50 ms by the clock, of the whole page: ${of("tasks").reduce((a, b) => a + b, 0)}`);
  console.log(`most layout shift of the whole page: ${Math.max(...of("shift"))}`);
} finally {
  chromium.once("exit", () => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  chromium.kill();
}
