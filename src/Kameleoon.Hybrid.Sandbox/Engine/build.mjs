// Writes engine.js and the add-ons: one function around the bundle of each, called with the configuration or the engine.
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";

const token = "__KAMELEOON_CONFIGURATION__";
const folder = fileURLToPath(new URL(".", import.meta.url));
const maxBytes = 64_000;
// Of engine.js alone by gzip, and with all of its add-ons by gzip and by Brotli, which browsers ask for first.
const maxCompressed = 22_000;
const maxCompressedInAll = 24_720;
const maxBrotliInAll = 22_500;

// Members that only the engine's own modules use. Where a page, a file of the server or a storage contains one of these names,
// the sources quote it, which keeps it.
const internalNames = [
  "abort addEarlier adopt after announced apply asked attempt begin beginIfOver blocked byName bytesUnderWay",
  "callback cameLate campaigns candidates close configuration consent context convert converted createdAt current",
  "dataAddress describe dispose drain elements enableSinglePages engine environment equip eraseVisitor evaluateAll",
  "events execution expose exposed exposures extend facts fail fetchCode fields findCause flush forCampaign forced",
  "forget forgetPage found hasCondition hasHeldOut held heldFlush hold holdOut holdouts holds identify inOrder",
  "integrate isAdBlocked isAnswerHidden isBlocked isDirty isGranted isHeld isKept isLoading",
  "isLocalFirst isNewVisitor isOn isOpen isOver isPassing isPlausible isPriorityTaken isRunning isSame isShared",
  "isTimedOut isTriggered isViewed judge keep keepsLocal lasting listen listenToPage loadFile loads local mayRequest memory",
  "mirror names nested note noteAdBlocker noteMouseOut notice observer oncePerPage open openedAt outranked pass",
  "patience permits post predefine predefined prepare prepareDelayed queue read readable reassign relabel release",
  "releases remembered removeExpired report reset rest resume runGlobalScripts scope seen send sendBeaconOrKeep",
  "serverDecisions setConsent settle settled settles shared show shows sincePrevious states stop stopWaiting store",
  "takeOver takeSendable terms toJson touch trackView tracking transport triggerEvent triggerKnown underWay",
  "uninterrupted urlOf valuesOf verdict visitor waitMs waiting waitingOnPage waits warnOnce wasGivenToSdk watch",
  "watchAddress whenHidden whenPresent whenTracking write",
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

/** Shortens a script further: esbuild neither folds functions that are called once nor reuses variables. */
const shorten = async (text) => (await minify(text, { ecma: 2020, compress: { passes: 3, unsafe_arrows: true }, format: { ascii_only: true } })).code;

const compressed = (text) => gzipSync(text, { level: 9 }).length;
const { code, names } = await bundle("source/main.ts", {});
if (code.includes(token)) {
  throw new Error(`The server replaces ${token} where the wrapper has it; the sources must not contain it.`);
}

const file = `${await shorten(`(function(configuration){"use strict";${code}})(${token})`)}\n`;
if (file.split(token).length !== 2) {
  throw new Error(`engine.js has to contain ${token} once.`);
}

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

  const assigned = await shorten(`value=(()=>{"use strict";${expression}})()`);
  addOns.set(name.replace(".ts", ".js"), assigned.slice("value=".length, -1));
}

const whole = [file, ...addOns.values()].join("");
const inAll = compressed(whole);
const brotliInAll = brotliCompressSync(whole).length;
if (inAll >= maxCompressedInAll || brotliInAll >= maxBrotliInAll) {
  const sizes = `${inAll} bytes by gzip, ${brotliInAll} by Brotli`;
  throw new Error(`engine.js and its add-ons have ${sizes}; their budget is ${maxCompressedInAll}, ${maxBrotliInAll}.`);
}

await writeFile(new URL("engine.js", import.meta.url), file);
await mkdir(`${folder}add-ons`, { recursive: true });
for (const [name, text] of addOns) {
  await writeFile(`${folder}add-ons/${name}`, text);
}

console.log(`engine.js: ${file.length} bytes, compressed ${compressed(file)}; with all add-ons ${inAll}, by Brotli ${brotliInAll}`);
