// The table of one epoch: every quantity, its derivative, and what the source prints.

import { Change } from "./channels";
import { capital, make } from "./elements";
import type { Film, Shown } from "./shown";
import type { PrintedFigure, Table } from "./wire";

export class ValuesTable {
  readonly element = make("table", { class: "film-values" });
  readonly #shown: Shown;
  #shape = ""; // of the table that is written
  #changes: Change[] = [];
  #printed: Table["printed"] = {};
  #printedAt: number | null = null; // epoch whose printed figures stand there

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  load({ table, epochs }: Film): void {
    const shape = JSON.stringify([table.derivative, table.rows, epochs.counts]);
    if (this.#shape !== shape) this.#write(table, epochs.counts);
    this.#shape = shape;
    this.#printed = table.printed;
    this.#printedAt = null;
    const filmed = this.cells().filter(({ dataset: { value = "" } }) => this.#has(value));
    this.#changes = filmed.map((cell) => {
      const text = cell.firstChild as Text;
      const set = (value: string) => {
        text.data = value;
      };
      return new Change("text", cell.dataset.value ?? "", set, text.data);
    });
  }

  #has(gid: string): boolean {
    return gid === "epoch" || this.#shown.overview.changes("text", gid);
  }

  #write({ derivative, rows }: Table, counts: string): void {
    const caption = make("caption", {
      html: `${capital(counts)} <b data-value="epoch"></b>: every value`,
    });
    const heads = ["symbol", "value", derivative, "printed in the source"];
    const titles = heads.map((html) => make("th", { scope: "col", html }));
    const cell = (gid: string | null) => make("td", gid ? { "data-value": gid } : {});
    const lines = rows.map(({ symbol, html, derivative: its }) => {
      const printed = make("td", { class: "film-printed", "data-row": symbol });
      const head = make("th", { scope: "row", html });
      return make("tr", { "data-symbol": symbol }, head, cell(symbol), cell(its), printed);
    });
    this.element.replaceChildren(
      caption,
      make("thead", {}, make("tr", {}, ...titles)),
      make("tbody", {}, ...lines),
    );
    for (const one of this.cells()) one.append(document.createTextNode(""));
  }

  cells(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("[data-value]")];
  }

  rows(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("tbody tr")];
  }

  apply(): void {
    for (const change of this.#changes) change.apply((channel, gid) => this.#shown.value(channel, gid));
    this.#showPrinted(this.#shown.epoch(this.#shown.here.frame));
  }

  #showPrinted(epoch: number): void {
    const before = this.#printedAt;
    if (before === epoch) return;
    this.#printedAt = epoch;
    if (before !== null && !(before in this.#printed) && !(epoch in this.#printed)) return;
    for (const cell of this.element.querySelectorAll<HTMLElement>("[data-row]")) {
      const figures = this.#printed[epoch]?.[cell.dataset.row ?? ""] ?? [];
      cell.replaceChildren(...figures.map(told));
    }
  }
}

const told = ({ html, badge, why, note }: PrintedFigure): HTMLElement =>
  make("div", {
    html: `${html} <span class="film-badge" title="${why}">${badge}</span> <small>${note}</small>`,
  });
