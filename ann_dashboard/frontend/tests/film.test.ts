// The film in a page without a layout: what a person does, and what stands there then.

import { beforeEach, describe, expect, test, vi } from "vitest";
import { FilmView } from "../src/film";
import type { Asked } from "../src/shown";
import { film, fixture, one } from "./fixture";

let root: HTMLElement;
let wants: Asked[];
let view: FilmView;

beforeEach(() => {
  document.body.replaceChildren();
  root = document.body.appendChild(document.createElement("main"));
  wants = [];
  view = new FilmView(root, { ask: (request) => wants.push(request), saves: true });
  view.layers(["weights", "forward", "backward"]);
  view.load(film());
});

const press = (selector: string) => one(root, selector).click();
const button = (name: string) => press(`button[aria-label="${name}"], button[title="${name}"]`);
const drawn = (gid: string) => one(root, `[id="network/${gid}"] text`).textContent;
const cell = (gid: string) => one(root, `.film-values [data-value="${gid}"]`).textContent;
const group = (gid: string) => one<SVGGraphicsElement>(root, `[id="network/${gid}"]`);

test.each([0, 1, 5, 6])("frame %i shows its numbers in the picture and in the table", (frame) => {
  view.go(frame);
  expect(one(root, ".film").dataset.epoch).toBe(String(frame));
  for (const symbol of ["H3", "lambda_1_3", "b_5", "dL_db_5"]) {
    expect(drawn(symbol)).toBe(fixture.texts[symbol]?.[frame]);
    expect(cell(symbol)).toBe(fixture.texts[symbol]?.[frame]);
  }
});

test("the buttons and keys move through the epochs and stop at the ends", () => {
  const at = () => one(root, ".film").dataset.epoch;
  button("Next epoch");
  expect(at()).toBe("1");
  button("Last epoch");
  button("Next epoch");
  expect(at()).toBe("6");
  button("Previous epoch");
  expect(at()).toBe("5");
  one(root, ".film").dispatchEvent(new KeyboardEvent("keydown", { key: "Home", bubbles: true }));
  expect(at()).toBe("0");
});

test("where a person stops is told once they have stopped", () => {
  vi.useFakeTimers();
  const rested = vi.fn();
  view.rested.on(rested);
  view.go(2);
  view.go(3);
  expect(rested).not.toHaveBeenCalled();
  vi.advanceTimersByTime(250);
  expect(rested.mock.calls).toEqual([[3]]);
  vi.useRealTimers();
});

test("a typed epoch that is none is refused, and the message before comes back", () => {
  view.say("Something else.");
  const box = one<HTMLInputElement>(root, ".film-epoch input");
  const enter = (text: string) => {
    box.value = text;
    box.dispatchEvent(new Event("change"));
  };
  enter("4.5");
  expect(one(root, ".film-message").textContent).toBe('Epoch is "4.5": give a whole number from 0 to 6.');
  enter("4");
  expect(one(root, ".film-message").textContent).toBe("Something else.");
  expect(one(root, ".film").dataset.epoch).toBe("4");
});

test("another film keeps the epoch, as far as there is one", () => {
  view.go(5);
  view.load(film(2));
  expect(view.shown().epoch).toBe(5);
  expect(view.place).toEqual({ film: 2, frame: 5 });
});

test("a layer that is not chosen is hidden and told", () => {
  const chose = vi.fn();
  view.chose.on(chose);
  press('input[name="forward"]');
  expect(chose.mock.calls).toEqual([[["weights", "backward"]]]);
  expect(group("H3").style.display).toBe("none");
  expect(group("lambda_1_3").style.display).toBe("");
});

