// A small table of numbers that a hand edits. What the numbers mean, and whether they are numbers, Python knows.

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export default {
  render({ model, el }) {
    const box = make("div");
    el.append(box);

    function sent(rows) {
      model.set("rows", rows);
      model.save_changes();
    }

    function cell(row, column, text) {
      const [columns, names] = [model.get("columns"), model.get("names")];
      const input = make("input", { type: "text", inputmode: "decimal", value: text, "aria-label": `${columns[column]}, ${names[row] ?? `row ${row}`}` });
      input.addEventListener("change", () => {
        const rows = structuredClone(model.get("rows"));
        rows[row][column] = input.value;
        sent(rows);
      });
      return make("td", {}, input);
    }

    function draw() {
      const [columns, names, rows] = [model.get("columns"), model.get("names"), model.get("rows")];
      const held = box.contains(document.activeElement) ? [...box.querySelectorAll("input, button")].indexOf(document.activeElement) : -1;
      const head = make("tr", {}, make("td"), ...columns.map((name) => make("th", { scope: "col" }, name)));
      box.className = columns.length > 1 ? "ann-table" : "ann-table ann-list";
      const body = rows.map((texts, row) => {
        const drawn = make("tr", {}, make("th", { scope: "row" }, names[row] ?? String(row)), ...texts.map((text, column) => cell(row, column, text)));
        if (model.get("grows") && rows.length > 1) {
          const leave = () => sent(rows.filter((_, other) => other !== row));
          drawn.append(make("td", {}, make("button", { type: "button", title: `Leave row ${row} out`, "aria-label": `Leave row ${row} out`, onclick: leave }, "×")));
        }
        return drawn;
      });
      box.replaceChildren(make("table", { "aria-label": model.get("label") }, make("thead", {}, head), make("tbody", {}, ...body)));
      if (model.get("grows")) {
        box.append(make("button", { type: "button", title: "Add a row like the last", onclick: () => sent([...rows, [...rows.at(-1)]]) }, "Add a row"));
      }
      if (held >= 0) box.querySelectorAll("input, button")[held]?.focus();
    }

    const events = ["change:rows", "change:columns", "change:names", "change:grows"];
    for (const event of events) model.on(event, draw);
    draw();
    return () => {
      for (const event of events) model.off(event, draw);
    };
  },
};
