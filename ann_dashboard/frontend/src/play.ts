// Play: moves through the epochs as time passes, forwards or backwards.

import type { Shown } from "./shown";
import { Signal } from "./signal";

const LONGEST = 1000; // ms between two pictures that count; a page in the background gets none for long

export class Play {
  readonly turned = new Signal<number>(); // −1 backwards, 0 not, 1 forwards
  readonly #shown: Shown;
  readonly #speed: () => number; // epochs a second
  readonly #isThere: () => boolean; // whether the page is still there
  #run = 0; // number of the last start: an earlier one stops

  constructor(shown: Shown, speed: () => number, isThere: () => boolean) {
    this.#shown = shown;
    this.#speed = speed;
    this.#isThere = isThere;
  }

  get way(): number {
    return this.#shown.way;
  }

  // Goes that way, or stops where it goes that way already.
  press(way: number): void {
    this.play(this.way === way ? 0 : way);
  }

  play(way: number): void {
    const idle = this.way === 0;
    this.#shown.way = way;
    this.turned.emit(way);
    if (!way) return;
    const { lastFrame, frame } = this.#shown;
    if (frame === (way > 0 ? lastFrame : 0)) this.#shown.go(way > 0 ? 0 : lastFrame);
    if (!idle) return;
    const mine = ++this.#run;
    requestAnimationFrame((began) => this.#tick(began, this.#shown.frame, mine));
  }

  #tick(before: number, from: number, mine: number): void {
    requestAnimationFrame((now) => {
      const { way } = this;
      if (!way || mine !== this.#run || !this.#isThere()) return;
      const { lastFrame, film, frame } = this.#shown;
      const position =
        (Math.round(from) === frame ? from : frame) +
        (way * this.#speed() * Math.min(now - before, LONGEST)) / 1000 / film.epochs.step;
      this.#shown.go(position);
      if (this.#shown.frame === (way > 0 ? lastFrame : 0)) this.play(0);
      else this.#tick(now, position, mine);
    });
  }
}
