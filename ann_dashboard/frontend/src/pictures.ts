// The pictures: their stills, what changes in them, and what of the network's picture lies under the pointer.

import { CHANNELS, Change } from "./channels";
import { make } from "./elements";
import type { Groups } from "./gids";
import { type Line, nearest, widened } from "./lines";
import type { Film, Shown } from "./shown";

const MAIN = ["network", "curves"]; // the pictures of every film; others stand in a row below them

interface Picture {
  name: string;
  figure: HTMLElement;
  still: string;
  groups: Groups;
}

export class Pictures {
  readonly #shown: Shown;
  readonly #panels = make("div", { class: "film-panels" });
  readonly element = make("div", { class: "film-pictures" }, this.#panels);
  readonly #pictures = new Map<string, Picture>();
  #lines: Line[] = []; // of the network's picture
  #connections = new Set<string>(); // gids of the lines
  #changes: Change[] = [];

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  // The elements of the network's picture by gid; none before there is one.
  get groups(): Groups {
    return this.#pictures.get("network")?.groups ?? new Map();
  }

  // The figure of the network's picture.
  get network(): HTMLElement {
    const found = this.#pictures.get("network");
    if (!found) throw new Error("the film has no picture of the network");
    return found.figure;
  }

  load(film: Film): void {
    this.#changes = [];
    for (const [name, { figure }] of this.#pictures) {
      if (name in film.stills) continue;
      figure.remove();
      this.#pictures.delete(name);
    }
    let place = 0; // of the next panel
    for (const [name, svg] of Object.entries(film.stills)) {
      const picture = this.#pictureOf(name);
      if (!MAIN.includes(name)) this.#panelAt(place++, picture.figure);
      else if (!picture.figure.parentNode) this.element.insertBefore(picture.figure, this.#panels);
      if (picture.still !== svg) this.#draw(picture, svg, film);
      this.#fix(picture, film);
    }
  }

  #pictureOf(name: string): Picture {
    const found = this.#pictures.get(name);
    if (found) return found;
    const figure = make("figure", { "data-picture": name, role: "img", tabindex: 0 });
    const picture = { name, figure, still: "", groups: new Map() };
    this.#pictures.set(name, picture);
    return picture;
  }

  #panelAt(place: number, figure: HTMLElement): void {
    const there = this.#panels.children[place] ?? null;
    if (there !== figure) this.#panels.insertBefore(figure, there);
  }

  #draw(picture: Picture, svg: string, film: Film): void {
    const { name, figure } = picture;
    const [title, tooltip] = film.titles[name] ?? ["", ""];
    picture.still = svg;
    figure.innerHTML = title && `<figcaption title="${tooltip}">${title}</figcaption>`;
    figure.insertAdjacentHTML("beforeend", svg);
    const named = [...figure.querySelectorAll<SVGGraphicsElement>("[id]")];
    picture.groups = new Map(named.map((group) => [group.id.slice(name.length + 1), group]));
    if (name !== "network") return;
    const connections = film.table.readouts.filter(({ kind }) => kind === "connection");
    this.#connections = new Set(connections.map(({ gid }) => gid));
    this.#lines = widened(picture.groups, this.#connections);
  }

  // Sets what the training changes once, and finds what changes with the frame.
  #fix({ name, groups }: Picture, film: Film): void {
    for (const [channel, setter] of Object.entries(CHANNELS)) {
      for (const [gid, value] of Object.entries(film.fixed[name]?.[channel] ?? {})) {
        const group = groups.get(gid);
        if (group) setter(group)(value);
      }
      for (const gid of this.#shown.overview.gids(channel)) {
        const group = groups.get(gid);
        if (group) this.#changes.push(new Change(channel, gid, setter(group)));
      }
    }
  }

  apply(): void {
    for (const change of this.#changes) change.apply((channel, gid) => this.#shown.value(channel, gid));
    const { speech } = this.#shown.film;
    for (const { name, figure } of this.#pictures.values()) {
      figure.setAttribute("aria-label", this.#spoken(speech[name] ?? ""));
    }
  }

  // A description with its numbers.
  #spoken(template: string): string {
    const epoch = this.#shown.epoch(this.#shown.here.frame);
    return template.replace(/\{(\w+)\}/g, (_, symbol: string) =>
      symbol === "epoch" ? String(epoch) : this.#shown.value("text", symbol),
    );
  }

  // What the network's picture shows, in words.
  description(): string {
    return this.network.getAttribute("aria-label") ?? "";
  }

  // The gids of what an event hit in the network's picture, from the inside out.
  gidsAt({ target, clientX, clientY }: MouseEvent): string[] {
    const network = this.#pictures.get("network")?.figure;
    if (!(target instanceof Element) || !network?.contains(target)) return [];
    const gids: string[] = [];
    for (let named = target.closest("[id]"); named && network.contains(named) && named !== network; ) {
      gids.push(named.id.slice("network/".length));
      named = named.parentElement?.closest("[id]") ?? null;
    }
    const svg = network.querySelector("svg");
    const onLine = target.closest(".film-hit") !== null || gids.some((gid) => this.#connections.has(gid));
    return onLine && svg ? [nearest(this.#lines, svg, clientX, clientY)] : gids;
  }

  // Scrolls a network picture that is wider than its room until groups of it are in view, the last of them at any rate.
  bringIntoView(groups: Element[]): void {
    const figure = this.network;
    if (figure.scrollWidth <= figure.clientWidth) return;
    for (const group of groups.filter((one) => one.checkVisibility())) {
      const room = figure.getBoundingClientRect();
      const box = group.getBoundingClientRect();
      figure.scrollLeft += Math.min(0, box.left - room.left - 8) + Math.max(0, box.right - room.right + 8);
    }
  }
}
