// Whether the Python kernel answers. It is asked again and again while a person has changed something lately or waits for
// something; a page that is left alone asks nothing: a server may end kernels at which nothing happens.

export const LOOK = 2500; // ms between two looks
export const TOO_LONG = 4; // looks without an answer until it is said: 10 s
const LOOKS = 24; // looks after a person has changed something

export const SILENT =
  "The Python kernel does not answer: it is busy, has stopped, or the connection is cut. The pictures stay, and what you change is trained when it answers. " +
  "If this stays, reload the page; in a notebook, restart the kernel.";

// `ask`: asks the kernel, one question at a time; `looked` hears at each look whether an answer is missing, `told` when it
// has been missing for too long, and when it has come.
export interface Hooks {
  ask: () => void;
  looked: (waiting: boolean) => void;
  told: (silent: boolean) => void;
}

export class Watch {
  since = 0; // when the last question was asked
  readonly #hooks: Hooks;
  #timer: ReturnType<typeof setInterval> | undefined;
  #left = 0; // looks until the page counts as left alone
  #silence = 0; // looks since the question
  #waiting = false; // for its answer
  #silent = false; // as `told` knows

  constructor(hooks: Hooks) {
    this.#hooks = hooks;
  }

  // A person has changed something, or waits for something.
  begin(): void {
    this.#left = LOOKS;
    this.#timer ??= setInterval(() => this.#look(), LOOK);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  answered(): void {
    this.#waiting = false;
    this.#silence = 0;
    this.#tell();
  }

  #tell(): void {
    if (this.#silence >= TOO_LONG === this.#silent) return;
    this.#silent = !this.#silent;
    this.#hooks.told(this.#silent);
  }

  #look(): void {
    this.#left--;
    if (this.#waiting) this.#silence++;
    this.#hooks.looked(this.#waiting);
    this.#tell();
    if (this.#waiting && this.#silence % TOO_LONG !== 0) return;
    if (!this.#waiting && this.#left < 0) {
      this.end();
      return;
    }
    if (!this.#waiting) this.since = performance.now();
    this.#waiting = true;
    this.#hooks.ask();
  }
}
