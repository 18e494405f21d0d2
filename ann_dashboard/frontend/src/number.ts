// A box for a number. Its text goes to Python as it was typed, and comes back as it was read: nothing is parsed here.

import { make, unique } from "./elements";
import { listen, type Model, type Rendered } from "./model";

interface Values {
  description: string;
  tooltip: string;
  inputmode: string;
  text: string;
  wrong: string;
  steps: number;
  disabled: boolean;
}

function show(model: Model<Values>, input: HTMLInputElement, typing: boolean): void {
  const [text, wrong] = [model.get("text"), model.get("wrong")];
  if (!typing) input.value = text;
  input.title = wrong || model.get("tooltip");
  input.disabled = model.get("disabled");
  input.setAttribute("aria-invalid", String(wrong !== ""));
  if (wrong || !text) input.removeAttribute("aria-valuenow");
  else input.setAttribute("aria-valuenow", text);
}

function box(model: Model<Values>, el: HTMLElement): HTMLInputElement {
  const description = model.get("description");
  const input = make("input", {
    type: "text",
    id: `ann-number-${unique()}`,
    autocomplete: "off",
    inputmode: model.get("inputmode"),
    role: "spinbutton",
    "aria-label": description ? null : model.get("tooltip"),
  });
  if (description) el.append(make("label", { for: input.id, class: "widget-label" }, description));
  el.classList.add("jupyter-widgets", "widget-inline-hbox", "widget-text", "ann-number");
  el.append(input);
  return input;
}

export default {
  render({ model, el }: Rendered<Values>): () => void {
    const input = box(model, el);
    let typing = false; // a text that Python does not have yet
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
      typing = false; // what was typed is what was there before, or it has been sent
      redraw();
    });
    input.addEventListener("keydown", (event) => {
      event.stopPropagation(); // a notebook has keys of its own
      const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      if (typing) model.set("text", input.value);
      model.set("steps", model.get("steps") + way);
      send();
    });
    redraw();
    return listen(model, { "change:text": redraw, "change:wrong": redraw, "change:disabled": redraw });
  },
};
