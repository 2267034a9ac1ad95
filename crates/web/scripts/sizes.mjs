// What each page weighs as it goes over the wire (gzip, the larger of the two packings), against its budget.
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const dist = resolve(process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "../dist"));
const BYTES_MAX = 90_000;
const weights = JSON.parse(readFileSync(join(dist, "sizes.json"), "utf8"));
let over = 0;
for (const [page, files] of Object.entries(weights)) {
  const sum = (end) => [...files, `${page}.html`].reduce((all, file) => all + statSync(join(dist, file + end)).size, 0);
  const [plain, gzip, brotli] = [sum(""), sum(".gz"), sum(".br")];
  const verdict = gzip > BYTES_MAX ? `  OVER ${BYTES_MAX}` : "";
  if (verdict) over += 1;
  console.log(`${page.padEnd(10)} ${String(plain).padStart(8)} B  gzip ${String(gzip).padStart(7)} B  brotli ${String(brotli).padStart(7)} B${verdict}`);
}
process.exit(over ? 1 : 0);
