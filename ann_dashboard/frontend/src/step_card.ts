// The card of a step: its place, its sentence, its equation in symbols and in numbers, and how it was checked.

import { iconButton, make, textButton } from "./elements";
import type { Groups } from "./gids";
import { Ledger } from "./ledger";
import { Prediction } from "./prediction";
import { Signal } from "./signal";
import type { FullStep, StepList } from "./step_list";
import { SAME } from "./wire";

// A step as it is shown: whether all of it is here, and whether its number is hidden to be predicted.
export interface View {
  step: FullStep;
  place: number;
  count: number;
  complete: boolean;
  hides: boolean;
}
type Way = "first" | "rewind" | "previous" | "next" | "forward" | "last";

const WAYS: [Way, string][] = [
  ["first", "First step of the epoch"],
  ["rewind", "Previous block"],
  ["previous", "Previous step (arrow up)"],
  ["next", "Next step (arrow down)"],
  ["forward", "Next block"],
  ["last", "Last step of the epoch"],
];
const note = () => make("p", { class: "film-note" });

export class StepCard {
  readonly pressed = new Signal<Way>();
  readonly chosen = new Signal<string>(); // symbol of a step
  readonly wants = new Signal<"digits" | "nudge">();
  readonly copies = new Signal();
  readonly prediction = new Prediction();
  readonly #text: (gid: string) => string;
  readonly #asks: boolean; // whether there is a kernel to ask
  readonly #where = make("span", { class: "film-where", "aria-live": "polite" });
  readonly #list = make("select", { title: "Go to a step", "aria-label": "Go to a step" });
  readonly #copy = textButton("Copy as notes", "Copy this step as a plain paragraph", () =>
    this.copies.emit(),
  );
  readonly #sentence = make("p", { class: "film-sentence" });
  readonly #equation = make("div", { class: "film-equation" });
  readonly #result = make("div", { class: "film-result" });
  readonly #honesty = note();
  readonly #exact = note();
  readonly #check = note();
  readonly #plot = make("div", { class: "film-plot" });
  readonly #ledger: Ledger;
  readonly element = make("section", {
    class: "film-steps",
    "aria-label": "Step inside the epoch",
    tabindex: 0,
  });

  constructor(text: (gid: string) => string, groups: () => Groups, asks: boolean) {
    this.#text = text;
    this.#asks = asks;
    this.#ledger = new Ledger(text, groups);
    const { prediction } = this;
    const buttons = WAYS.map(([way, title]) => iconButton(way, title, () => this.pressed.emit(way)));
    this.element.append(
      make("div", { class: "film-bar" }, ...buttons, this.#where),
      make("div", { class: "film-bar" }, this.#list, prediction.choice, this.#copy),
      ...[this.#sentence, this.#equation, this.#result, prediction.form, prediction.verdict],
      ...[this.#honesty, this.#exact, this.#check, this.#plot, this.#ledger.element],
    );
    this.element.hidden = true;
    this.#list.addEventListener("change", () => this.chosen.emit(this.#list.value));
  }

  load(list: StepList): void {
    const groups = list.blocks().map(([label, steps]) => {
      const options = steps.map(({ symbol, plain }) => make("option", { value: symbol }, plain));
      return make("optgroup", { label }, ...options);
    });
    this.#list.replaceChildren(...groups);
  }

  // Says why there are no steps.
  refuse(why: string): void {
    this.#where.textContent = why;
  }

  show(view: View): void {
    const { step, place, count, hides } = view;
    this.#where.textContent = `Step ${place + 1} of ${count}: ${step.block}`;
    this.#list.value = step.symbol;
    this.#sentence.textContent = step.sentence;
    this.#equation.innerHTML = `<div>${step.name} = ${step.equation}</div><div>= ${step.numbers}</div>`;
    this.#fill();
    this.#result.innerHTML = `= <b>${hides ? "?" : this.#text(step.symbol)}</b>`;
    this.prediction.form.hidden = !hides;
    this.#copy.disabled = hides;
    this.#showHonesty(view);
    this.#showCheck(view);
    this.#ledger.show(hides || !view.complete ? null : step);
  }

  // Puts the numbers into the equation.
  #fill(): void {
    for (const place of this.#equation.querySelectorAll<HTMLElement>("[data-value]")) {
      const value = this.#text(place.dataset.value ?? "");
      place.textContent = value.startsWith("−") && "factor" in place.dataset ? `(${value})` : value;
    }
  }

  // What the digits shown come to, where that is another number.
  withTheDigitsShown({ symbol }: FullStep): string {
    const digits = this.#text(`digits:${symbol}`);
    return digits === SAME ? this.#text(symbol) : digits;
  }

  #showHonesty({ step, complete, hides }: View): void {
    const value = this.#text(step.symbol);
    const digits = this.withTheDigitsShown(step);
    this.#exact.replaceChildren();
    if (this.#asks && complete && !hides) {
      const title = "Show this equation with every digit the computer keeps";
      this.#exact.append(textButton("All digits", title, () => this.wants.emit("digits")));
    }
    this.#honesty.hidden = hides || !complete || digits === value;
    this.#honesty.textContent = `With the digits shown it comes to ${digits}: the last digit differs, because the computer keeps all of them (${value}).`;
  }

  #showCheck({ step, complete, hides }: View): void {
    const difference = this.#text(`check:${step.symbol}`);
    this.#check.hidden = hides || !complete || !difference;
    this.#plot.replaceChildren();
    if (this.#check.hidden) return;
    const agreeing = this.#text(`agree:${step.symbol}`);
    const digits = agreeing === "1" ? "1 digit" : `${agreeing} digits`;
    this.#check.textContent = `Gradient check: nudging ${step.of_plain} both ways gives ${difference}; ${digits} agree.`;
    if (this.#asks) {
      const title = "Plot the loss against this parameter, with the tangent";
      this.#plot.append(textButton("Plot the loss around it", title, () => this.wants.emit("nudge")));
    }
  }

  // The equation in numbers, as it stands there.
  get numbers(): string {
    return this.#equation.lastElementChild?.textContent ?? "";
  }

  showDigits(text: string): void {
    this.#exact.textContent = `= ${text}`;
  }

  showPlot(svg: string): void {
    this.#plot.innerHTML = svg;
  }

  // Keeps the keyboard on the card, so that the arrow keys go on.
  focus(): void {
    this.element.focus({ preventScroll: true });
  }
}
