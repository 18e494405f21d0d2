// The buttons that ask for files: the history as CSV, the predictions, everything that can be exported.

import { make, textButton } from "./elements";
import { Signal } from "./signal";
import { EXPORTS } from "./wire";

export class FileBar {
  readonly wants = new Signal<string>(); // a kind of file
  readonly stops = new Signal();
  readonly #csv = textButton(
    "Download CSV",
    "Download the whole history, in full precision, as CSV",
    () => this.wants.emit("csv"),
    { class: "film-csv" },
  );
  readonly #predictions = textButton(
    "Predictions",
    "Download all samples with their predictions at this epoch, in original units, as CSV",
    () => this.wants.emit("predictions"),
    { class: "film-csv" },
  );
  readonly #exports = make("select", {
    class: "film-csv",
    title: "Export the picture of this epoch, the training as film or page, or the history",
    "aria-label": "Export",
  });
  readonly #leave = textButton("Stop export", "Leave the file that is on its way", () => this.stops.emit(), {
    class: "film-csv",
    hidden: true,
  });
  readonly elements: HTMLElement[] = [this.#predictions, this.#csv, this.#exports, this.#leave];

  // `saves`: whether there is anybody who makes the CSV; `makes`: whether there is anybody who makes the others.
  constructor({ saves, makes }: { saves: boolean; makes: boolean }) {
    const kinds = Object.entries(EXPORTS).map(([value, name]) => make("option", { value }, name));
    this.#exports.append(make("option", { value: "" }, "Export …"), ...kinds);
    this.#exports.addEventListener("change", () => {
      if (this.#exports.value) this.wants.emit(this.#exports.value);
      this.#exports.value = "";
    });
    this.#csv.hidden = !saves;
    this.#predictions.hidden = this.#exports.hidden = !makes;
  }

  // Whether files are on their way.
  waits(on: boolean): void {
    this.#leave.hidden = !on;
  }
}
