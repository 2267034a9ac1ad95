// Holds words against their uses: each key that is used stands in both languages, none stands unused, the same arguments are taken
// in both, and no text that people read stands in code. Pages use the words of `core` and their own, and those of `marks` and `shifts`
// where they load them.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { FluentResource } from "@fluent/bundle";
import esbuild from "esbuild";

const pages = resolve(dirname(fileURLToPath(import.meta.url)), "../pages");
const LANGUAGES = ["zh-CN", "en"];
// Folders whose words are `core`'s; their prefixes may be filled by a page.
const SHARED = ["core", "ui"];
// Words that several pages load besides their own.
const LENT = ["marks", "shifts"];
const complaints = [];
const say = (place, what) => complaints.push(`${place}: ${what}`);

const files = (folder, ends) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && ends.some((end) => entry.name.endsWith(end))).map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();

// What a file says: key to the arguments that it takes.
function wordsOf(path) {
  const text = readFileSync(path, "utf8");
  const words = new Map();
  for (const { id, value } of new FluentResource(text).body) words.set(id, argumentsOf(value));
  for (const [, id] of text.matchAll(/^([a-zA-Z][\w-]*) *=/gm)) if (!words.has(id)) say(relative(pages, path), `${id} cannot be read`);
  for (const [line, at] of [...text.matchAll(/^([a-zA-Z][\w-]*) *=/gm)].map((found, at) => [found[1], at])) {
    if ([...text.matchAll(/^([a-zA-Z][\w-]*) *=/gm)].findIndex((found) => found[1] === line) !== at) say(relative(pages, path), `${line} stands twice`);
  }
  return words;
}

function argumentsOf(value, found = new Set()) {
  if (Array.isArray(value)) value.forEach((part) => argumentsOf(part, found));
  else if (value && typeof value === "object") {
    if (value.type === "var") found.add(value.name);
    Object.values(value).forEach((part) => argumentsOf(part, found));
  }
  return [...found].sort();
}

const books = new Map();
for (const language of LANGUAGES) {
  for (const path of files(join(pages, "words", language), [".ftl"])) {
    const name = basename(path, ".ftl");
    books.set(name, { ...books.get(name), [language]: wordsOf(path) });
  }
}
for (const [name, book] of books) {
  const [first, second] = LANGUAGES.map((language) => book[language] ?? new Map());
  for (const [a, b, language] of [[first, second, LANGUAGES[1]], [second, first, LANGUAGES[0]]]) {
    for (const key of a.keys()) if (!b.has(key)) say(`words/${language}/${name}.ftl`, `${key} is missing`);
  }
  for (const [key, takes] of first) {
    if (second.has(key) && second.get(key).join() !== takes.join()) say(`${name}.ftl`, `${key} takes ${takes} in one language and ${second.get(key)} in the other`);
  }
}

// A page reads several files into one book: a key stands in one of them.
for (const [name, book] of books) {
  for (const other of ["core", ...LENT]) {
    for (const key of name === other ? [] : book[LANGUAGES[0]].keys()) if (books.get(other)?.[LANGUAGES[0]]?.has(key)) say(`${name}.ftl`, `${key} stands in ${other}.ftl too`);
  }
}

const lentTo = new Map();
function lent(folder) {
  if (!lentTo.has(folder)) {
    const main = join(pages, folder, "main.tsx");
    const text = existsSync(main) ? readFileSync(main, "utf8") : "";
    lentTo.set(folder, LENT.filter((name) => name !== folder && text.includes(`/${name}.ftl`)));
  }
  return lentTo.get(folder);
}

const used = new Set();
const prefixes = new Map();
for (const path of files(pages, [".ts", ".tsx"]).filter((path) => !path.endsWith(".d.ts"))) {
  const place = relative(pages, path);
  const folder = place.split("/")[0];
  const text = readFileSync(path, "utf8");
  const own = SHARED.includes(folder) ? ["core"] : ["core", folder, ...lent(folder)];
  const knows = (key) => own.some((name) => books.get(name)?.[LANGUAGES[0]]?.has(key));
  const code = text.replaceAll(/^\s*\/\/.*$/gm, "");
  for (const [, key] of code.matchAll(/\bt\(\s*"([^"]+)"/g)) {
    used.add(key);
    if (!knows(key)) say(place, `no word for "${key}" in ${own.map((name) => `${name}.ftl`).join(" or ")}`);
  }
  for (const [whole] of code.matchAll(/\bt\((?!\s*")[^)]*\)?/g)) if (!/function t\(/.test(whole) && folder !== "core") say(place, `${whole}: a key is written out, or is of("prefix-", value)`);
  for (const [, prefix] of code.matchAll(/\bof\(\s*"([^"]+)"/g)) {
    prefixes.set(prefix, place);
    const shared = SHARED.includes(folder) ? [...books.keys()] : own;
    const some = shared.some((name) => [...(books.get(name)?.[LANGUAGES[0]]?.keys() ?? [])].some((key) => key.startsWith(prefix)));
    if (!some) say(place, `no word begins with "${prefix}"`);
  }
  // A key that stands in a table: /* word */ "key".
  for (const [, key] of text.matchAll(/\/\* word \*\/ "([^"]+)"/g)) used.add(key);
  raw(place, text, code);
}
for (const [name, book] of books) {
  for (const key of book[LANGUAGES[0]]?.keys() ?? []) {
    if (!used.has(key) && ![...prefixes.keys()].some((prefix) => key.startsWith(prefix))) say(`${name}.ftl`, `${key} is not used`);
  }
}

// Text in code: letters between tags, or in an attribute that people read. What the compiler makes of it shows it plainly.
function raw(place, text, code) {
  if (/[\u4e00-\u9fff]/.test(code)) say(place, `Chinese in code: ${code.split("\n").find((line) => /[\u4e00-\u9fff]/.test(line)).trim()}`);
  if (!place.endsWith(".tsx")) return;
  const made = esbuild.transformSync(text, { loader: "tsx", jsx: "automatic", jsxImportSource: "preact", legalComments: "none", charset: "utf8" }).code;
  const letters = (string) => /\p{L}{2}/u.test(string);
  for (const [, string] of made.matchAll(/\bchildren: "((?:[^"\\]|\\.)*)"/g)) if (letters(string)) say(place, `text in a tag: "${string}"`);
  for (const [, list] of made.matchAll(/\bchildren: \[\n((?:.|\n)*?)\n\s*\]/g)) {
    const lines = list.split("\n");
    for (const [at, line] of lines.entries()) {
      // The name of a tag on a line of its own.
      if (/jsxs?\($/.test(lines[at - 1] ?? "")) continue;
      const string = /^\s*"((?:[^"\\]|\\.)*)",?$/.exec(line)?.[1];
      if (string && letters(string)) say(place, `text in a tag: "${string}"`);
    }
  }
  for (const [, name, string] of made.matchAll(/\b("aria-label"|title|placeholder|alt|label): "((?:[^"\\]|\\.)*)"/g)) if (letters(string)) say(place, `text in ${name}: "${string}"`);
}

for (const complaint of complaints) console.error(complaint);
const count = [...books.values()].reduce((all, book) => all + book[LANGUAGES[0]].size, 0);
console.log(`${count} words in ${LANGUAGES.length} languages, ${complaints.length} complaints`);
process.exit(complaints.length ? 1 : 0);
