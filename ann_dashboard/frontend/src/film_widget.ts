// The widget of a notebook (anywidget). Moving through the frames stays in the browser; the kernel hears where the user
// stopped.

import { SILENT, Watch } from "./alive";
import { Downloads } from "./downloads";
import { FilmView } from "./film";
import { listen, type Model, type Rendered } from "./model";
import type { Answer, Message, Reel, Request, Steps, Walked } from "./wire";

const TOUCHES = ["keydown", "input", "change", "pointerdown", "pointerup"]; // what a person does to a control

interface Values {
  pictures: string[];
  reel: Reel & { number: number };
  steps: Steps | Record<string, never>;
  walked: Walked | Record<string, never>;
  frame: number;
  layers: string[];
  stepping: boolean;
  message: Message;
  [still: `still_${string}`]: string;
}

class FilmWidget {
  readonly #model: Model<Values>;
  readonly #view: FilmView;
  readonly #files: Downloads;
  readonly #kernel: Watch;
  #agreed: number; // the frame that kernel and page were at last
  #loaded = 0; // number of the film that is here
  #words = ""; // about it
  #silent = false; // whether the kernel has not answered for too long

  constructor(model: Model<Values>, el: HTMLElement) {
    this.#model = model;
    this.#agreed = model.get("frame");
    this.#view = new FilmView(el, { ask: (request) => this.#send(request), saves: true });
    this.#files = new Downloads({
      send: (request) => this.#send(request),
      waits: (on) => this.#view.waits(on),
      say: (text) => {
        this.#words = text;
        this.#view.say(text); // also while the kernel does not answer
      },
    });
    this.#kernel = new Watch({
      ask: () => this.#send({ want: "alive" }),
      looked: (waiting) => {
        if (this.#files.some) this.#kernel.begin();
        this.#files.look(waiting);
      },
      told: (silent) => {
        this.#silent = silent;
        this.#tell();
      },
    });
    this.#connect();
    this.#open();
  }

  #send(request: Request): void {
    try {
      this.#model.send(request);
    } catch {
      // the kernel is dead: it does not answer
    }
  }

  #connect(): void {
    const [model, view] = [this.#model, this.#view];
    view.files.wants.on((format) => this.#files.ask({ want: "file", format, ...view.place }));
    view.files.stops.on(() => this.#files.stop());
    view.rested.on((frame) => {
      this.#agreed = frame;
      model.set("frame", frame);
      model.save_changes();
    });
    view.chose.on((layers) => {
      model.set("layers", layers);
      model.save_changes();
    });
    view.stepped.on((on) => {
      model.set("stepping", on);
      model.save_changes();
    });
  }

  #open(): void {
    const [model, view] = [this.#model, this.#view];
    view.layers(model.get("layers"));
    this.#load();
    view.step(model.get("stepping"));
    view.go(model.get("frame"));
  }

  #tell(): void {
    this.#view.say(this.#silent ? SILENT : this.#words);
  }

  // Words are about a film: those of one that has not come are not said over the pictures of another.
  #hear(): void {
    const { film, text } = this.#model.get("message");
    if (film <= this.#loaded) this.#words = text;
    this.#tell();
  }

  #load(): void {
    const model = this.#model;
    const reel = model.get("reel");
    const stills = model.get("pictures").map((name) => [name, model.get(`still_${name}`)]);
    this.#loaded = reel.number;
    this.#view.load({ ...reel, stills: Object.fromEntries(stills), ...this.#steps() });
    this.#follow();
    this.#hear();
  }

  // The steps inside the epoch, where they are those of the film that is here.
  #steps(): { steps: Steps; walked: Walked } | undefined {
    const walked = this.#model.get("walked");
    if (walked.film !== this.#loaded) return undefined;
    return { steps: this.#model.get("steps") as Steps, walked: walked as Walked };
  }

  #walk(): void {
    const found = this.#steps();
    if (found) this.#view.walk(found.steps, found.walked);
  }

  // A frame belongs to the film that comes with it, whichever of the two is told first.
  #follow(): void {
    const frame = this.#model.get("frame");
    if (this.#model.get("reel").number !== this.#loaded || frame === this.#agreed) return;
    this.#agreed = frame;
    this.#view.go(frame);
  }

  #answer(answer: Answer, buffers: DataView[]): void {
    this.#kernel.answered();
    if (answer.kind === "file") this.#files.take(answer, buffers);
    else if (answer.kind === "alive") this.#view.lose(this.#kernel.since);
    else if (answer.film !== this.#model.get("reel").number) return;
    else if (answer.kind === "part") this.#view.receive(answer.part);
    else this.#view.told(answer);
  }

  // Hears the model and the page; gives what ends it.
  begin(el: HTMLElement): () => void {
    const silence = listen(this.#model, {
      "change:reel": () => this.#load(),
      "change:walked": () => this.#walk(),
      "change:frame": () => this.#follow(),
      "change:layers": () => this.#view.layers(this.#model.get("layers")),
      "change:stepping": () => this.#view.step(this.#model.get("stepping")),
      "change:message": () => {
        this.#kernel.answered();
        this.#hear();
      },
      "msg:custom": (answer: Answer, buffers) => this.#answer(answer, buffers),
    });
    // A hand on any control of the dashboard may ask the kernel for something.
    const touched = ({ target }: Event) => {
      if ((el.closest(".ann-dashboard") ?? el).contains(target as Node)) this.#kernel.begin();
    };
    for (const event of TOUCHES) document.addEventListener(event, touched, true);
    const leave = () => {
      this.#kernel.end();
      this.#view.leave();
    };
    addEventListener("beforeunload", leave); // the page gives its kernel up: nobody is left to be told of frames
    return () => {
      this.#kernel.end();
      removeEventListener("beforeunload", leave);
      for (const event of TOUCHES) document.removeEventListener(event, touched, true);
      silence();
    };
  }
}

export { FilmView };
export default {
  render({ model, el }: Rendered<Values>): () => void {
    return new FilmWidget(model, el).begin(el);
  },
};
