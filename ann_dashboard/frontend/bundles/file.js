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

// src/file.ts
async function send(model, file) {
  const buffers = file.size <= model.get("most_bytes") ? [await file.arrayBuffer()] : [];
  model.send({ name: file.name, size: file.size }, void 0, buffers);
}
var file_default = {
  render({ model, el }) {
    const input = make("input", {
      type: "file",
      accept: model.get("accept"),
      "aria-label": model.get("label"),
      title: model.get("hint")
    });
    const caption = make("span", { "aria-live": "polite" }, model.get("label"));
    input.addEventListener("change", async () => {
      const file = input.files?.[0];
      if (!file) return;
      input.disabled = true;
      caption.textContent = `Sending ${file.name}`;
      await send(model, file);
      input.value = "";
    });
    el.append(make("label", { class: "ann-file" }, caption, input));
    return listen(model, {
      "msg:custom": () => {
        input.disabled = false;
        caption.textContent = model.get("label");
      }
    });
  }
};
export {
  file_default as default
};
