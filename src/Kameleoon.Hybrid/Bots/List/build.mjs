// Writes BotList.cs from the list of the package isbot (Unlicense), which its maintainers hold against the user
// agents of known bots and of real browsers. Plain words are looked for all at once and patterns that stand at the
// beginning only there: the same answers as one pattern of them all gives, in a fifth of the time.
import { readFileSync, writeFileSync } from "node:fs";
import { list } from "isbot";

const width = 116;
const version = JSON.parse(readFileSync(new URL("node_modules/isbot/package.json", import.meta.url))).version;

const plain = (pattern) => pattern.replaceAll(/\\(\W)/g, "");
const texts = list.filter((pattern) => !/[\^$.*+?()[\]{}|\\]/.test(plain(pattern)));
const others = list.filter((pattern) => !texts.includes(pattern));
const starts = others.filter((pattern) => pattern.startsWith("^"));
const anywhere = others.filter((pattern) => !pattern.startsWith("^"));

// Every alternative of an anchored pattern has to be anchored.
const outermost = (pattern) => pattern.replaceAll(/\\.|\[(?:\\.|[^\]])*\]/g, "").replaceAll(/\((?:[^()]|\([^()]*\))*\)/g, "");
if (list.some((pattern) => outermost(pattern).includes("|"))) {
  throw new Error("A pattern has alternatives outside of parentheses; wrap such patterns before they are joined.");
}

const quote = (text) => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const words = texts
  .map((text) => quote(text.replaceAll(/\\(\W)/g, "$1")))
  .reduce((lines, word) => {
    const line = lines.at(-1);
    return line !== undefined && `${line} ${word},`.length + 8 <= width
      ? [...lines.slice(0, -1), `${line} ${word},`]
      : [...lines, `${word},`];
  }, [])
  .map((line) => `        ${line}`)
  .join("\n");

const alternatives = (patterns) =>
  patterns.map((pattern, i) => `        + @"${i ? "|" : ""}${pattern.replaceAll('"', '""')}"`).join("\n");

writeFileSync(new URL("../BotList.cs", import.meta.url), `using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid;

/// <summary>What bots put into their user agent. Written by List/build.mjs from isbot ${version}: do not edit.</summary>
internal static partial class BotList
{
    internal static readonly string[] Texts =
    [
${words}
    ];

    // Milliseconds. The patterns take microseconds; one of a later version that does not must not hold a page for ever.
    private const int Timeout = 5000;

    private const string AtTheStart = "^(?:"
${alternatives(starts.map((pattern) => pattern.slice(1)))}
        + ")";

    private const string Anywhere = ""
${alternatives(anywhere)};

    [GeneratedRegex(AtTheStart, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Timeout)]
    internal static partial Regex Start();

    [GeneratedRegex(Anywhere, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Timeout)]
    internal static partial Regex Rest();
}
`);
