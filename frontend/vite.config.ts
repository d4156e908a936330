import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Each asset once more as .br and .gz, so that no request costs the edge its compression. */
function compressed(): Plugin {
  return {
    name: "compressed",
    apply: "build",
    async writeBundle({ dir = "dist" }, bundle) {
      const names = Object.keys(bundle).filter((name) => /\.(js|css|svg)$/.test(name));
      await Promise.all(
        names.map(async (name) => {
          const content = await readFile(`${dir}/${name}`);
          const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
          await writeFile(`${dir}/${name}.br`, await brotli(content, options));
          await writeFile(`${dir}/${name}.gz`, await zip(content, { level: 9 }));
        }),
      );
    },
  };
}

export default defineConfig({
  plugins: [react(), compressed()],
  // Nothing inline: the pages' Content-Security-Policy allows neither scripts nor data URLs in them.
  build: { assetsInlineLimit: 0, manifest: true, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 700 },
  server: { host: "localhost", port: 5173, strictPort: true },
  test: { environment: "jsdom" },
});
