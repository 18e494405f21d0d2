// What Python wrote of one small film (tests/tools/make_fixture.py), and a picture and a model to show it with.

import json from "../../../tests/frontend/fixture.json";
import type { Film } from "../src/shown";
import type { Epochs, FilmRecord, Part, Reel, Step, Steps, Stretch, Walked } from "../src/wire";

interface Fixture {
  reel: Reel & { number: number };
  steps: Steps;
  outline: Step[];
  walked: Walked;
  stretch: Stretch;
  part: Part;
  texts: Record<string, string[]>;
  stepTexts: Record<string, string[]>;
  places: Record<string, string>;
  stripped: Record<string, { row: string; plain: string }>;
  epochs: { epochs: Epochs; at: number[]; nearest: number[] }[];
  floats: string[];
  record: FilmRecord;
  csv: string;
}
export const fixture = json as unknown as Fixture;

// A picture with an element for each gid.
function still(name: string, gids: string[]): string {
  const group = (gid: string) => `<g id="${name}/${gid}"><text>?</text><path d="M 0 0 L 9 9"/></g>`;
  return `<svg viewBox="0 0 9 9">${gids.map(group).join("")}</svg>`;
}

export function film(number = 1): Film {
  const { reel, steps, walked } = fixture;
  const gids = new Set(Object.values(reel.part.channels).flatMap((channel) => Object.keys(channel)));
  for (const { gid, numbers } of reel.table.readouts) {
    gids.add(gid);
    for (const { symbol } of numbers) gids.add(`box:${symbol}`);
  }
  const stills = { network: still("network", [...gids]), curves: still("curves", []) };
  return { ...reel, stills, number, steps, walked };
}

type Listener = (content: unknown, buffers: DataView[]) => void;

// A widget's model that keeps what is sent, and says what comes.
export class FakeModel {
  readonly sent: unknown[] = [];
  readonly #values: Record<string, unknown>;
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(values: Record<string, unknown>) {
    this.#values = values;
  }

  get(name: string): unknown {
    return this.#values[name];
  }

  set(name: string, value: unknown): void {
    this.#values[name] = value;
    this.emit(`change:${name}`);
  }

  save_changes(): void {}

  send(content: unknown): void {
    this.sent.push(content);
  }

  on(event: string, listener: Listener): void {
    this.#listeners.set(event, (this.#listeners.get(event) ?? new Set()).add(listener));
  }

  off(event: string, listener: Listener): void {
    this.#listeners.get(event)?.delete(listener);
  }

  emit(event: string, content?: unknown, buffers: DataView[] = []): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(content, buffers);
  }

  get listeners(): number {
    return [...this.#listeners.values()].reduce((sum, some) => sum + some.size, 0);
  }
}

// The one element that a selector finds.
export function one<Found extends Element = HTMLElement>(root: ParentNode, selector: string): Found {
  const found = root.querySelectorAll<Found>(selector);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} elements are ${selector}`);
  return found[0];
}
