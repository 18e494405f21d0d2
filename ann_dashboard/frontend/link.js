// Copies a link to what is shown. In a served page the address bar keeps the state too, so that a reload brings it back.

export default {
  render({ model, el }) {
    const served = "voila" in document.body.dataset; // a page of its own; a notebook's address is not the dashboard's
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ann-link";
    button.textContent = "Copy link";
    button.title = "Copy a link that opens the dashboard as it is now: lesson, settings, epoch and what is shown";
    const said = document.createElement("span");
    said.className = "ann-link-said";
    said.setAttribute("aria-live", "polite");
    el.append(button, said);

    const address = () => (served ? `${location.origin}${location.pathname}` : "") + `?${model.get("query")}`;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(address());
        said.textContent = model.get("note") || (served ? "Copied." : "Copied: put it behind the address of the web page.");
      } catch {
        said.textContent = address(); // no clipboard here: to be marked and copied by hand
      }
    });

    if (served && !model.get("opened")) model.send({ open: location.search });
    const keep = () => {
      said.textContent = "";
      if (served) history.replaceState(history.state, "", `?${model.get("query")}${location.hash}`);
    };
    model.on("change:query", keep);
    return () => model.off("change:query", keep);
  },
};
