// The files that a view has asked for, until they are saved: another view saves none of them.

import { TOO_LONG } from "./alive";
import { make, unique } from "./elements";
import type { FileAnswer, FileWanted, MoreWanted, StopWanted } from "./wire";

const LOST = 24; // looks without a piece of a file until it is given up: 1 min
const REVOKED = 60_000; // ms after which the browser has surely taken a saved file

type Send = (request: FileWanted | MoreWanted | StopWanted) => void;

interface Underway {
  asked: FileWanted;
  name: string;
  type: string;
  pieces: BlobPart[];
  size: number; // bytes of the pieces
  looks: number; // since the last of them
}

export function save(name: string, type: string, pieces: BlobPart[]): void {
  const link = make("a", { href: URL.createObjectURL(new Blob(pieces, { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKED);
}

// `waits` hears whether files are on their way, `say` why one has ended before it was whole.
export interface Hooks {
  send: Send;
  waits: (on: boolean) => void;
  say: (text: string) => void;
}

export class Downloads {
  readonly #hooks: Hooks;
  readonly #files = new Map<string, Underway>(); // by request

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  get some(): boolean {
    return this.#files.size > 0;
  }

  ask(wanted: Omit<FileWanted, "request">): void {
    const asked = { ...wanted, request: unique() };
    this.#files.set(asked.request, { asked, name: "", type: "", pieces: [], size: 0, looks: 0 });
    this.#hooks.waits(true);
    this.#hooks.send(asked);
  }

  // A piece, the end, or that it is still being made. A piece that was asked for twice, after a cut, may come twice.
  take(answer: FileAnswer, buffers: DataView[]): void {
    const { request, more, making, at, size } = answer;
    const file = this.#files.get(request);
    if (!file) return;
    file.looks = 0;
    const [piece] = buffers;
    if (more && piece && at === file.size) {
      Object.assign(file, { name: answer.name, type: answer.type, size: file.size + piece.byteLength });
      file.pieces.push(piece as DataView<ArrayBuffer>);
      this.#more(file);
    } else if (!more && !making) {
      this.#end(request);
      if (size === file.size) save(file.name, file.type, file.pieces); // else the message says why there is none
    }
  }

  // Asks again for what has not come, as soon as the kernel answers; what has not come for long is given up.
  look(waiting: boolean): void {
    for (const [request, file] of this.#files) {
      file.looks++;
      if (file.looks >= LOST) this.#giveUp(request, file);
      else if (!waiting && file.looks % TOO_LONG === 0) this.#more(file);
    }
  }

  stop(): void {
    for (const request of [...this.#files.keys()]) {
      this.#hooks.send({ want: "stop", request });
      this.#end(request);
    }
  }

  #more({ asked, size }: Underway): void {
    this.#hooks.send(size ? { want: "more", request: asked.request, have: size } : asked);
  }

  #end(request: string): void {
    this.#files.delete(request);
    this.#hooks.waits(this.some);
  }

  #giveUp(request: string, { name, size }: Underway): void {
    this.#hooks.send({ want: "stop", request });
    this.#end(request);
    const far = size ? `${name} was cut off at ${(size / 1e6).toFixed(0)} MB` : "The export was cut off";
    const why = "the Python kernel has not gone on with it for a minute";
    this.#hooks.say(`${far}: ${why}. Nothing of it is saved; ask for it again when the kernel answers.`);
  }
}
