// The form in which a number is predicted before it is shown, and what is said to it.

import { make } from "./elements";
import { Signal } from "./signal";

export class Prediction {
  readonly typed = new Signal<string>();
  readonly given = new Signal(); // a person asks for the number
  readonly switched = new Signal(); // whether numbers are to be predicted
  readonly verdict = make("p", { class: "film-verdict", role: "status", "aria-live": "polite" });
  readonly #box = make("input", { type: "checkbox" });
  readonly #answer = make("input", {
    type: "text",
    inputmode: "decimal",
    size: 9,
    title: "Your value, or + or − for its sign",
    "aria-label": "Your prediction",
  });
  readonly choice = make(
    "label",
    { title: "Hide each number until you have predicted it" },
    this.#box,
    " Predict first",
  );
  readonly form = make(
    "form",
    { class: "film-asking" },
    make("label", {}, "Your value, or its sign ", this.#answer),
    make("button", { type: "submit" }, "Check"),
    make("button", { type: "button", onclick: () => this.given.emit() }, "Show"),
  );

  constructor() {
    this.form.hidden = true;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.typed.emit(this.#answer.value);
    });
    this.#box.addEventListener("change", () => this.switched.emit());
  }

  get isOn(): boolean {
    return this.#box.checked;
  }

  say(text: string): void {
    this.verdict.textContent = text;
  }

  // Another step: nothing has been typed and nothing said.
  clear(): void {
    this.#answer.value = "";
    this.say("");
  }
}
