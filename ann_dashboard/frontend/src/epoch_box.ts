// The box in which an epoch is typed. Nothing overwrites what is typed before it is entered.

import { capital, make } from "./elements";
import { frameOf } from "./epochs";
import type { Film, Shown } from "./shown";
import { Signal } from "./signal";
import { wholeOf } from "./typed";

const LONGEST = 40; // letters of a text that are said again

export class EpochBox {
  readonly refused = new Signal<string>(); // why a text is no epoch; "" where it is one
  readonly #shown: Shown;
  readonly #name = document.createTextNode("");
  readonly #input = make("input", {
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    role: "spinbutton",
    "aria-valuemin": 0,
    value: 0,
  });
  readonly element = make("label", { class: "film-epoch" }, this.#name, this.#input);
  #typing = false;

  constructor(shown: Shown) {
    this.#shown = shown;
    this.#input.addEventListener("input", () => {
      this.#typing = true;
    });
    this.#input.addEventListener("change", () => this.#enter());
    this.#input.addEventListener("keydown", (event) => this.#press(event));
    for (const end of ["change", "blur"]) this.#input.addEventListener(end, () => this.#settle());
  }

  load({ epochs }: Film): void {
    this.#input.setAttribute("aria-valuemax", String(epochs.last));
    this.#input.title = `Type an ${epochs.counts}`;
    this.#input.setAttribute("aria-label", `${capital(epochs.counts)}, typed`);
    this.#name.data = `${capital(epochs.counts)} `;
  }

  // Goes to the epoch that was typed; a text that is none is refused, and the picture stays.
  #enter(): void {
    const text = this.#input.value.trim();
    const { epochs } = this.#shown.film;
    const whole = wholeOf(text);
    if (whole !== null) this.#shown.go(frameOf(epochs, whole));
    const range = `give a whole number from 0 to ${epochs.last}.`;
    const wrong = `${capital(epochs.counts)} is "${text.slice(0, LONGEST)}": ${range}`;
    this.refused.emit(whole !== null || !text ? "" : wrong);
  }

  #press(event: KeyboardEvent): void {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    if (this.#typing) this.#enter();
    this.#typing = false;
    this.#shown.go(this.#shown.frame + way);
    this.#settle();
  }

  #settle(): void {
    this.#typing = false;
    this.#input.value = String(this.#shown.epoch());
  }

  apply(): void {
    const epoch = String(this.#shown.epoch());
    if (!this.#typing) this.#input.value = epoch;
    this.#input.setAttribute("aria-valuenow", epoch);
  }
}
