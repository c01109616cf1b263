// Bundles the editor into the package's static files: `npm run build [-- folder]`. The same sources and the same lock
// file give the same bytes.

import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const folder = resolve(process.argv[2] ?? join(here, "../src/kgpub/represent/static"));

const options = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  charset: "utf8",
  legalComments: "none", // they stand in editor-licences.txt
  target: "es2022",
  metafile: true,
  logLevel: "warning",
};

const script = await build({ ...options, entryPoints: ["src/editor.js"], format: "iife", outfile: join(folder, "editor.js") });
await build({ ...options, entryPoints: ["src/editor.css"], outfile: join(folder, "editor.css") });
await writeFile(join(folder, "editor-licences.txt"), await notices(Object.keys(script.metafile.inputs)));

/** The name, version and licence of every package that something was bundled from. */
async function notices(files) {
  const packages = files.map((file) => /node_modules\/(?:@[^/]+\/)?[^/]+/u.exec(file)?.[0]).filter(Boolean);
  const texts = [...new Set(packages)].sort().map(async (path) => {
    const { name, version, license } = JSON.parse(await readFile(join(here, path, "package.json"), "utf8"));
    const text = await readFile(join(here, path, "LICENSE"), "utf8");
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  const intro = "editor.js holds parts of these packages.\n";
  return [intro, ...(await Promise.all(texts))].join(`\n${"-".repeat(72)}\n\n`);
}
