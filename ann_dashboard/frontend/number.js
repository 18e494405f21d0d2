// A box for a number. Its text goes to Python as it was typed, and comes back as it was read: nothing is parsed here.

export default {
  render({ model, el }) {
    const input = document.createElement("input");
    Object.assign(input, { type: "text", id: `ann-number-${Math.random().toString(36).slice(2)}`, autocomplete: "off", inputMode: model.get("inputmode") });
    input.setAttribute("role", "spinbutton");
    const description = model.get("description");
    if (description) {
      const label = Object.assign(document.createElement("label"), { htmlFor: input.id, className: "widget-label", textContent: description });
      el.append(label);
    } else input.setAttribute("aria-label", model.get("tooltip"));
    el.classList.add("jupyter-widgets", "widget-inline-hbox", "widget-text", "ann-number");
    el.append(input);

    let typing = false; // a text that Python does not have yet
    const draft = () => (typing ? { text: input.value } : {});
    function send(changes) {
      typing = false;
      model.set(changes);
      model.save_changes();
    }
    input.addEventListener("input", () => (typing = true));
    input.addEventListener("change", () => send({ text: input.value }));
    input.addEventListener("blur", () => {
      typing = false; // what was typed is what was there before, or it has been sent
      show();
    });
    input.addEventListener("keydown", (event) => {
      event.stopPropagation(); // a notebook has keys of its own
      const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      send({ ...draft(), steps: model.get("steps") + way });
    });

    function show() {
      const [text, wrong] = [model.get("text"), model.get("wrong")];
      if (!typing) input.value = text;
      input.title = wrong || model.get("tooltip");
      input.disabled = model.get("disabled");
      input.setAttribute("aria-invalid", wrong !== "");
      if (wrong || !text) input.removeAttribute("aria-valuenow");
      else input.setAttribute("aria-valuenow", text);
    }
    const events = ["change:text", "change:wrong", "change:disabled"];
    for (const event of events) model.on(event, show);
    show();
    return () => {
      for (const event of events) model.off(event, show);
    };
  },
};
