// What is shown: the film, the frame and what is here of it. Views read it; what a person does changes it here, and the
// views hear that it has changed. Nothing in it knows an element.

import { epochOf, frameOf, within } from "./epochs";
import { type Frames, PartStore } from "./parts";
import { Signal } from "./signal";
import { StretchStore } from "./stretches";
import type { Part, PartWanted, Question, Reel, Step, Steps, Stretch, StretchWanted, Walked } from "./wire";

export interface Film extends Reel {
  stills: Record<string, string>;
  number: number;
  steps?: Steps;
  walked?: Walked;
  parts?: Part[];
}
export type Asked = PartWanted | StretchWanted | Question;

const NO_STEPS: Steps = { identity: "", list: [] };
const NO_NUMBERS: Walked = { refusal: "", frames: 1, borders: [0], stretches: [] };

export class Shown {
  readonly moved = new Signal(); // a frame is to be drawn, another one or more of the same
  readonly went = new Signal<number>(); // a person has gone to another frame
  readonly ask: ((request: Asked) => void) | null;
  way = 0; // of Play: −1 backwards, 0 still, 1 forwards
  #film: Film | null = null;
  #frame = 0;
  #parts!: PartStore;
  #numbers!: StretchStore;
  #here: { part: Frames; frame: number } | null = null;
  describes: (step: number) => boolean = () => false; // whether the equation of a step is here

  constructor(ask: ((request: Asked) => void) | null) {
    this.ask = ask;
  }

  get isLoaded(): boolean {
    return this.#film !== null;
  }

  get film(): Film {
    if (!this.#film) throw new Error("no film has been loaded");
    return this.#film;
  }

  get frame(): number {
    return this.#frame;
  }

  get lastFrame(): number {
    return this.film.epochs.count - 1;
  }

  // The epoch of a frame, by default of the one that a person is at.
  epoch(frame = this.#frame): number {
    return epochOf(this.film.epochs, frame);
  }

  // The overview of the film: every gid that changes is in it.
  get overview(): Frames {
    return this.#parts.overview;
  }

  // The frame that is drawn: while its part is on its way, the nearest of the overview.
  get here(): { part: Frames; frame: number } {
    if (!this.#here) throw new Error("no frame has been shown");
    return this.#here;
  }

  // What a gid is at the frame that is drawn.
  value(channel: string, gid: string): string {
    return this.here.part.value(channel, gid, this.here.frame);
  }

  // A number of a step at the frame that is drawn, null where it is not here yet.
  number(gid: string, step: number): string | null {
    const { part, frame } = this.here;
    const frames = part.changes("text", gid) ? part : this.#numbers.find(frame, step);
    return frames?.value("text", gid, frame) ?? null;
  }

  partOf(frame: number): Frames | null {
    return this.#parts.find(frame);
  }

  // A new film; the epoch stays what it was, as far as there is one.
  load(film: Film): { steps: Step[]; refusal: string } {
    const epoch = this.#film ? this.epoch() : null;
    this.#film = film;
    const ask = this.ask && ((frame: number) => this.ask?.({ want: "part", frame, film: film.number }));
    this.#parts = new PartStore(film.part, film.parts ?? [], ask);
    this.#frame = within(film.epochs, epoch === null ? this.#frame : frameOf(film.epochs, epoch));
    return this.walk(film.steps ?? NO_STEPS, film.walked ?? NO_NUMBERS);
  }

  // The steps of the film that is here, and the numbers of them that came with them.
  walk(steps: Steps, walked: Walked): { steps: Step[]; refusal: string } {
    const film = this.film.number;
    const ask = (frame: number, step: number) =>
      this.ask?.({ want: "stretch", frame, step, described: this.describes(step), film });
    this.#numbers = new StretchStore(walked, this.ask && ask);
    return { steps: steps.list, refusal: walked.refusal };
  }

  // Whether the numbers of a step are here; asks for what is not.
  reach(step: number): boolean {
    this.#numbers.reach({ frame: this.#frame, step, way: this.way, frames: this.film.epochs.count });
    return this.#numbers.find(this.here.frame, step) !== null;
  }

  receive(part: Part): void {
    this.#parts.take(part);
    this.draw();
  }

  takeStretch(stretch: Stretch): void {
    this.#numbers.take(stretch);
  }

  // What was asked for before a time and is not here got lost, and is asked for again.
  lose(since: number): boolean {
    const parts = this.#parts.lose(since);
    return this.#numbers.lose(since) || parts;
  }

  go(frame: number): void {
    if (!this.#film) return;
    const target = within(this.film.epochs, frame);
    if (target === this.#frame || Number.isNaN(target)) return;
    this.#frame = target;
    this.went.emit(target);
    this.draw();
  }

  goTo(epoch: number): void {
    this.go(frameOf(this.film.epochs, epoch));
  }

  draw(): void {
    const part = this.#parts.find(this.#frame) ?? this.#parts.overview;
    this.#here = { part, frame: part.nearest(this.#frame) };
    this.moved.emit();
  }
}
