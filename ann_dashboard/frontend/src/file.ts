// A button that lets a person choose a file, and says that it is on its way. A file that is too large is not sent: only
// its name and size are told.

import { make } from "./elements";
import { listen, type Model, type Rendered } from "./model";

interface Values {
  label: string;
  hint: string;
  accept: string;
  most_bytes: number;
}

async function send(model: Model<Values>, file: File): Promise<void> {
  const buffers = file.size <= model.get("most_bytes") ? [await file.arrayBuffer()] : [];
  model.send({ name: file.name, size: file.size }, undefined, buffers);
}

export default {
  render({ model, el }: Rendered<Values>): () => void {
    const input = make("input", {
      type: "file",
      accept: model.get("accept"),
      "aria-label": model.get("label"),
      title: model.get("hint"),
    });
    const caption = make("span", { "aria-live": "polite" }, model.get("label"));
    input.addEventListener("change", async () => {
      const file = input.files?.[0];
      if (!file) return;
      input.disabled = true;
      caption.textContent = `Sending ${file.name}`;
      await send(model, file);
      input.value = ""; // the same file, corrected, can be chosen again
    });
    el.append(make("label", { class: "ann-file" }, caption, input));
    return listen(model, {
      "msg:custom": () => {
        input.disabled = false;
        caption.textContent = model.get("label");
      },
    });
  },
};
