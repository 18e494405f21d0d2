// src/clipboard.ts
async function copyText(text, say, copied = () => "Copied.") {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    say(text);
    return;
  }
  say(copied());
}

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

// src/link.ts
var TITLE = "Copy a link that opens the dashboard as it is now: lesson, settings, epoch and what is shown";
var link_default = {
  render({ model, el }) {
    const served = "voila" in document.body.dataset;
    const said = make("span", { class: "ann-link-said", "aria-live": "polite" });
    const place = served ? `${location.origin}${location.pathname}` : "";
    const copied = () => model.get("note") || (served ? "Copied." : "Copied: put it behind the address of the web page.");
    const copy = () => copyText(
      `${place}?${model.get("query")}`,
      (words) => {
        said.textContent = words;
      },
      copied
    );
    const button = make(
      "button",
      { type: "button", class: "ann-link", title: TITLE, onclick: copy },
      "Copy link"
    );
    el.append(button, said);
    if (served && !model.get("opened")) model.send({ open: location.search });
    return listen(model, {
      "change:query": () => {
        said.textContent = "";
        if (served) history.replaceState(history.state, "", `?${model.get("query")}${location.hash}`);
      }
    });
  }
};
export {
  link_default as default
};
