// What a step does to the page around its card: what lights up in the picture, and what is not computed yet stays hidden.

import type { Groups } from "./gids";
import type { FullStep, StepList } from "./step_list";

// The parts of the page that a step lights or hides.
export interface Scene {
  groups: () => Groups; // of the network's picture
  rows: () => HTMLElement[]; // of the table of one epoch
  cells: () => HTMLElement[]; // that show a number, by data-value
}

export class StepLights {
  readonly #scene: Scene;
  #lit: [Element, string][] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  // Hides the numbers that the steps behind one give, and its own where that is to be predicted.
  hide({ reveal }: StepList, place: number, hidesNow: boolean): void {
    const visibility = (at: number) => (at > place || (at === place && hidesNow) ? "hidden" : "");
    const groups = this.#scene.groups();
    for (const [gid, at] of reveal) {
      const group = groups.get(gid);
      if (group) group.style.visibility = visibility(at);
    }
    for (const cell of this.#scene.cells()) {
      cell.style.visibility = visibility(reveal.get(cell.dataset.value ?? "") ?? -1);
    }
  }

  // Shows all numbers again.
  uncover(list: StepList): void {
    this.hide(list, Number.POSITIVE_INFINITY, false);
  }

  light({ used, lights, of, moves, symbol }: FullStep): void {
    for (const gid of used) this.#mark(gid, "film-used");
    for (const gid of lights) this.#mark(gid, "film-lit");
    const row = of || moves || symbol;
    for (const element of this.#scene.rows()) {
      element.classList.toggle("film-now", element.dataset.symbol === row);
    }
  }

  // A number is marked on the paper behind it.
  #mark(gid: string, name: string): void {
    const groups = this.#scene.groups();
    const group = groups.get(gid.includes(":") ? gid : `box:${gid}`);
    if (!group) return;
    group.classList.add(name);
    this.#lit.push([group, name]);
  }

  get lit(): Element[] {
    return this.#lit.map(([group]) => group);
  }

  dark(): void {
    for (const [group, name] of this.#lit) group.classList.remove(name);
    this.#lit = [];
    for (const group of this.#scene.groups().values()) group.classList.remove("film-path-lit");
    for (const row of this.#scene.rows()) row.classList.remove("film-now");
  }
}
