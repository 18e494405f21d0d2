// A button that lets a person choose a file. A file that is too large is not sent: only its name and size are told.

export default {
  render({ model, el }) {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = model.get("accept");
    input.setAttribute("aria-label", model.get("label"));
    input.title = model.get("hint");
    const label = document.createElement("label");
    label.className = "ann-file";
    label.append(`${model.get("label")} `, input);
    input.addEventListener("change", async () => {
      const file = input.files[0];
      if (!file) return;
      const fits = file.size <= model.get("most_bytes");
      const buffers = fits ? [await file.arrayBuffer()] : [];
      model.send({ name: file.name, size: file.size }, undefined, buffers);
      input.value = ""; // the same file, corrected, can be chosen again
    });
    el.append(label);
  },
};
