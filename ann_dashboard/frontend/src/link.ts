// Copies a link to what is shown. In a served page the address bar keeps the state too, so that a reload brings it back.

import { copyText } from "./clipboard";
import { make } from "./elements";
import { listen, type Rendered } from "./model";

interface Values {
  query: string;
  note: string; // what such a link does not hold
  opened: boolean;
}
const TITLE = "Copy a link that opens the dashboard as it is now: lesson, settings, epoch and what is shown";

export default {
  render({ model, el }: Rendered<Values>): () => void {
    const served = "voila" in document.body.dataset; // a page of its own; a notebook's address is not the dashboard's
    const said = make("span", { class: "ann-link-said", "aria-live": "polite" });
    const place = served ? `${location.origin}${location.pathname}` : "";
    const copied = () =>
      model.get("note") || (served ? "Copied." : "Copied: put it behind the address of the web page.");
    const copy = () =>
      copyText(
        `${place}?${model.get("query")}`,
        (words) => {
          said.textContent = words;
        },
        copied,
      );
    const button = make(
      "button",
      { type: "button", class: "ann-link", title: TITLE, onclick: copy },
      "Copy link",
    );
    el.append(button, said);
    if (served && !model.get("opened")) model.send({ open: location.search });
    return listen(model, {
      "change:query": () => {
        said.textContent = "";
        if (served) history.replaceState(history.state, "", `?${model.get("query")}${location.hash}`);
      },
    });
  },
};
