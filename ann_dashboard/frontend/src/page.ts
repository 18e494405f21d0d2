// A page of its own: the films that it holds, a chooser where there are several, the state in its address, and the CSV.

import { asked, query, type State, type Wanted } from "./address";
import { copyText } from "./clipboard";
import { csvText } from "./csv";
import { save } from "./downloads";
import { make } from "./elements";
import { FilmView } from "./film";
import type { PageContent, PageReel, PageTraining } from "./wire";

function find<Found extends Element>(selector: string): Found {
  const found = document.querySelector<Found>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

class OwnPage {
  readonly #content: PageContent;
  readonly #chooser = find<HTMLSelectElement>("#training");
  readonly #film = new FilmView(find("main"), { ask: null, saves: true });
  readonly #plain: State; // as the page opens

  constructor(content: PageContent) {
    this.#content = content;
    this.#plain = { training: 1, ...content.opens };
    for (const [number, { label }] of content.trainings.entries()) {
      this.#chooser.append(make("option", { value: number }, label));
    }
    const label = this.#chooser.closest("label");
    if (label) label.hidden = content.trainings.length === 1;
    this.#connect();
  }

  #connect(): void {
    const film = this.#film;
    film.files.wants.on(() => {
      const { record } = this.#training(Number(this.#chooser.value));
      save(record.name, "text/csv", [csvText(record)]);
    });
    for (const change of [film.rested, film.chose, film.stepped]) change.on(() => this.#keep());
    this.#chooser.addEventListener("change", () => {
      this.#show(Number(this.#chooser.value));
      this.#keep();
    });
    find("#link").addEventListener("click", () => {
      copyText(this.#keep(), (said) => {
        find("#copied").textContent = said;
      });
    });
  }

  #training(number: number): PageTraining {
    const found = this.#content.trainings[number];
    if (!found) throw new Error(`the page has no training ${number}`);
    return found;
  }

  #reel(number: number): PageReel {
    return { ...this.#content.shared, ...this.#training(number).reel } as unknown as PageReel;
  }

  #show(number: number): void {
    const { stills, about } = this.#training(number);
    const named = Object.entries(stills).map(([name, place]) => [name, this.#content.stills[place]]);
    this.#chooser.value = String(number);
    find("#about").textContent = about;
    this.#film.load({ ...this.#reel(number), stills: Object.fromEntries(named), number });
  }

  // Lets the address follow what is shown, so that a reload and a copied link open it again.
  #keep(): string {
    const now = { training: Number(this.#chooser.value) + 1, ...this.#film.shown() };
    const told = query(now, this.#plain);
    const address = `${location.href.split(/[?#]/)[0]}${told && `?${told}`}${location.hash}`;
    try {
      history.replaceState(null, "", address);
    } catch {
      // inside another page, as in JupyterLab's viewer, it has no address of its own to change
    }
    return address;
  }

  // Shows the state that the address asks for, and says what of it was ignored.
  open(asks: string): void {
    const { opens, trainings } = this.#content;
    const there = { trainings: trainings.length, layers: Object.keys(this.#reel(0).layers) };
    const [wanted, ignored] = asked(asks, there);
    this.#film.layers(wanted.show ?? [...opens.show]);
    this.#show((wanted.training ?? 1) - 1);
    const { last, counts } = this.#reel(Number(this.#chooser.value)).epochs;
    if (isBehind(wanted, last)) ignored.push(`epoch=${wanted.epoch} (the last ${counts} is ${last})`);
    this.#film.goTo(wanted.epoch ?? opens.epoch);
    this.#film.step(wanted.steps ?? opens.steps);
    const said = ignored.length ? [`Of the page's address was ignored: ${ignored.join("; ")}.`] : [];
    const { epoch } = this.#film.shown();
    if (wanted.epoch !== undefined && !isBehind(wanted, last) && wanted.epoch !== epoch) {
      said.push(`The address asks for ${counts} ${wanted.epoch}, which is not recorded: ${epoch} is shown.`);
    }
    this.#film.say(said.join(" "));
  }
}

const isBehind = ({ epoch = 0 }: Wanted, last: number): boolean => epoch > last;

new OwnPage(JSON.parse(find("#page").textContent ?? "")).open(location.search);
