// Starts programs, and opens pages in Chromium by its debugging protocol.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL("../..", import.meta.url).pathname;
const processes = [];
let folder;

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

/** Starts a sample in an empty working folder. What it receives is kept in memory only. */
export async function startSample(name, site, ...settings) {
  folder ??= await mkdtemp(join(tmpdir(), "screenshots-"));
  await start("dotnet", [join(root, `artifacts/bin/${name}/release/${name}.dll`), "--urls", site,
    "--contentRoot", join(root, "samples", name), "--Kameleoon:Sandbox:Storage=",
    "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information", ...settings], /Application started/,
  { cwd: folder, env: { ...process.env, ASPNETCORE_ENVIRONMENT: "Development" } });
}

/** Starts Chromium and returns a function that calls its debugging protocol. */
export async function startBrowser() {
  folder ??= await mkdtemp(join(tmpdir(), "screenshots-"));
  const [, address] = await start("chromium", ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars",
    `--user-data-dir=${join(folder, "profile")}`, "--remote-debugging-port=0", "about:blank"], /listening on (ws:\S+)/);
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

/** Opens a page as a new visitor, with a cookie for the visitor code if one is given. */
export async function open(send, address, width = 1000, height = 640, code = undefined) {
  const { browserContextId } = await send("Target.createBrowserContext");
  if (code) {
    await send("Storage.setCookies", { browserContextId, cookies: [{ name: "kameleoonVisitorCode", value: code, url: address }] });
  }
  const { targetId } = await send("Target.createTarget", { url: address, browserContextId, width, height });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  await send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false }, sessionId);
  const evaluate = async (expression) =>
    (await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, sessionId)).result.value;
  const page = {
    evaluate,
    async until(expression) {
      for (let i = 0; i < 600; i++) {
        if (await evaluate(expression).catch(() => false)) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`${address} never had ${expression}: ${await evaluate("document.body.innerText")}`);
    },
    async go(next) {
      await send("Page.navigate", { url: next }, sessionId);
      await page.until(`location.href === ${JSON.stringify(next)} && document.readyState === 'complete'`);
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

/** Waits until the sandbox of a site has received so many events of a type. */
export async function received(site, type, count) {
  for (let i = 0; i < 600; i++) {
    const hits = await (await fetch(`${site}/_kameleoon/live/state?events=500`)).text();
    if (hits.split(`"type":"${type}"`).length - 1 >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The sandbox did not receive ${count} events of the type ${type}.`);
}

/** Ends all programs that were started. */
export async function stopAll() {
  for (const child of processes) {
    child.removeAllListeners("exit");
    child.kill();
  }
  if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
