// The widgets against a model that keeps what is sent.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SILENT } from "../src/alive";
import filmWidget from "../src/film_widget";
import link from "../src/link";
import type { Rendered } from "../src/model";
import number from "../src/number";
import table from "../src/table";
import { FakeModel, film, one } from "./fixture";

let el: HTMLElement;
let end: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  document.body.replaceChildren();
  el = document.body.appendChild(document.createElement("div"));
});
afterEach(() => {
  end();
  vi.useRealTimers();
});

// Renders a widget with these values.
function rendered<Values extends object>(
  widget: { render: (given: Rendered<Values>) => () => void },
  values: Record<string, unknown>,
): FakeModel {
  const model = new FakeModel(values);
  end = widget.render({ model: model as unknown as Rendered<Values>["model"], el });
  return model;
}

const type = (input: HTMLInputElement, text: string) => {
  input.value = text;
  input.dispatchEvent(new Event("input"));
  input.dispatchEvent(new Event("change"));
};

test("a number is sent as it was typed, and a step by an arrow key", () => {
  const values = { description: "η", tooltip: "", inputmode: "decimal", text: "0.1", wrong: "", steps: 0 };
  const model = rendered(number, { ...values, disabled: false });
  const input = one<HTMLInputElement>(el, "input");
  type(input, "0,2");
  expect(model.get("text")).toBe("0,2");
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", cancelable: true }));
  expect(model.get("steps")).toBe(1);
  model.set("wrong", "η is sand");
  expect(input.getAttribute("aria-invalid")).toBe("true");
  end();
  expect(model.listeners).toBe(0);
});

test("a table sends its rows with what was typed, one more, and one fewer", () => {
  const values = { columns: ["x", "y"], names: [], rows: [["1", "2"]], grows: true, label: "Samples" };
  const model = rendered(table, values);
  type(el.querySelectorAll("input")[1] as HTMLInputElement, "5");
  expect(model.get("rows")).toEqual([["1", "5"]]);
  one(el, 'button[title="Add a row like the last"]').click();
  expect(model.get("rows")).toEqual([
    ["1", "5"],
    ["1", "5"],
  ]);
  one(el, 'button[title="Leave row 0 out"]').click();
  expect(model.get("rows")).toEqual([["1", "5"]]);
});

test("a link is copied, or said where there is no clipboard", async () => {
  rendered(link, { query: "eta=0.5", note: "", opened: true });
  const copy = vi.spyOn(navigator.clipboard, "writeText").mockRejectedValueOnce(new Error("no"));
  one(el, "button").click();
  await vi.waitFor(() => expect(one(el, ".ann-link-said").textContent).toBe("?eta=0.5"));
  copy.mockRestore();
});

const filmValues = () => {
  const { stills, steps, walked, ...reel } = film();
  return {
    pictures: Object.keys(stills),
    still_network: stills.network,
    still_curves: stills.curves,
    reel,
    steps,
    walked: { ...walked, film: 1 },
    frame: 2,
    layers: ["weights"],
    stepping: false,
    message: { film: 1, text: "Trained." },
  };
};
const message = () => one(el, ".film-message").textContent;

describe("the film's widget", () => {
  test("opens at the frame of the model and says its message", () => {
    rendered(filmWidget, filmValues());
    expect(one(el, ".film").dataset.epoch).toBe("2");
    expect(message()).toBe("Trained.");
  });

  test("says no message about a film that has not come", () => {
    const model = rendered(filmWidget, filmValues());
    model.set("message", { film: 2, text: "Another." });
    expect(message()).toBe("Trained.");
    model.set("reel", { ...film(2), number: 2 });
    expect(message()).toBe("Another.");
  });

  test("says that the kernel is silent after ten seconds, and no longer when it answers", () => {
    const model = rendered(filmWidget, filmValues());
    el.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    vi.advanceTimersByTime(2500);
    expect(model.sent).toEqual([{ want: "alive" }]);
    vi.advanceTimersByTime(7500);
    expect(message()).toBe("Trained.");
    vi.advanceTimersByTime(2500);
    expect(message()).toBe(SILENT);
    model.emit("msg:custom", { kind: "alive" });
    expect(message()).toBe("Trained.");
  });

  test("leaves a page alone that nobody touches", () => {
    const model = rendered(filmWidget, filmValues());
    vi.advanceTimersByTime(600_000);
    expect(model.sent).toEqual([]);
  });

  test("shows no frames of a film that has gone", () => {
    const model = rendered(filmWidget, filmValues());
    model.emit("msg:custom", { kind: "stretch", film: 7, frame: 0, stretch: {} });
    expect(message()).toBe("Trained.");
  });
});

describe("a file", () => {
  test("comes piece by piece, and no piece is kept twice", () => {
    const model = rendered(filmWidget, filmValues());
    one(el, 'button[title^="Download the whole history"]').click();
    const [{ request }] = model.sent as [{ request: string }];
    expect(model.sent).toEqual([{ want: "file", format: "csv", film: 1, frame: 2, request }]);
    const piece = [new DataView(new ArrayBuffer(3))];
    const told = { kind: "file", request, name: "a.csv", type: "text/csv", more: true, at: 0 };
    model.emit("msg:custom", told, piece);
    model.emit("msg:custom", told, piece); // the same again, after a cut
    expect(model.sent.slice(1)).toEqual([{ want: "more", request, have: 3 }]);
    const saved = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
    model.emit("msg:custom", { kind: "file", request, more: false, size: 3 });
    expect(saved).toHaveBeenCalledOnce();
    saved.mockRestore();
  });

  test("that does not come for a minute is given up", () => {
    const model = rendered(filmWidget, filmValues());
    one(el, 'button[title^="Download the whole history"]').click();
    el.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    vi.advanceTimersByTime(62_500);
    expect(model.sent).toContainEqual(expect.objectContaining({ want: "stop" }));
    expect(message()).toContain("has not gone on with it for a minute");
  });
});
