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
var unique = () => Math.random().toString(36).slice(2);

// src/model.ts
function listen(model, heard) {
  for (const [event, listener] of Object.entries(heard)) model.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(heard)) model.off(event, listener);
  };
}

// src/number.ts
function show(model, input, typing) {
  const [text, wrong] = [model.get("text"), model.get("wrong")];
  if (!typing) input.value = text;
  input.title = wrong || model.get("tooltip");
  input.disabled = model.get("disabled");
  input.setAttribute("aria-invalid", String(wrong !== ""));
  if (wrong || !text) input.removeAttribute("aria-valuenow");
  else input.setAttribute("aria-valuenow", text);
}
function box(model, el) {
  const description = model.get("description");
  const input = make("input", {
    type: "text",
    id: `ann-number-${unique()}`,
    autocomplete: "off",
    inputmode: model.get("inputmode"),
    role: "spinbutton",
    "aria-label": description ? null : model.get("tooltip")
  });
  if (description) el.append(make("label", { for: input.id, class: "widget-label" }, description));
  el.classList.add("jupyter-widgets", "widget-inline-hbox", "widget-text", "ann-number");
  el.append(input);
  return input;
}
var number_default = {
  render({ model, el }) {
    const input = box(model, el);
    let typing = false;
    const redraw = () => show(model, input, typing);
    const send = () => {
      typing = false;
      model.save_changes();
    };
    input.addEventListener("input", () => {
      typing = true;
    });
    input.addEventListener("change", () => {
      model.set("text", input.value);
      send();
    });
    input.addEventListener("blur", () => {
      typing = false;
      redraw();
    });
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      if (typing) model.set("text", input.value);
      model.set("steps", model.get("steps") + way);
      send();
    });
    redraw();
    return listen(model, { "change:text": redraw, "change:wrong": redraw, "change:disabled": redraw });
  }
};
export {
  number_default as default
};
