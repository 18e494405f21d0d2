// A small table of numbers that a person edits. What the numbers mean, and whether they are numbers, Python knows.

import { make } from "./elements";
import { listen, type Model, type Rendered } from "./model";

interface Values {
  columns: string[];
  names: string[];
  rows: string[][];
  grows: boolean;
  label: string;
}
const FIELDS = "input, button";

function sent(model: Model<Values>, rows: string[][]): void {
  model.set("rows", rows);
  model.save_changes();
}

const rowName = (model: Model<Values>, row: number, otherwise: string): string =>
  model.get("names")[row] ?? otherwise;

function cell(model: Model<Values>, row: number, column: number, text: string): HTMLElement {
  const label = `${model.get("columns")[column]}, ${rowName(model, row, `row ${row}`)}`;
  const input = make("input", { type: "text", inputmode: "decimal", value: text, "aria-label": label });
  input.addEventListener("change", () => {
    const rows = structuredClone(model.get("rows"));
    const changed = rows[row];
    if (changed) changed[column] = input.value;
    sent(model, rows);
  });
  return make("td", {}, input);
}

function line(model: Model<Values>, texts: string[], row: number): HTMLElement {
  const rows = model.get("rows");
  const head = make("th", { scope: "row" }, rowName(model, row, String(row)));
  const drawn = make("tr", {}, head, ...texts.map((text, column) => cell(model, row, column, text)));
  if (model.get("grows") && rows.length > 1) {
    const title = `Leave row ${row} out`;
    const leave = () =>
      sent(
        model,
        rows.filter((_, other) => other !== row),
      );
    const button = make("button", { type: "button", title, "aria-label": title, onclick: leave }, "×");
    drawn.append(make("td", {}, button));
  }
  return drawn;
}

function table(model: Model<Values>): HTMLElement {
  const titles = model.get("columns").map((name) => make("th", { scope: "col" }, name));
  const head = make("thead", {}, make("tr", {}, make("td"), ...titles));
  const lines = model.get("rows").map((texts, row) => line(model, texts, row));
  return make("table", { "aria-label": model.get("label") }, head, make("tbody", {}, ...lines));
}

function adding(model: Model<Values>): HTMLElement {
  const add = () => {
    const rows = model.get("rows");
    sent(model, [...rows, [...(rows.at(-1) ?? [])]]);
  };
  return make("button", { type: "button", title: "Add a row like the last", onclick: add }, "Add a row");
}

function draw(model: Model<Values>, box: HTMLElement): void {
  const fields = () => [...box.querySelectorAll<HTMLElement>(FIELDS)];
  const held = fields().indexOf(document.activeElement as HTMLElement);
  box.className = model.get("columns").length > 1 ? "ann-table" : "ann-table ann-list";
  box.replaceChildren(table(model));
  if (model.get("grows")) box.append(adding(model));
  if (held >= 0) fields()[held]?.focus();
}

export default {
  render({ model, el }: Rendered<Values>): () => void {
    const box = make("div");
    el.append(box);
    const redraw = () => draw(model, box);
    redraw();
    return listen(model, {
      "change:rows": redraw,
      "change:columns": redraw,
      "change:names": redraw,
      "change:grows": redraw,
    });
  },
};
