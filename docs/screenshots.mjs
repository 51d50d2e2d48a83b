// Takes the pictures of the tutorial from samples/QuickStart, so that they stay true: eight visitors open the page, every
// second one buys, and the live page shows it. Needs Node.js 20 and Chromium.
//   dotnet build samples/QuickStart -c Release && node --experimental-websocket docs/screenshots.mjs
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("..", import.meta.url).pathname;
const site = "http://127.0.0.1:5475";
const folder = await mkdtemp(join(tmpdir(), "screenshots-"));
const processes = [];

/** Starts a program and resolves with the first match of a pattern in what it writes. */
function start(command, args, pattern, options = {}) {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  processes.push(child);
  return new Promise((resolve, reject) => {
    let written = "";
    const read = (data) => {
      written += data;
      const match = pattern.exec(written);
      if (match) resolve(match);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => reject(new Error(`${command} ended with ${code}: ${written}`)));
  });
}

/** Connects to Chromium's debugging protocol. */
async function connect(address) {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => { socket.onopen = resolve; socket.onerror = reject; });
  const waiting = new Map();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    const call = waiting.get(id);
    waiting.delete(id);
    if (call) error ? call.reject(new Error(error.message)) : call.resolve(result);
  };
  return (method, params = {}, sessionId = undefined) => new Promise((resolve, reject) => {
    waiting.set(++last, { resolve, reject });
    socket.send(JSON.stringify({ id: last, method, params, sessionId }));
  });
}

/** Opens a page as a new visitor. */
async function open(send, address, width = 1000, height = 640) {
  const { browserContextId } = await send("Target.createBrowserContext");
  const { targetId } = await send("Target.createTarget", { url: address, browserContextId, width, height });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false }, sessionId);
  const evaluate = async (expression) =>
    (await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, sessionId)).result.value;
  const page = {
    evaluate,
    async until(expression) {
      for (let i = 0; i < 300; i++) {
        if (await evaluate(expression).catch(() => false)) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`${address} never had ${expression}`);
    },
    async save(name) {
      const { data } = await send("Page.captureScreenshot", { format: "png" }, sessionId);
      await writeFile(join(root, "docs/images", name), Buffer.from(data, "base64"));
    },
    close: () => send("Target.disposeBrowserContext", { browserContextId }),
  };
  await page.until("document.readyState === 'complete'");
  return page;
}

/** Waits until the sandbox has received so many events of a type. */
async function received(type, count) {
  for (let i = 0; i < 300; i++) {
    const hits = await (await fetch(`${site}/_kameleoon/live/state?events=200`)).text();
    if (hits.split(`"${type}"`).length - 1 >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The sandbox did not receive ${count} events of the type ${type}.`);
}

try {
  await start("dotnet", [join(root, "artifacts/bin/QuickStart/release/QuickStart.dll"), "--urls", site,
    "--contentRoot", join(root, "samples/QuickStart"), "--Kameleoon:Sandbox:Storage="], /Application started/,
  { env: { ...process.env, ASPNETCORE_ENVIRONMENT: "Development" } });
  const [, address] = await start("chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    `--user-data-dir=${folder}`, "--remote-debugging-port=0", "about:blank"], /listening on (ws:\S+)/);
  const send = await connect(address);

  for (let visitor = 0; visitor < 8; visitor++) {
    const page = await open(send, site, 800, 240);
    await page.until("window.Kameleoon !== undefined");
    if (visitor === 0) await page.save("first-experiment-page.png");
    await received("experiment", visitor + 1);
    if (visitor % 2 === 1) {
      await page.evaluate("document.querySelector('button').click()");
      await received("conversion", (visitor + 1) / 2);
    }
    await page.close();
  }

  const live = await open(send, `${site}/_kameleoon`, 1200, 800);
  await live.until("document.body.innerText.includes('greeting') && document.body.innerText.includes('warm')");
  await live.save("first-experiment-live.png");
} finally {
  for (const child of processes) {
    child.removeAllListeners("exit");
    child.kill();
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.exit(0);