test("a node that is chosen tells its numbers and marks its connections", () => {
  const which = one<HTMLSelectElement>(root, ".film-readout select");
  which.value = "node:H3";
  which.dispatchEvent(new Event("change"));
  const numbers = [...root.querySelectorAll<HTMLElement>(".film-readout [data-value]")];
  expect(numbers.map(({ dataset }) => dataset.value)).toContain("H3in");
  for (const number of numbers) {
    expect(number.textContent).toBe(fixture.texts[number.dataset.value ?? ""]?.[0]);
  }
  expect(group("connection:lambda_1_3").classList.contains("film-near")).toBe(true);
  expect(group("connection:lambda_1_4").classList.contains("film-near")).toBe(false);
  expect(one(root, ".film-announced").textContent).toContain("H3");
});

describe("the steps", () => {
  const where = () => one(root, ".film-where").textContent;
  const last = fixture.outline.length;

  beforeEach(() => view.step(true));

  test("go forwards over the border of the epoch and back", () => {
    expect(where()).toContain(`Step 1 of ${last}`);
    button("Last step of the epoch");
    expect(where()).toContain(`Step ${last} of ${last}`);
    button("Next step (arrow down)");
    expect([where(), view.shown().epoch]).toEqual([expect.stringContaining("Step 1 of"), 1]);
    button("Previous step (arrow up)");
    expect([where(), view.shown().epoch]).toEqual([expect.stringContaining(`Step ${last} of`), 0]);
  });

  test("hide the numbers of the steps that come", () => {
    expect(group("H3in").style.visibility).toBe("hidden");
    button("Next block");
    expect(group("H3in").style.visibility).toBe("");
    view.step(false);
    expect(group("dL_db_5").style.visibility).toBe("");
  });

  test("show each number in the equation", () => {
    const list = one<HTMLSelectElement>(root, ".film-steps select");
    list.value = "H3in";
    list.dispatchEvent(new Event("change"));
    expect(one(root, ".film-result b").textContent).toBe(fixture.texts.H3in?.[0]);
    expect(one(root, ".film-equation").textContent).toContain(fixture.texts.b_3?.[0]);
    expect(group("connection:lambda_1_3").classList.contains("film-lit")).toBe(true);
    expect(one(root, '.film-values tr[data-symbol="H3in"]').classList.contains("film-now")).toBe(true);
  });

  test("ask what went wrong in a prediction, and say the hint", () => {
    const list = one<HTMLSelectElement>(root, ".film-steps select");
    list.value = "H3in";
    list.dispatchEvent(new Event("change"));
    press(".film-steps input[type=checkbox]");
    expect(one(root, ".film-result b").textContent).toBe("?");
    const answer = one<HTMLInputElement>(root, ".film-asking input");
    answer.value = "99.5";
    one(root, ".film-asking").dispatchEvent(new Event("submit", { cancelable: true }));
    const question = { want: "diagnosis", film: 1, frame: 0, symbol: "H3in", answer: 99.5, unit: 0.1 };
    expect(wants.at(-1)).toEqual(question);
    view.told({ kind: "diagnosis", film: 1, frame: 0, symbol: "H3in", hint: "Think." });
    expect(one(root, ".film-verdict").textContent).toBe("Think.");
    answer.value = fixture.texts.H3in?.[0] ?? "";
    one(root, ".film-asking").dispatchEvent(new Event("submit", { cancelable: true }));
    expect(one(root, ".film-result b").textContent).toBe(fixture.texts.H3in?.[0]);
  });

  test("that are in outline are described by a stretch that is asked for", () => {
    const walked = { ...fixture.walked, stretches: [] };
    view.walk({ identity: "", list: fixture.outline }, walked);
    expect(one(root, ".film-result b").textContent).toBe(fixture.texts.I1?.[0]);
    expect(wants).toEqual([{ want: "stretch", film: 1, frame: 0, step: 0, described: false }]);
    view.lose(performance.now() + 1);
    expect(wants.length).toBe(2);
    view.told({ kind: "stretch", film: 1, frame: 0, stretch: fixture.stretch });
    expect(one(root, ".film-equation").textContent).not.toContain("…");
  });
});
