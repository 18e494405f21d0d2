// The numbers of the steps inside the epoch that are here: some steps at some frames.

import { Frames, forget } from "./parts";
import type { Stretch, Walked } from "./wire";

const KEPT = 40;
const PATIENCE = 5000; // ms after which a stretch that did not come is asked for again

interface Place {
  frame: number;
  step: number;
}
// Where a person is: the frame and step, the way that Play goes (−1, 0, 1), and how many frames there are.
export interface Position extends Place {
  way: number;
  frames: number;
}

class StretchFrames extends Frames {
  readonly #from: number;
  readonly #to: number;

  constructor({ first, count, from, to, texts }: Stretch) {
    super({ first, step: 1, count, channels: { text: texts } });
    this.#from = from;
    this.#to = to;
  }

  holds({ frame, step }: Place): boolean {
    return this.has(frame) && this.#from <= step && step < this.#to;
  }
}

export class StretchStore {
  readonly #frames: number; // of a stretch
  readonly #borders: number[];
  readonly #ask: ((frame: number, step: number) => void) | null;
  #stretches: StretchFrames[]; // the last that came first
  readonly #awaited = new Map<string, number>(); // stretch that was asked for -> when

  constructor({ frames, borders, stretches }: Walked, ask: ((frame: number, step: number) => void) | null) {
    this.#frames = frames;
    this.#borders = borders;
    this.#ask = ask;
    this.#stretches = stretches.map((one) => new StretchFrames(one));
  }

  find(frame: number, step: number): Frames | null {
    return this.#stretches.find((one) => one.holds({ frame, step })) ?? null;
  }

  // Asks for the numbers of a step, and for those that a person may come to next: one answer after the other, so that
  // a person who moves on is not kept waiting.
  reach(at: Position): void {
    forget(this.#awaited, performance.now() - PATIENCE);
    for (const [turn, place] of this.#next(at).entries()) {
      if (!this.#ask || this.#awaited.size > (turn ? 0 : 1)) break;
      if (place.frame < 0 || place.frame >= at.frames || this.find(place.frame, place.step)) continue;
      const first = place.frame - (place.frame % this.#frames);
      const key = `${first}/${this.#borders.findLast((one) => one <= place.step)}`;
      if (this.#awaited.has(key)) continue;
      this.#awaited.set(key, performance.now());
      this.#ask(first, place.step);
    }
  }

  // A place, and those that come next: with Play, behind the steps of this stretch, and back.
  #next({ frame, step, way }: Position): Place[] {
    const borders = this.#borders;
    const border = borders.findLastIndex((one) => one <= step);
    const next = borders[border + 1] ?? (borders.length > 1 ? 0 : step);
    const before = borders.at(border - 1) ?? 0; // of the first the last
    const ahead = Math.ceil(this.#frames / 2) * (way < 0 ? -1 : 1);
    return [
      { frame, step },
      { frame: frame + ahead, step },
      { frame: next > step ? frame : frame + 1, step: next },
      { frame: frame - ahead, step },
      { frame: border > 0 ? frame : frame - 1, step: before },
    ];
  }

  take(told: Stretch): void {
    this.#awaited.delete(`${told.first}/${told.from}`);
    this.#stretches = [new StretchFrames(told), ...this.#stretches].slice(0, KEPT);
  }

  // What was asked for before a time and is not here got lost. Says whether there is any.
  lose(since: number): boolean {
    return forget(this.#awaited, since);
  }
}
