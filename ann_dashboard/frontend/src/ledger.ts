// The ledger of a sum of paths: each path with its share, and what is left without it.

import { make } from "./elements";
import type { Groups } from "./gids";
import type { FullStep } from "./step_list";
import type { LedgerPath } from "./wire";

export class Ledger {
  readonly element = make("div", { class: "film-ledger" });
  readonly #text: (gid: string) => string;
  readonly #groups: () => Groups;

  constructor(text: (gid: string) => string, groups: () => Groups) {
    this.#text = text;
    this.#groups = groups;
  }

  // Shows the paths of a step, or nothing.
  show(step: FullStep | null): void {
    this.element.replaceChildren();
    this.element.hidden = !step?.paths;
    if (!step?.paths) return;
    const total = make("p", {}, this.#whole(step));
    const rows = step.paths.map((path, place) => this.#row(step, path, place, total));
    this.element.append(make("h4", { html: `${step.name}, path by path` }), ...rows, total);
  }

  #whole({ of }: FullStep): string {
    return `Sum of all paths: ${this.#text(`whole:${of}`)}`;
  }

  #row(step: FullStep, path: LedgerPath, place: number, total: HTMLElement): HTMLElement {
    const box = make("input", { type: "checkbox", checked: true, title: "Leave this path out" });
    const share = make("b", {}, this.#text(`path:${step.of}:${place}`));
    const equation = make("div", { html: path.equation });
    const row = make(
      "label",
      { class: "film-path" },
      box,
      make("span", { html: path.nodes }),
      share,
      equation,
    );
    for (const [target, begin, end] of [
      [row, "mouseenter", "mouseleave"],
      [box, "focus", "blur"],
    ] as const) {
      target.addEventListener(begin, () => this.#light(path, true));
      target.addEventListener(end, () => this.#light(path, false));
    }
    box.addEventListener("change", () => {
      for (const other of this.element.querySelectorAll("input")) if (other !== box) other.checked = true;
      total.textContent = box.checked ? this.#whole(step) : this.#without(step, place);
      total.classList.toggle("film-wrong", !box.checked);
    });
    return row;
  }

  #without({ of, plain }: FullStep, place: number): string {
    const [left, whole] = [this.#text(`without:${of}:${place}`), this.#text(`whole:${of}`)];
    return `Without this path: ${left}, which is wrong: ${plain} is ${whole}.`;
  }

  #light(path: LedgerPath, on: boolean): void {
    for (const gid of path.lights) this.#groups().get(gid)?.classList.toggle("film-path-lit", on);
  }
}
