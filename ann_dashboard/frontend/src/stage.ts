// The stage of a film: its parts laid out, and the keys that move through it.

import { copyText } from "./clipboard";
import { make, textButton } from "./elements";
import type { FileBar } from "./file_bar";
import type { Film } from "./shown";

interface Parts {
  bar: HTMLElement;
  pictures: HTMLElement;
  readout: HTMLElement;
  values: HTMLElement;
  history: HTMLElement;
  files: FileBar;
}

// What the keys do; `step` says whether it has been done.
export interface Keys {
  step: (by: number) => boolean;
  go: (to: number) => void;
  play: () => void;
  frame: () => number;
  lastFrame: () => number;
}

export class Stage {
  readonly #historyName = document.createTextNode("");
  readonly #history: HTMLElement;
  readonly element: HTMLElement;

  // `notes`: what is copied of an epoch; `say` hears whether it was.
  constructor(parts: Parts, notes: () => string, say: (text: string) => void) {
    const { bar, pictures, readout, values, history, files } = parts;
    const copy = textButton(
      "Copy as notes",
      "Copy this epoch as a plain paragraph",
      () => copyText(notes(), say),
      { class: "film-csv" },
    );
    const heading = make(
      "div",
      { class: "film-heading" },
      make("h3", {}, this.#historyName),
      ...files.elements,
    );
    const tables = make(
      "div",
      { class: "film-tables" },
      make("section", { "aria-label": "Values of this epoch" }, values, copy),
      make("section", { "aria-label": "History" }, heading, history),
    );
    this.#history = history;
    this.element = make("section", { class: "film" }, bar, pictures, readout, tables);
  }

  load({ showing, epochs }: Film): void {
    this.#historyName.data = `History: every ${epochs.counts}`;
    this.element.classList.toggle("film-across", showing.place === "across");
    this.element.style.setProperty("--readable", `${showing.width}px`);
  }

  apply(film: number, epoch: number): void {
    this.element.dataset.epoch = String(epoch);
    this.element.dataset.film = String(film);
  }

  steps(on: boolean): void {
    this.element.classList.toggle("film-stepping", on);
  }

  listen(keys: Keys): void {
    this.element.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      event.stopPropagation(); // a key meant for the film is no shortcut of JupyterLab
      const target = event.target as HTMLElement;
      const typing = target.matches("input:not([type=checkbox]), select");
      if (typing || target === this.#history) return;
      if (this.#press(event.key, target, keys)) event.preventDefault();
    });
  }

  // Does what a key says; says whether it says anything.
  #press(key: string, target: HTMLElement, keys: Keys): boolean {
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (by && keys.step(by)) return true;
    const frame = keys.frame();
    const to = { ArrowLeft: frame - 1, ArrowRight: frame + 1, Home: 0, End: keys.lastFrame() }[key];
    if (to !== undefined) keys.go(to);
    else if (key === " " && !target.matches("button, input")) keys.play();
    else return false;
    return true;
  }
}
