// Writes engine.js: one function around the bundle, called with the configuration the server puts in for the token.
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const token = "__KAMELEOON_CONFIGURATION__";
const folder = fileURLToPath(new URL(".", import.meta.url));
const maxBytes = 64_000;
const maxCompressed = 24_000;

const result = await build({
  absWorkingDir: folder,
  entryPoints: ["source/main.ts"],
  bundle: true,
  // Plain statements without a wrapper: the wrapper below is the only function around them.
  format: "esm",
  target: "es2020",
  minify: true,
  // Members that the modules use among themselves, all the time, and nobody else reads or writes.
  mangleProps: /^(?:context|beginIfOver|whenTracking|isRunning)$/,
  write: false,
});

const code = result.outputFiles[0].text.replaceAll("\r\n", "\n");
if (code.includes(token)) {
  throw new Error(`The server replaces ${token} where the wrapper has it; the sources must not contain it.`);
}

const file = `(function(configuration){\n"use strict";\n${code}})(${token});\n`;
const sizes = [Buffer.byteLength(file), gzipSync(file, { level: 9 }).length];
if (sizes[0] >= maxBytes || sizes[1] >= maxCompressed) {
  throw new Error(`engine.js has ${sizes.join(" bytes, compressed ")}; its budget is ${maxBytes}, ${maxCompressed}.`);
}

await writeFile(new URL("engine.js", import.meta.url), file);
