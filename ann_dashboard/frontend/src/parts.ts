// The frames that are here: what each gid is in them, by channel.

import type { Part } from "./wire";
import { PART } from "./wire";

const KEPT = 12;

// One stretch of frames, read when it is asked for.
export class Frames {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly #channels: Part["channels"];
  readonly #read = new Map<string, string[]>();

  constructor({ first, step, count, channels }: Part) {
    this.first = first;
    this.step = step;
    this.count = count;
    this.#channels = channels;
  }

  has(frame: number): boolean {
    const place = (frame - this.first) / this.step;
    return Number.isInteger(place) && place >= 0 && place < this.count;
  }

  // The frame of these that is nearest to another one.
  nearest(frame: number): number {
    const place = Math.min(Math.round((frame - this.first) / this.step), this.count - 1);
    return this.has(frame) ? frame : this.first + place * this.step;
  }

  gids(channel: string): string[] {
    return Object.keys(this.#channels[channel] ?? {});
  }

  changes(channel: string, gid: string): boolean {
    return gid in (this.#channels[channel] ?? {});
  }

  value(channel: string, gid: string, frame: number): string {
    const key = channel + gid;
    let values = this.#read.get(key);
    if (!values) {
      values = spread(this.#channels[channel]?.[gid] ?? "");
      this.#read.set(key, values);
    }
    return values[Math.min(Math.floor((frame - this.first) / this.step), values.length - 1)] ?? "";
  }
}

// The values that are joined in a text: an empty one repeats the one before it.
function spread(joined: string): string[] {
  const values = joined.split("|");
  for (let place = 1; place < values.length; place++) values[place] ||= values[place - 1] ?? "";
  return values;
}

// What a film came with, an overview of a long one, and the parts that have been asked for since.
export class PartStore {
  readonly overview: Frames;
  readonly #parts: Frames[];
  readonly #ask: ((first: number) => void) | null;
  readonly #asked = new Map<number, number>(); // first frame of a part that is on its way -> when it was asked for

  constructor(overview: Part, further: Part[], ask: ((first: number) => void) | null) {
    this.overview = new Frames(overview);
    this.#parts = [this.overview, ...further.map((part) => new Frames(part))];
    this.#ask = ask;
  }

  // The part that holds a frame, or null; a part that is missing is asked for once.
  find(frame: number): Frames | null {
    const found = this.#parts.find((part) => part.has(frame)) ?? null;
    const first = frame - (frame % PART);
    if (!found && this.#ask && !this.#asked.has(first)) {
      this.#asked.set(first, performance.now());
      this.#ask(first);
    }
    return found;
  }

  take(part: Part): void {
    this.#asked.delete(part.first);
    this.#parts.splice(1, 0, new Frames(part));
    this.#parts.length = Math.min(this.#parts.length, KEPT);
  }

  // What was asked for before a time and is not here got lost: it may be asked for again. Says whether there is any.
  lose(since: number): boolean {
    return forget(this.#asked, since);
  }
}

// Forgets what was asked for before a time; says whether there is any.
export function forget(asked: Map<unknown, number>, since: number): boolean {
  const lost = [...asked].filter(([, when]) => when < since);
  for (const [key] of lost) asked.delete(key);
  return lost.length > 0;
}
