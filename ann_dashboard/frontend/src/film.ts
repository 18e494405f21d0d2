// Shows a film: pictures (SVG) and, at each frame, the texts, offsets, widths and dashes of what changes in them.
// Everything is decided and formatted in Python (film/film.py); nothing here computes a number of the training.
// What a person does goes to `Shown`, and from there to the views, in this order and no other way round.

import { textButton } from "./elements";
import { FileBar } from "./file_bar";
import { HistoryTable } from "./history_table";
import { Layers } from "./layers";
import { Pictures } from "./pictures";
import { Player } from "./player";
import { Pointing } from "./pointing";
import { Readout } from "./readout";
import { type Asked, type Film, Shown } from "./shown";
import { Signal } from "./signal";
import { Stage } from "./stage";
import { StepPlayer } from "./step_player";
import { ValuesTable } from "./values_table";
import type { Part, StepAnswer, Steps, StretchAnswer, Walked } from "./wire";

const REST = 250; // ms without a move after which a person has stopped on a frame

// `ask`: asks Python, null where there is nobody to ask; `saves`: whether somebody listens to `wants` and can save the CSV.
export interface Settings {
  ask: ((request: Asked) => void) | null;
  saves: boolean;
}

export class FilmView {
  readonly rested = new Signal<number>(); // the frame that the user stopped on
  readonly chose: Signal<string[]>; // layers of the network's picture
  readonly stepped = new Signal<boolean>(); // whether the steps are open
  readonly files: FileBar; // asks for files
  readonly #shown: Shown;
  readonly #layers: Layers;
  readonly #pictures: Pictures;
  readonly #readout: Readout;
  readonly #values: ValuesTable;
  readonly #history: HistoryTable;
  readonly #steps: StepPlayer;
  readonly #pointing: Pointing;
  readonly #player: Player;
  readonly #stage: Stage;
  readonly #inside = textButton(
    "Step inside",
    "Walk through the steps inside an epoch",
    () => this.step(!this.#steps.isOn),
    {
      class: "film-inside",
      "aria-pressed": "false",
    },
  );
  #restTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, { ask, saves }: Settings) {
    this.#shown = new Shown(ask);
    this.#pictures = new Pictures(this.#shown);
    this.#layers = new Layers(() => this.#pictures.groups);
    this.chose = this.#layers.chose;
    this.#readout = new Readout(this.#shown, this.#pictures);
    this.#values = new ValuesTable(this.#shown);
    this.#history = new HistoryTable(this.#shown);
    this.files = new FileBar({ saves, makes: ask !== null });
    this.#player = new Player(this.#shown, this.#layers.element, this.#inside);
    this.#stage = this.#laidOut();
    this.#steps = new StepPlayer(this.#shown, {
      groups: () => this.#pictures.groups,
      rows: () => this.#values.rows(),
      cells: () => [
        ...this.#stage.element.querySelectorAll<HTMLElement>(
          "tbody [data-value], .film-readout [data-value]",
        ),
      ],
    });
    this.#pictures.element.append(this.#steps.card.element);
    this.#pointing = new Pointing(this.#shown, this.#pictures, this.#readout, this.#steps);
    root.append(this.#stage.element);
    this.#connect();
    this.#listen();
  }

  #laidOut(): Stage {
    return new Stage(
      {
        bar: this.#player.element,
        pictures: this.#pictures.element,
        readout: this.#readout.element,
        values: this.#values.element,
        history: this.#history.element,
        files: this.files,
      },
      () => this.#pictures.description(),
      (said) => this.#player.tell(said),
    );
  }

  // What follows from what.
  #connect(): void {
    const shown = this.#shown;
    shown.moved.on(() => this.#apply());
    shown.went.on(() => {
      clearTimeout(this.#restTimer);
      this.#restTimer = setTimeout(() => this.rested.emit(shown.frame), REST);
    });
    this.#steps.reached.on(({ moves, symbol }) => this.#layers.takeTurn(moves || symbol));
    this.#steps.lit.on((groups) => this.#pictures.bringIntoView(groups));
    this.#readout.told.on(() => this.#steps.show()); // what is not computed yet stays hidden
    this.#pointing.opens.on(() => this.step(true));
  }

  #listen(): void {
    const shown = this.#shown;
    this.#stage.listen({
      step: (by) => {
        if (this.#steps.isOn) this.#steps.move(by);
        return this.#steps.isOn;
      },
      go: (to) => shown.go(to),
      play: () => this.#player.play.play(this.#player.play.way ? 0 : 1),
      frame: () => shown.frame,
      lastFrame: () => shown.lastFrame,
    });
  }

  // Draws the frame in every view; while its part is on its way, the nearest of the overview under its own epoch.
  #apply(): void {
    this.#pictures.apply();
    this.#stage.apply(this.#shown.film.number, this.#shown.epoch(this.#shown.here.frame));
    this.#player.apply();
    this.#values.apply();
    this.#history.apply();
    this.#readout.write();
    this.#steps.show();
  }

  // A new film; the epoch stays where it was, as far as there is one.
  load(film: Film): void {
    this.#steps.load(this.#shown.load(film));
    this.#player.load(film);
    this.#stage.load(film);
    this.#pictures.load(film);
    this.#layers.load(film);
    this.#readout.load(film);
    this.#values.load(film);
    this.#history.load(film);
    this.#layers.show();
    this.#shown.draw();
    this.#readout.tell();
    this.#pointing.takeWanted();
  }

  // The steps of the film that is here.
  walk(steps: Steps, walked: Walked): void {
    this.#steps.load(this.#shown.walk(steps, walked));
    this.#steps.show();
    this.#pointing.takeWanted();
  }

  // Opens or closes the steps.
  step(on: boolean): void {
    this.#stage.steps(on);
    this.#inside.setAttribute("aria-pressed", String(on));
    if (on === this.#steps.isOn) return;
    this.#steps.turn(on);
    if (!on) this.#layers.takeTurn("");
    this.stepped.emit(on);
    this.#shown.draw();
  }

  told(answer: StretchAnswer | StepAnswer): void {
    if (answer.kind !== "stretch") {
      this.#steps.told(answer);
      return;
    }
    this.#shown.takeStretch(answer.stretch);
    this.#steps.take(answer.stretch);
  }

  receive(part: Part): void {
    this.#shown.receive(part);
  }

  // A question that was asked at a time has been answered: what was asked for before it and is not here got lost.
  lose(since: number): void {
    if (!this.#shown.lose(since)) return;
    this.#history.refresh();
    this.#shown.draw();
  }

  layers(names: string[]): void {
    this.#layers.choose(names);
  }

  go(frame: number): void {
    this.#shown.go(frame);
  }

  goTo(epoch: number): void {
    this.#shown.goTo(epoch);
  }

  // The state that is shown, as an address tells it.
  shown(): { epoch: number; show: string[]; steps: boolean } {
    return { epoch: this.#shown.epoch(), show: this.#layers.chosen(), steps: this.#steps.isOn };
  }

  // The number of the film and the frame that a file is asked for.
  get place(): { film: number; frame: number } {
    return { film: this.#shown.film.number, frame: this.#shown.frame };
  }

  say(text: string): void {
    this.#player.say(text);
  }

  waits(on: boolean): void {
    this.files.waits(on);
  }

  // The page is about to be left.
  leave(): void {
    this.#player.play.play(0);
    clearTimeout(this.#restTimer);
  }
}
