// The history: every epoch in a row. Only the rows that can be seen are in the page; scrolling fills them with other numbers.

import { make } from "./elements";
import type { Film, Shown } from "./shown";

const ROW = 24; // height of a row, px
const AROUND = 4; // rows that are drawn above and below those that can be seen

interface Row {
  element: HTMLTableRowElement;
  texts: Text[];
}

// The rows to draw, first and behind the last, of so many, in a room that is scrolled.
export function visibleRows(count: number, scrollTop: number, height: number): [number, number] {
  const first = Math.max(0, Math.min(Math.floor(scrollTop / ROW) - AROUND, count - 1));
  return [first, Math.min(count, first + Math.ceil(height / ROW) + 2 * AROUND)];
}

export class HistoryTable {
  readonly element = make("div", {
    class: "film-scroll",
    tabindex: 0,
    role: "region",
    "aria-label": "History of all epochs",
  });
  readonly #shown: Shown;
  readonly #head = make("thead");
  readonly #body = make("tbody");
  readonly #above = make("div");
  readonly #below = make("div");
  #rows: Row[] = [];
  #heads = "";
  #drawn = ""; // the film and the rows that are drawn whole
  #onScreen = false;
  #following = false; // the current epoch, unless a person scrolls
  #soon = false;

  constructor(shown: Shown) {
    this.#shown = shown;
    const { element } = this;
    element.style.setProperty("--row", `${ROW}px`);
    element.append(this.#above, make("table", {}, this.#head, this.#body), this.#below);
    element.addEventListener("scroll", () =>
      requestAnimationFrame(() => {
        if (shown.isLoaded) this.#draw();
      }),
    );
    new IntersectionObserver((entries) => {
      this.#onScreen = entries.at(-1)?.isIntersecting ?? false;
      this.apply();
    }).observe(element);
    new ResizeObserver(() => this.apply()).observe(element); // it is as high as the table beside it
    shown.went.on(() => {
      this.#following = true;
    });
  }

  load({ epochs, table }: Film): void {
    const titles = [epochs.counts, ...table.columns.map(({ html }) => html)];
    const heads = titles.map((html) => `<th scope="col">${html}</th>`).join("");
    if (this.#heads !== heads) {
      this.#heads = heads;
      this.#head.innerHTML = `<tr>${heads}</tr>`;
      this.#body.replaceChildren();
      this.#rows = [];
      this.#following = true; // without rows the browser scrolls to the top
    }
    this.refresh();
  }

  // What is drawn counts no longer.
  refresh(): void {
    this.#drawn = "";
  }

  // The history is as much work as everything above it: it is drawn when the pictures are painted, and only on the screen.
  apply(): void {
    if (this.#soon || !this.#onScreen || !this.#shown.isLoaded) return;
    this.#soon = true;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        this.#soon = false;
        this.#draw();
        if (this.#following) this.#follow();
        this.#following = false;
      }),
    );
  }

  #draw(): void {
    const { film, frame } = this.#shown;
    const { count } = film.epochs;
    const [first, last] = visibleRows(count, this.element.scrollTop, this.element.clientHeight);
    const wanted = `${film.number}/${first}/${last}`;
    if (wanted !== this.#drawn) {
      this.#above.style.height = `${first * ROW}px`;
      this.#below.style.height = `${(count - last) * ROW}px`;
      while (this.#rows.length > last - first) this.#rows.pop()?.element.remove();
      while (this.#rows.length < last - first) this.#rows.push(this.#newRow());
      const whole = this.#rows.map((row, place) => this.#fill(row, first + place));
      this.#drawn = whole.every(Boolean) ? wanted : "";
    }
    for (const { element } of this.#rows) {
      element.classList.toggle("film-now", Number(element.dataset.frame) === frame);
    }
  }

  #newRow(): Row {
    const { columns } = this.#shown.film.table;
    const element = make("tr", { onclick: () => this.#shown.go(Number(element.dataset.frame)) });
    element.append(make("th", { scope: "row" }), ...columns.map(() => make("td")));
    this.#body.append(element);
    return { element, texts: [...element.children].map((cell) => cell.appendChild(new Text(""))) };
  }

  // Fills a row with the numbers of a frame; says whether they are here.
  #fill({ element, texts }: Row, frame: number): boolean {
    const part = this.#shown.partOf(frame);
    element.dataset.frame = String(frame);
    const numbers = this.#shown.film.table.columns.map(
      ({ symbol }) => part?.value("text", symbol, frame) ?? "…",
    );
    for (const [column, value] of [String(this.#shown.epoch(frame)), ...numbers].entries()) {
      const text = texts[column];
      if (text && text.data !== value) text.data = value;
    }
    return part !== null;
  }

  #follow(): void {
    const { element } = this;
    const top = this.#shown.frame * ROW;
    const hidden = top < element.scrollTop || top > element.scrollTop + element.clientHeight - 3 * ROW;
    if (hidden) element.scrollTop = top - element.clientHeight / 3;
  }
}
