// The readout: all numbers of one node or connection, the one under the pointer or else the one that was chosen.

import { make } from "./elements";
import { lineGids, numberGids } from "./gids";
import type { Pictures } from "./pictures";
import type { Film, Shown } from "./shown";
import { Signal } from "./signal";
import type { Readout as Thing } from "./wire";

const TITLE = "Read the numbers of a node or connection";
const GROUPS = { node: "Nodes", connection: "Connections" };

export class Readout {
  readonly told = new Signal(); // other numbers have come
  readonly #shown: Shown;
  readonly #pictures: Pictures;
  readonly #which = make("select", { title: TITLE, "aria-label": TITLE });
  readonly #read = make("span", { class: "film-read-numbers" });
  readonly #announced = make("span", { class: "film-announced", "aria-live": "polite" });
  readonly element = make(
    "div",
    { class: "film-readout" },
    make("label", {}, "Read ", this.#which),
    this.#read,
    this.#announced,
  );
  #things = new Map<string, Thing>(); // by each gid of its numbers
  #opening = new Set<string>(); // gids that open the steps
  #chosen = ""; // gid of the one that was clicked or selected
  #pointed = ""; // gid of the one under the pointer
  #told: Thing | null = null; // the thing whose numbers are told
  #names = ""; // of all that can be chosen

  constructor(shown: Shown, pictures: Pictures) {
    this.#shown = shown;
    this.#pictures = pictures;
    this.#which.addEventListener("change", () => this.choose(this.#which.value));
  }

  load({ table: { readouts } }: Film): void {
    this.#things = new Map();
    this.#opening = new Set();
    for (const thing of readouts) this.#learn(thing);
    if (!readouts.some(({ gid }) => gid === this.#chosen)) this.#chosen = "";
    this.#pointed = "";
    this.#told = null;
    this.#list(readouts);
  }

  #learn(thing: Thing): void {
    for (const { symbol, opens } of thing.numbers) {
      const [own = symbol, ...further] = [...numberGids(symbol), ...lineGids(symbol)];
      for (const gid of [own, ...further]) this.#things.set(gid, thing);
      for (const gid of opens ? [own, ...further] : further) this.#opening.add(gid);
    }
  }

  #list(readouts: Thing[]): void {
    const names = readouts.map(({ plain }) => plain).join();
    if (this.#names === names) return; // a person may be choosing
    this.#names = names;
    this.#which.replaceChildren(make("option", { value: "" }, "node or connection …"));
    for (const [kind, label] of Object.entries(GROUPS)) {
      const things = readouts.filter((thing) => thing.kind === kind);
      const options = things.map(({ gid, plain }) => make("option", { value: gid }, plain));
      this.#which.append(make("optgroup", { label }, ...options));
    }
  }

  // The gid of the node or connection that the first of some gids belongs to, or "".
  thingAt(gids: string[]): string {
    return gids.map((gid) => this.#things.get(gid)?.gid).find(Boolean) ?? "";
  }

  // The first of some gids that opens the steps.
  openingAt(gids: string[]): string | undefined {
    return gids.find((gid) => this.#opening.has(gid));
  }

  point(gid: string): void {
    if (gid === this.#pointed) return;
    this.#pointed = gid;
    this.tell();
  }

  // Keeps a node or connection, and says its numbers once; a pointer that passes says nothing.
  choose(gid: string): void {
    this.#chosen = gid;
    this.tell();
    const spoken = new Map((this.#told?.numbers ?? []).map(({ symbol, spoken }) => [symbol, spoken]));
    const said = this.#numbers()
      .filter(({ style }) => style.visibility !== "hidden")
      .map((number) => `${spoken.get(number.dataset.value ?? "")} ${number.textContent}`);
    const name = this.#which.selectedOptions[0]?.textContent;
    this.#announced.textContent = gid && `${name}: ${said.join(", ")}`;
  }

  // Tells the numbers of what is under the pointer, else of what was chosen; with nothing to tell, how to be told.
  tell(): void {
    const { table, showing } = this.#shown.film;
    const thing = table.readouts.find(({ gid }) => gid === (this.#pointed || this.#chosen)) ?? null;
    this.#which.value = this.#chosen;
    const reading = showing.layers === "in turns" && thing !== null && thing.gid === this.#chosen;
    this.#pictures.network.classList.toggle("film-reading", reading);
    if (thing && thing === this.#told) return;
    this.#mark(thing, table.readouts);
    this.#told = thing;
    this.#read.className = thing ? "film-read-numbers" : "film-hint";
    if (!thing) {
      this.#read.textContent = showing.hint;
      return;
    }
    const numbers = thing.numbers.map(({ symbol, html }) =>
      make("span", { html: `${html} = ` }, make("b", { "data-value": symbol }, "")),
    );
    this.#read.replaceChildren(make("span", { html: thing.html }), ...numbers);
    this.write();
    this.told.emit();
  }

  // Marks the numbers of a thing in the network's picture, and the connections that it is near to.
  #mark(thing: Thing | null, readouts: Thing[]): void {
    const lit = new Set(thing ? [thing.gid, ...thing.numbers.map(({ symbol }) => `box:${symbol}`)] : []);
    const near = readouts.filter((one) => thing && one.kind === "connection" && isNear(one, thing));
    const lines = new Set(near.flatMap(({ symbol }) => lineGids(symbol)));
    for (const [gid, group] of this.#pictures.groups) {
      group.classList.toggle("film-read", lit.has(gid));
      group.classList.toggle("film-near", lines.has(gid));
    }
  }

  #numbers(): HTMLElement[] {
    return [...this.#read.querySelectorAll<HTMLElement>("[data-value]")];
  }

  write(): void {
    if (!this.#told) return;
    for (const number of this.#numbers()) {
      number.textContent = this.#shown.value("text", number.dataset.value ?? "");
    }
  }
}

const isNear = (connection: Thing, thing: Thing): boolean =>
  connection.gid === thing.gid || connection.ends.includes(thing.gid);
