// The step player: walks through the steps inside an epoch, forwards and backwards, across the borders of epochs.

import { copyText } from "./clipboard";
import { judge } from "./predict";
import type { Shown } from "./shown";
import { Signal } from "./signal";
import { StepCard, type View } from "./step_card";
import { type Scene, StepLights } from "./step_lights";
import { AWAITED, type FullStep, StepList } from "./step_list";
import { numberOf } from "./typed";
import type { Step, StepAnswer, Stretch } from "./wire";

export class StepPlayer {
  readonly reached = new Signal<FullStep>(); // another step is shown
  readonly lit = new Signal<Element[]>(); // what it lights up
  readonly card: StepCard;
  readonly #shown: Shown;
  readonly #lights: StepLights;
  #outline: Step[] | null = null; // the steps as they came
  #list = new StepList([]);
  #refusal = ""; // why there are none
  #place = 0;
  #isOn = false;
  #complete = true; // what the card shows is all here
  #given = false; // the number of this step has been given or asked for
  #shownAt = ""; // film, frame and step that the card shows

  constructor(shown: Shown, scene: Scene) {
    this.#shown = shown;
    shown.describes = (place) => this.#list.describes(place);
    this.#lights = new StepLights(scene);
    this.card = new StepCard((gid) => this.#text(gid), scene.groups, shown.ask !== null);
    const { card } = this;
    card.pressed.on((way) => this.#press(way));
    card.chosen.on((symbol) => {
      this.#to(Math.min(this.#list.find(symbol), this.#count() - 1));
      this.show();
    });
    card.wants.on((want) => this.#request(want));
    card.copies.on(() => {
      if (this.isHere) copyText(this.#words(), (said) => card.prediction.say(said));
    });
    card.prediction.typed.on((typed) => this.#judge(typed));
    card.prediction.given.on(() => this.#give(""));
    card.prediction.switched.on(() => {
      this.#given = false;
      card.prediction.say("");
      this.show();
    });
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  get isHere(): boolean {
    return this.#list.steps.length > 0;
  }

  get #now(): FullStep {
    return this.#list.at(this.#place);
  }

  #count(frame = this.#shown.frame): number {
    return this.#list.count(frame === this.#shown.lastFrame);
  }

  #text(gid: string): string {
    return this.#shown.number(gid, this.#place) ?? AWAITED;
  }

  // The steps of a film, or why they are refused; the step stays where it was.
  load({ steps, refusal }: { steps: Step[]; refusal: string }): void {
    this.#refusal = refusal;
    this.card.element.classList.toggle("film-empty", !steps.length);
    if (steps === this.#outline) return; // those of the network that was here, with all that has come of them
    this.#outline = steps;
    this.#list = new StepList(steps);
    this.card.load(this.#list);
  }

  turn(on: boolean): void {
    this.#isOn = on;
    this.card.element.hidden = !on;
    if (on) {
      this.show();
      return;
    }
    this.#shownAt = "";
    this.#lights.dark();
    this.#lights.uncover(this.#list);
  }

  // Puts the current step on the card and on the picture.
  show(): void {
    if (!this.#isOn) return;
    this.card.element.hidden = false;
    if (!this.isHere) {
      this.card.refuse(this.#refusal || "Loading the steps …");
      return;
    }
    this.#place = Math.max(0, Math.min(this.#place, this.#count() - 1));
    this.#complete = this.#shown.reach(this.#place) && this.#list.describes(this.#place);
    const comes = this.#comes();
    const view = this.#view();
    this.card.show(view);
    this.#lights.dark();
    this.#lights.hide(this.#list, this.#place, view.hides);
    if (comes) this.reached.emit(view.step);
    this.#lights.light(view.step);
    if (comes) this.lit.emit(this.#lights.lit);
    const told = view.hides ? `Step ${this.#place + 1}: predict ${view.step.plain}` : this.#words();
    this.card.element.setAttribute("aria-label", told);
  }

  // Whether the step is another one; else the same is shown again, because a person points at something or answers.
  #comes(): boolean {
    const at = `${this.#shown.film.number}/${this.#shown.frame}/${this.#place}/${this.#complete}`;
    if (at === this.#shownAt) return false;
    this.#shownAt = at;
    this.#given = false;
    this.card.prediction.clear();
    return true;
  }

  // What is not here yet is not asked, and what is not finite cannot be predicted.
  #view(): View {
    const step = this.#now;
    const asks = this.card.prediction.isOn && !this.#given;
    const hides = asks && Number.isFinite(numberOf(this.#text(step.symbol)));
    return { step, place: this.#place, count: this.#count(), complete: this.#complete, hides };
  }

  #press(way: "first" | "rewind" | "previous" | "next" | "forward" | "last"): void {
    if (!this.isHere) return;
    const block = (by: 1 | -1) => this.#list.block(by, this.#place, this.#count());
    if (way === "first") this.#to(0);
    else if (way === "last") this.#to(this.#count() - 1);
    else if (way === "rewind") this.#to(block(-1));
    else if (way === "forward") this.#to(block(1));
    else this.move(way === "next" ? 1 : -1);
  }

  move(by: number): void {
    this.#to(this.#place + by);
  }

  // Goes to a step; before the first is the last of the epoch before, behind the last the first of the next epoch.
  #to(wanted: number): void {
    if (!this.isHere) return;
    const { frame, lastFrame } = this.#shown;
    if (wanted < 0) {
      if (frame === 0) return;
      this.#place = this.#count(frame - 1) - 1;
      this.#shown.go(frame - 1);
    } else if (wanted >= this.#count()) {
      if (frame === lastFrame) return;
      this.#place = 0;
      this.#shown.go(frame + 1);
    } else {
      this.#place = wanted;
      this.show();
    }
  }

  // Shows the step of a gid of the picture; says whether there is one.
  choose(gid: string): boolean {
    const place = this.#list.placeOf(gid);
    if (place >= 0) this.#to(Math.min(place, this.#count() - 1));
    return place >= 0;
  }

  // The equations of some steps, and that their numbers are here: the card shows them if it waits for them.
  take({ from, steps = [] }: Stretch): void {
    this.#list.describe(from, steps);
    if (!this.#complete) this.show();
    else if (this.#isOn) this.#shown.reach(this.#place);
  }

  // Asks Python for more about the current step.
  #request(want: "diagnosis" | "digits" | "nudge", details: { answer?: number; unit?: number } = {}): void {
    const { film, frame, ask } = this.#shown;
    ask?.({ want, film: film.number, frame, symbol: this.#now.symbol, ...details });
  }

  // What Python answered about a step; it may have been left in the meantime.
  told(answer: StepAnswer): void {
    if (!this.#isOn || !this.isHere) return;
    if (this.#now.symbol !== answer.symbol || this.#shown.frame !== answer.frame) return;
    if (answer.kind === "diagnosis") this.card.prediction.say(answer.hint);
    if (answer.kind === "digits") this.card.showDigits(answer.text);
    if (answer.kind === "nudge") this.card.showPlot(answer.svg);
    if (answer.kind !== "diagnosis") this.card.focus(); // the button that asked is gone
  }

  #judge(typed: string): void {
    const step = this.#now;
    const verdict = judge(typed, this.#text(step.symbol), this.card.withTheDigitsShown(step));
    if (verdict.kind === "right") this.#give(verdict.text);
    else this.card.prediction.say(verdict.text);
    if (verdict.kind === "wrong") this.#request("diagnosis", { answer: verdict.given, unit: verdict.unit });
  }

  // Shows the number, and says something about it.
  #give(said: string): void {
    this.#given = true;
    this.card.prediction.say(said);
    this.show();
    this.card.focus();
  }

  // The step as one plain paragraph.
  #words(): string {
    const step = this.#now;
    const where = `Epoch ${this.#shown.epoch()}, step ${this.#place + 1} of ${this.#count()} (${step.block}).`;
    const equation = `${step.plain} = ${step.words} ${this.card.numbers} = ${this.#text(step.symbol)}.`;
    return `${where} ${step.sentence} ${equation}`;
  }
}
