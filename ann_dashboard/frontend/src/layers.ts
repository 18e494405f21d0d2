// The layers of the network's picture: which are shown, together or in turns.

import { make, unique } from "./elements";
import { type Groups, labelGids } from "./gids";
import type { Film } from "./shown";
import { Signal } from "./signal";

export class Layers {
  readonly element = make("fieldset", { class: "film-layers" }, make("legend", {}, "Show"));
  readonly chose = new Signal<string[]>(); // a person has chosen these
  readonly #group = `layer of ${unique()}`; // radio buttons of two films on one page are not one group
  #film: Film | null = null;
  #chosen = new Set<string>();
  #turn = ""; // of layers that take turns, the one that the step inside an epoch has; "" for the one that was chosen
  #type = "";
  #groups: () => Groups;

  constructor(groups: () => Groups) {
    this.#groups = groups;
  }

  load(film: Film): void {
    this.#film = film;
    const type = film.showing.layers === "in turns" ? "radio" : "checkbox";
    const { element } = this;
    element.hidden = Object.values(film.layers).every(({ symbols }) => !symbols.length);
    element.title =
      type === "radio"
        ? "All numbers together do not fit: one layer is shown at a time, each at the same places"
        : "";
    if (this.#type === type) return;
    this.#type = type;
    element.replaceChildren(make("legend", {}, type === "radio" ? "Show one" : "Show"));
    for (const [name, { title }] of Object.entries(film.layers)) {
      const box = make("input", { type, name: type === "radio" ? this.#group : name, value: name });
      box.addEventListener("change", () => this.#choose());
      element.append(make("label", { title }, box, ` ${name}`));
    }
  }

  #boxes(): HTMLInputElement[] {
    return [...this.element.querySelectorAll("input")];
  }

  #choose(): void {
    const names = this.#boxes().filter(({ checked }) => checked);
    this.#turn = "";
    this.choose(names.map(({ value }) => value));
    this.chose.emit([...this.#chosen]);
  }

  choose(names: string[]): void {
    this.#chosen = new Set(names);
    this.show();
  }

  // The names of the layers that were chosen, in their order.
  chosen(): string[] {
    return Object.keys(this.#film?.layers ?? {}).filter((name) => this.#chosen.has(name));
  }

  show(): void {
    const film = this.#film;
    if (!film) return;
    const wanted = this.chosen();
    const shown = new Set(film.showing.layers === "in turns" ? [this.#turn || wanted[0]] : wanted);
    for (const box of this.#boxes()) box.checked = shown.has(box.value);
    const groups = this.#groups();
    for (const [name, { symbols }] of Object.entries(film.layers)) {
      for (const gid of symbols.flatMap(labelGids)) {
        const group = groups.get(gid);
        if (group) group.style.display = shown.has(name) ? "" : "none";
      }
    }
  }

  // Of layers that take turns, shows the one that has a symbol, that of a step; for "" the one that was chosen.
  takeTurn(symbol: string): void {
    const layers = Object.entries(this.#film?.layers ?? {});
    const name = layers.find(([, { symbols }]) => symbols.includes(symbol))?.[0] ?? "";
    if (symbol && !name) return;
    this.#turn = name;
    this.show();
  }
}
