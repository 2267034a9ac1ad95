// Builds the pages: one entry each, split code, hashed names, everything packed beside itself. The same sources give the same bytes.
//
//   node scripts/build.mjs [--out DIR] [--modules DIR] [--watch]
//
// DIR of --modules is a node_modules that lies elsewhere (build.rs keeps one of its own, so that nothing is written here).
import { createRequire } from "node:module";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const option = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const watch = process.argv.includes("--watch");
const out = resolve(option("--out") ?? join(here, "dist"));
const modules = resolve(option("--modules") ?? join(here, "node_modules"));
const esbuild = createRequire(join(modules, "_"))("esbuild");

// Each page: its entry, and the file of its shell.
export const PAGES = ["signin", "agent", "leader", "wall", "intraday", "quality", "planner"];

const options = {
  absWorkingDir: here,
  entryPoints: PAGES.map((page) => ({ in: `pages/${page}/main.tsx`, out: page })),
  outdir: join(out, "assets"),
  bundle: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome109", "firefox115", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]-[hash]",
  chunkNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".ftl": "text" },
  minify: !watch,
  legalComments: "none",
  metafile: true,
  write: false,
  charset: "utf8",
  nodePaths: [modules],
  logLevel: "warning",
  plugins: [{
    name: "write",
    setup(build) {
      build.onEnd((result) => {
        if (result.errors.length === 0) write(result);
      });
    },
  }],
};

function write({ outputFiles, metafile }) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, "assets"), { recursive: true });
  for (const { path, contents } of outputFiles) put(join(out, "assets", basename(path)), contents);
  const icon = readFileSync(join(here, "pages/styles/icon.svg"));
  const iconName = `icon-${createHash("sha256").update(icon).digest("hex").slice(0, 8).toUpperCase()}.svg`;
  put(join(out, "assets", iconName), icon);
  const shell = readFileSync(join(here, "pages/shell.html"), "utf8");
  for (const page of PAGES) {
    const [path, entry] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === `pages/${page}/main.tsx`);
    const script = basename(path);
    const styles = entry.cssBundle ? `<link rel="stylesheet" href="/assets/${basename(entry.cssBundle)}">` : "";
    const ahead = statically(metafile.outputs, path).map((chunk) => `<link rel="modulepreload" href="/assets/${basename(chunk)}">`);
    const words = { icon: iconName, styles, ahead: ahead.join("\n"), script: `/assets/${script}`, page };
    put(join(out, `${page}.html`), Buffer.from(shell.replaceAll(/\{(\w+)\}/g, (_, name) => words[name])));
  }
  writeFileSync(join(out, "sizes.json"), `${JSON.stringify(weigh(metafile), undefined, 1)}\n`);
  if (watch) console.log(new Date().toLocaleTimeString(), "built");
}

// A file, and beside it what of it goes over the wire.
function put(path, contents) {
  writeFileSync(path, contents);
  if (watch) return;
  const gz = gzipSync(contents, { level: 9 });
  gz[9] = 255; // no system's name in it, so that the bytes are the same everywhere
  writeFileSync(`${path}.gz`, gz);
  writeFileSync(`${path}.br`, brotliCompressSync(contents, { params: {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_SIZE_HINT]: contents.length,
  } }));
}

// What an output imports at once, and what that does.
function statically(outputs, path, found = new Set()) {
  for (const { path: chunk, kind } of outputs[path].imports) {
    if (kind === "import-statement" && !found.has(chunk)) {
      found.add(chunk);
      statically(outputs, chunk, found);
    }
  }
  return [...found].sort();
}

// Everything a page loads before it stands, as files: its script, its style, what they import, and one language's words.
function weigh(metafile) {
  const weights = {};
  for (const page of PAGES) {
    const [path, entry] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === `pages/${page}/main.tsx`);
    const files = [path, ...statically(metafile.outputs, path), ...(entry.cssBundle ? [entry.cssBundle] : [])];
    const later = entry.imports.concat(files.flatMap((file) => metafile.outputs[file].imports))
      .filter(({ kind }) => kind === "dynamic-import").map((imported) => imported.path);
    const words = later.filter((chunk) => Object.keys(metafile.outputs[chunk].inputs).some((input) => input.includes("/zh-CN/")));
    weights[page] = [...new Set([...files, ...words])].map((file) => `assets/${basename(file)}`).sort();
  }
  return weights;
}

if (watch) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
  if (readdirSync(join(out, "assets")).length === 0) throw new Error("nothing was built");
}
