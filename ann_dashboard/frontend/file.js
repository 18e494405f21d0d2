// A button that lets a person choose a file, and says that it is on its way. A file that is too large is not sent: only its name and size are told.

export default {
  render({ model, el }) {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = model.get("accept");
    input.setAttribute("aria-label", model.get("label"));
    input.title = model.get("hint");
    const label = document.createElement("label");
    label.className = "ann-file";
    const caption = document.createElement("span");
    caption.setAttribute("aria-live", "polite");
    const say = (text) => { caption.textContent = text; };
    say(model.get("label"));
    label.append(caption, input);
    input.addEventListener("change", async () => {
      const file = input.files[0];
      if (!file) return;
      const fits = file.size <= model.get("most_bytes");
      const buffers = fits ? [await file.arrayBuffer()] : [];
      input.disabled = true;
      say(`Sending ${file.name}`);
      model.send({ name: file.name, size: file.size }, undefined, buffers);
      input.value = ""; // the same file, corrected, can be chosen again
    });
    const taken = () => {
      input.disabled = false;
      say(model.get("label"));
    };
    model.on("msg:custom", taken);
    el.append(label);
    return () => model.off("msg:custom", taken);
  },
};
