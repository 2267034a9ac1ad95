// Bundles the checks of pure modules and runs them under node's own test runner.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";

const here = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const out = mkdtempSync(join(tmpdir(), "cordboard-checks-"));
try {
  const files = readdirSync(join(here, "checks")).filter((name) => name.endsWith(".test.ts"));
  await esbuild.build({
    absWorkingDir: here, entryPoints: files.map((name) => `checks/${name}`), outdir: out, outExtension: { ".js": ".mjs" }, bundle: true, format: "esm",
    platform: "node", target: "node20", jsx: "automatic", jsxImportSource: "preact", loader: { ".ftl": "text" }, logLevel: "warning", sourcemap: "inline",
  });
  const ran = spawnSync(process.execPath, ["--test", "--enable-source-maps", ...readdirSync(out).map((name) => join(out, name))], { stdio: "inherit" });
  process.exitCode = ran.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
