// The steps inside an epoch as a list: where one is, which blocks it has, and what stands for a step in the picture.

import { lineGids, numberGids } from "./gids";
import type { Step, StepDescription } from "./wire";

export const AWAITED = "…"; // stands for what is on its way

export type FullStep = Step & StepDescription;

// Puts a value under a key that has none yet.
const first = (map: Map<string, number>, keys: string[], place: number): void => {
  for (const key of keys) if (!map.has(key)) map.set(key, place);
};

export class StepList {
  readonly steps: FullStep[];
  readonly reveal = new Map<string, number>(); // gid of a number -> place of the step that gives it
  readonly #places = new Map<string, number>(); // gid of the picture -> place of the step that it stands for
  readonly #updates: number; // steps before those of the update

  constructor(list: Step[]) {
    this.steps = list.map((step) => ({
      name: step.plain,
      equation: AWAITED,
      words: AWAITED,
      numbers: AWAITED,
      sentence: "",
      used: [],
      lights: [step.symbol],
      ...step,
    }));
    for (const [place, { symbol, reveals }] of this.steps.entries()) {
      first(this.reveal, [symbol, ...reveals], place);
      first(this.#places, [symbol, ...reveals].flatMap(numberGids), place);
    }
    for (const [place, { of }] of this.steps.entries()) {
      if (of) first(this.#places, [...lineGids(of), ...numberGids(of)], place);
    }
    this.#updates = this.steps.findIndex(({ block }) => block === "update");
  }

  // How many there are; the last epoch is followed by no update.
  count(isLast: boolean): number {
    return isLast && this.#updates >= 0 ? this.#updates : this.steps.length;
  }

  at(place: number): FullStep {
    const step = this.steps[place];
    if (!step) throw new Error(`there is no step ${place}`);
    return step;
  }

  // The place of the step that gives a symbol, or −1.
  find(symbol: string): number {
    return this.steps.findIndex((step) => step.symbol === symbol);
  }

  // The place of the step that a gid of the picture stands for, or −1.
  placeOf(gid: string): number {
    return this.#places.get(gid) ?? -1;
  }

  // The first step of the next block, or of this one, or of the one before; −1 before the first.
  block(way: 1 | -1, from: number, count: number): number {
    const start = (place: number) => {
      let at = place;
      while (at > 0 && this.at(at - 1).block === this.at(at).block) at--;
      return at;
    };
    if (way > 0) {
      let at = from;
      while (at < count && this.at(at).block === this.at(from).block) at++;
      return at;
    }
    if (start(from) < from) return start(from);
    return from === 0 ? -1 : start(from - 1);
  }

  // Whether the equation of a step is here.
  describes(place: number): boolean {
    return this.steps[place]?.equation !== AWAITED;
  }

  // The equations of some steps.
  describe(from: number, described: StepDescription[]): void {
    for (const [place, step] of described.entries()) Object.assign(this.at(from + place), step);
  }

  // The blocks in their order, each with its steps.
  blocks(): [string, FullStep[]][] {
    const names = [...new Set(this.steps.map(({ block }) => block))];
    return names.map((name) => [name, this.steps.filter(({ block }) => block === name)]);
  }
}
