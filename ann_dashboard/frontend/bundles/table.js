// src/elements.ts
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html") element.innerHTML = String(value);
    else if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

// src/model.ts
function listen(model, heard) {
  for (const [event, listener] of Object.entries(heard)) model.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(heard)) model.off(event, listener);
  };
}

// src/table.ts
var FIELDS = "input, button";
function sent(model, rows) {
  model.set("rows", rows);
  model.save_changes();
}
var rowName = (model, row, otherwise) => model.get("names")[row] ?? otherwise;
function cell(model, row, column, text) {
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
function line(model, texts, row) {
  const rows = model.get("rows");
  const head = make("th", { scope: "row" }, rowName(model, row, String(row)));
  const drawn = make("tr", {}, head, ...texts.map((text, column) => cell(model, row, column, text)));
  if (model.get("grows") && rows.length > 1) {
    const title = `Leave row ${row} out`;
    const leave = () => sent(
      model,
      rows.filter((_, other) => other !== row)
    );
    const button = make("button", { type: "button", title, "aria-label": title, onclick: leave }, "×");
    drawn.append(make("td", {}, button));
  }
  return drawn;
}
function table(model) {
  const titles = model.get("columns").map((name) => make("th", { scope: "col" }, name));
  const head = make("thead", {}, make("tr", {}, make("td"), ...titles));
  const lines = model.get("rows").map((texts, row) => line(model, texts, row));
  return make("table", { "aria-label": model.get("label") }, head, make("tbody", {}, ...lines));
}
function adding(model) {
  const add = () => {
    const rows = model.get("rows");
    sent(model, [...rows, [...rows.at(-1) ?? []]]);
  };
  return make("button", { type: "button", title: "Add a row like the last", onclick: add }, "Add a row");
}
function draw(model, box) {
  const fields = () => [...box.querySelectorAll(FIELDS)];
  const held = fields().indexOf(document.activeElement);
  box.className = model.get("columns").length > 1 ? "ann-table" : "ann-table ann-list";
  box.replaceChildren(table(model));
  if (model.get("grows")) box.append(adding(model));
  if (held >= 0) fields()[held]?.focus();
}
var table_default = {
  render({ model, el }) {
    const box = make("div");
    el.append(box);
    const redraw = () => draw(model, box);
    redraw();
    return listen(model, {
      "change:rows": redraw,
      "change:columns": redraw,
      "change:names": redraw,
      "change:grows": redraw
    });
  }
};
export {
  table_default as default
};
