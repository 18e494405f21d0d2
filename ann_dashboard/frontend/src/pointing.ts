// What a person points at and clicks in the network's picture: a node or connection is read, a step is opened.

import type { Pictures } from "./pictures";
import type { Readout } from "./readout";
import type { Shown } from "./shown";
import { Signal } from "./signal";
import type { StepPlayer } from "./step_player";

export class Pointing {
  readonly opens = new Signal(); // the steps
  readonly #shown: Shown;
  readonly #pictures: Pictures;
  readonly #readout: Readout;
  readonly #steps: StepPlayer;
  #wanted: string | null = null; // gid that was clicked before the steps were here

  constructor(shown: Shown, pictures: Pictures, readout: Readout, steps: StepPlayer) {
    this.#shown = shown;
    this.#pictures = pictures;
    this.#readout = readout;
    this.#steps = steps;
    const { element } = pictures;
    element.addEventListener("pointermove", (event) => {
      if (shown.isLoaded) readout.point(readout.thingAt(pictures.gidsAt(event)));
    });
    element.addEventListener("pointerleave", () => {
      if (shown.isLoaded) readout.point("");
    });
    element.addEventListener("click", (event) => this.#click(event));
  }

  // A click reads a node or connection; with the steps open it goes to a step, in a small network it opens them.
  #click(event: MouseEvent): void {
    const { target } = event;
    if (!(target instanceof Element) || !target.closest("[data-picture=network]")) return;
    const gids = this.#pictures.gidsAt(event);
    this.#readout.choose(this.#readout.thingAt(gids));
    if (this.#steps.isOn) {
      gids.some((gid) => this.#steps.choose(gid));
      return;
    }
    const gid = this.#readout.openingAt(gids);
    if (this.#shown.film.showing.layers !== "together" || !gid) return;
    this.#wanted = gid;
    this.opens.emit();
    this.takeWanted();
  }

  // Goes to the step that was clicked before the steps were open, as soon as they are here.
  takeWanted(): void {
    if (!this.#wanted || !this.#steps.isHere) return;
    this.#steps.choose(this.#wanted);
    this.#wanted = null;
  }
}
