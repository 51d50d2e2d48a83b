// Writes engine.js and the add-ons: one function around the bundle of each, called with the configuration or the engine.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const token = "__KAMELEOON_CONFIGURATION__";
const folder = fileURLToPath(new URL(".", import.meta.url));
const maxBytes = 64_000;
// Of engine.js alone, and with all of its add-ons.
const maxCompressed = 24_000;
const maxCompressedInAll = 26_500;

// Members that only the engine's own modules use: no page, no file of the server and no storage contains these names.
const internalNames = [
  "addEarlier announced beginIfOver bytesUnderWay context converted createdAt current equip eraseVisitor",
  "evaluateAll execution exposed exposures facts fetchCode findCause forCampaign forced forget hasHeldOut holdOut holdouts",
  "identify inOrder isAdBlocked isAnswerHidden isDirty isGranted isHeld isKept isLoading isLocalFirst isNewVisitor isOpen",
  "isOver isPassing isPlausible isPriorityTaken isRunning isSame judge keepsLocal lasting listen listenToPage loads mayRequest",
  "memory mirror observer oncePerPage outranked patience permits predefined prepare prepareDelayed reassign relabel",
  "releases remembered removeExpired runGlobalScripts sendBeaconOrKeep serverDecisions setConsent settle settled settles",
  "shared states stopWaiting store takeOver takeSendable terms touch trackView transport triggerEvent triggerKnown underWay",
  "uninterrupted urlOf waitMs waiting wasGivenToSdk watchAddress whenPresent whenTracking",
].flatMap((line) => line.split(" "));

async function bundle(entryPoint, mangleCache) {
  const { outputFiles, mangleCache: names } = await build({
    absWorkingDir: folder,
    entryPoints: [entryPoint],
    bundle: true,
    // Plain statements without a wrapper: the wrapper below is the only function around them.
    format: "esm",
    target: "es2020",
    minify: true,
    mangleProps: new RegExp(`^(?:${internalNames.join("|")})$`),
    mangleCache,
    write: false,
  });
  return { code: outputFiles[0].text.replaceAll("\r\n", "\n"), names };
}

const compressed = (text) => gzipSync(text, { level: 9 }).length;
const { code, names } = await bundle("source/main.ts", {});
if (code.includes(token)) {
  throw new Error(`The server replaces ${token} where the wrapper has it; the sources must not contain it.`);
}

const file = `(function(configuration){\n"use strict";\n${code}})(${token});\n`;
if (Buffer.byteLength(file) >= maxBytes || compressed(file) >= maxCompressed) {
  const sizes = `${Buffer.byteLength(file)} bytes, compressed ${compressed(file)}`;
  throw new Error(`engine.js has ${sizes}; its budget is ${maxBytes}, ${maxCompressed}.`);
}

// The server writes an add-on as a value of the configuration: an expression that is a function.
const addOns = new Map();
for (const name of (await readdir(`${folder}source/add-ons`)).filter((entry) => entry.endsWith(".ts"))) {
  const { code: text } = await bundle(`source/add-ons/${name}`, names);
  const expression = text.replace(/export\{(\w+) as default\};\s*$/, "return $1");
  if (expression === text) {
    throw new Error(`${name} has to export one function, as its default.`);
  }

  addOns.set(name.replace(".ts", ".js"), `(()=>{"use strict";${expression}})()`);
}

const inAll = compressed([file, ...addOns.values()].join(""));
if (inAll >= maxCompressedInAll) {
  throw new Error(`engine.js and its add-ons have ${inAll} bytes compressed; their budget is ${maxCompressedInAll}.`);
}

await writeFile(new URL("engine.js", import.meta.url), file);
await mkdir(`${folder}add-ons`, { recursive: true });
for (const [name, text] of addOns) {
  await writeFile(`${folder}add-ons/${name}`, text);
}

console.log(`engine.js: ${file.length} bytes, compressed ${compressed(file)}; with all add-ons ${inAll}`);
