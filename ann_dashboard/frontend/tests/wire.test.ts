// @vitest-environment node
// What Python says of a film, read by the browser's side.

import { describe, expect, test } from "vitest";
import { asPython, csvText } from "../src/csv";
import { epochOf, frameOf } from "../src/epochs";
import { Frames } from "../src/parts";
import { StepList } from "../src/step_list";
import { StretchStore } from "../src/stretches";
import { fixture } from "./fixture";

test("a part gives every gid the text that Python wrote for each frame", () => {
  const read = new Frames(fixture.reel.part);
  for (const [gid, texts] of Object.entries(fixture.texts)) {
    expect(texts.map((_, frame) => read.value("text", gid, frame))).toEqual(texts);
  }
});

test("a part from the middle has its own frames and no others", () => {
  const read = new Frames(fixture.part);
  expect([1, 2, 3, 4, 5].map((frame) => read.has(frame))).toEqual([false, true, true, true, false]);
  for (const [gid, texts] of Object.entries(fixture.texts)) {
    expect([2, 3, 4].map((frame) => read.value("text", gid, frame))).toEqual(texts.slice(2, 5));
  }
});

test("a stretch gives every number of the steps at each frame", () => {
  const store = new StretchStore({ ...fixture.walked, stretches: [fixture.stretch] }, null);
  for (const [gid, texts] of Object.entries(fixture.stepTexts)) {
    const read = texts.map((_, frame) => store.find(frame, 0)?.value("text", gid, frame));
    expect(read).toEqual(texts);
  }
});

describe.each(fixture.epochs)("a film of $epochs.count frames", ({ epochs, at, nearest }) => {
  test("has the epochs of its frames", () => {
    expect(at.map((_, frame) => epochOf(epochs, frame))).toEqual(at);
  });
  test("has the frame that Python calls nearest to an epoch", () => {
    expect(nearest.map((_, epoch) => frameOf(epochs, epoch))).toEqual(nearest);
  });
});

test("a gid of the picture stands for the step that Python names", () => {
  const list = new StepList(fixture.outline);
  for (const [gid, symbol] of Object.entries(fixture.places)) {
    const place = list.placeOf(gid);
    expect([gid, place < 0 ? "" : list.at(place).symbol]).toEqual([gid, symbol]);
  }
});

test("a step tells its row and what it derives by, as its symbol says", () => {
  for (const { symbol, of, of_plain, moves, block } of fixture.outline) {
    expect(of || moves || symbol).toBe(fixture.stripped[symbol]?.row);
    if (block === "parameter") expect(of_plain).toBe(fixture.stripped[symbol]?.plain);
  }
});

test("a stretch describes every step of the outline", () => {
  const list = new StepList(fixture.outline);
  expect(list.describes(0)).toBe(false);
  list.describe(fixture.stretch.from, fixture.stretch.steps ?? []);
  expect(list.steps.map((_, place) => list.describes(place))).not.toContain(false);
});

test("a float is written as Python writes it", () => {
  expect(fixture.floats.map((text) => asPython(Number(text)))).toEqual(fixture.floats);
});

test("what is not finite is written as pandas writes it", () => {
  expect([Number.NaN, 1 / 0, -1 / 0].map(asPython)).toEqual(["NaN", "inf", "-inf"]);
});

test("the record is written as History.to_csv writes it", () => {
  expect(csvText(fixture.record)).toBe(fixture.csv);
});
