// Bundles each entry of src/ into one readable module of bundles/, which Python loads as it is.
import { build } from "esbuild";

const entries = ["film_widget", "page", "link", "file", "table", "number"];

await build({
  entryPoints: entries.map((name) => `src/${name}.ts`),
  outdir: "bundles",
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
