// The player: the controls that move through the epochs, and the line that says what is the matter.

import { capital, type Icon, icon, iconButton, make, name } from "./elements";
import { EpochBox } from "./epoch_box";
import { Play } from "./play";
import type { Film, Shown } from "./shown";

const SPEEDS = [1, 5, 20, 60, 300]; // epochs a second
const USUAL = 20;
const WAYS: [Icon, string, number][] = [
  ["rewind", "Play backwards", -1],
  ["play", "Play", 1],
];

export class Player {
  readonly #shown: Shown;
  readonly #steer: Record<string, HTMLButtonElement>;
  readonly #ways: HTMLButtonElement[];
  readonly #slider = make("input", { type: "range", min: 0, max: 0, value: 0, step: 1 });
  readonly #total = make("span", { class: "film-total" });
  readonly #speed = make("select");
  readonly #box: EpochBox;
  readonly #message = make("p", { class: "film-message", role: "status", "aria-live": "polite" });
  readonly play: Play;
  readonly element: HTMLElement;
  #said = ""; // the message that a word about a typed epoch stands in place of

  constructor(shown: Shown, ...further: HTMLElement[]) {
    this.#shown = shown;
    this.#box = new EpochBox(shown);
    this.play = new Play(
      shown,
      () => Number(this.#speed.value),
      () => this.element.isConnected,
    );
    this.#steer = {
      first: iconButton("first", "", () => shown.go(0)),
      previous: iconButton("previous", "", () => shown.go(shown.frame - 1)),
      next: iconButton("next", "", () => shown.go(shown.frame + 1)),
      last: iconButton("last", "", () => shown.go(shown.lastFrame)),
    };
    const { first, previous, next, last } = this.#steer as Record<
      "first" | "previous" | "next" | "last",
      HTMLButtonElement
    >;
    this.#ways = WAYS.map(([shape, title, way]) => iconButton(shape, title, () => this.play.press(way)));
    for (const rate of SPEEDS) {
      this.#speed.append(make("option", { value: rate, selected: rate === USUAL }));
    }
    this.element = make("div", { class: "film-bar" }, first, previous, ...this.#ways, next, last);
    this.element.append(this.#box.element, this.#total, this.#slider, this.#speed, ...further, this.#message);
    this.#slider.addEventListener("input", () => shown.go(Number(this.#slider.value)));
    this.play.turned.on((way) => this.#showWay(way));
    this.#box.refused.on((why) => this.tell(why || this.#said));
  }

  // Says a message, and keeps it.
  say(text: string): void {
    this.#said = text;
    this.tell(text);
  }

  // Says something that the next message stands in place of.
  tell(text: string): void {
    this.#message.textContent = text;
  }

  #showWay(going: number): void {
    for (const [place, [shape, title, way]] of WAYS.entries()) {
      const control = this.#ways[place];
      if (!control) continue;
      control.innerHTML = icon(going === way ? "pause" : shape);
      name(control, going === way ? "Pause" : title);
    }
  }

  load(film: Film): void {
    const { count, last, counts } = film.epochs;
    this.#slider.max = String(count - 1);
    this.#total.textContent = `of ${last}`;
    this.#box.load(film);
    for (const [verb, control] of Object.entries(this.#steer)) name(control, `${capital(verb)} ${counts}`);
    this.#slider.title = `${capital(counts)}: drag, or use the arrow keys`;
    this.#slider.setAttribute("aria-label", capital(counts));
    name(this.#speed, `Speed of Play, in ${counts}s a second`);
    for (const option of this.#speed.options) option.textContent = `${option.value} ${counts}s/s`;
  }

  apply(): void {
    const { film, frame } = this.#shown;
    this.#slider.value = String(frame);
    this.#slider.setAttribute("aria-valuetext", `${film.epochs.counts} ${this.#shown.epoch()}`);
    this.#box.apply();
  }
}
