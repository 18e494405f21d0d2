// Bundles each entry of src/ into one readable module of bundles/, which Python loads as it is; or of a folder that is given.
import { build } from "esbuild";

const entries = ["film_widget", "page", "link", "file", "table", "number"];

await build({
  entryPoints: entries.map((name) => `src/${name}.ts`),
  outdir: process.argv[2] ?? "bundles",
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
