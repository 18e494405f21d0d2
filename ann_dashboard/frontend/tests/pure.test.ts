// @vitest-environment node
// The parts that know no element.

import { describe, expect, test } from "vitest";
import { asked, query } from "../src/address";
import { within } from "../src/epochs";
import { visibleRows } from "../src/history_table";
import { distance } from "../src/lines";
import { PartStore } from "../src/parts";
import { judge } from "../src/predict";
import { StepList } from "../src/step_list";
import { StretchStore } from "../src/stretches";
import { readings, unitOf, wholeOf } from "../src/typed";
import { fixture } from "./fixture";

describe("a typed epoch", () => {
  test.each([
    ["12", 12],
    ["0", 0],
    ["1e3", 1000],
    ["-1", null],
    ["1.5", null],
    ["ten", null],
    ["", null],
  ])("%j is %j", (text, epoch) => expect(wholeOf(text)).toBe(epoch));
});

describe("a predicted number", () => {
  test.each([
    ["-0.32", "right"],
    ["−0,32", "right"],
    ["-0.31", "right"],
    ["-0.33", "wrong"],
    ["0.32", "wrong"],
    ["sand", "not yet"],
    ["0x10", "not yet"],
    ["Infinity", "not yet"],
    ["", "not yet"],
    ["-", "not yet"],
    ["+", "not yet"],
    ["1,000", "not yet"],
    ["−2,500", "not yet"],
  ])("%j for −0.32 is %s", (typed, kind) => expect(judge(typed, "−0.32", "−0.31").kind).toBe(kind));

  test("that may be two is refused with both", () => {
    const { text } = judge("1,000", "1.00", "1.00");
    expect(text).toBe("“1,000” could be 1000 or 1.000: write 1000 or 1.000.");
  });
  test("with a comma that can only stand before decimals is read", () => {
    expect(["0,123", "1,00", "12,3456", "1000,5", "1.000"].map(readings)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(readings("−1,250")).toEqual(["−1250", "−1.250"]);
  });
  test("has a sign, or none where it is zero", () => {
    expect(judge("+", "0.20", "0.20").text).toContain("positive");
    expect(judge("−", "0.20", "0.20").text).toContain("No");
    expect(judge("+", "0.00", "0.00").text).toContain("zero");
  });
  test("that is wrong is asked about with the unit of its last digit", () => {
    expect(judge("0.05", "0.20", "0.20")).toMatchObject({ kind: "wrong", given: 0.05, unit: 0.01 });
  });
});

test.each([
  ["−0.32", 0.01],
  ["1e−3", 1e-3],
  ["12", 1],
  ["2,5", 0.1],
])("one unit of the last digit of %s is %d", (text, unit) => expect(unitOf(text)).toBeCloseTo(unit, 15));

test("a frame is never outside the film", () => {
  const epochs = { count: 4, step: 1, last: 3, counts: "epoch" };
  expect([-5, 1.4, 99, Number.NaN].map((frame) => within(epochs, frame))).toEqual([0, 1, 3, Number.NaN]);
});

test("the rows that are drawn are those in sight and a few around", () => {
  expect(visibleRows(1000, 0, 240)).toEqual([0, 18]);
  expect(visibleRows(1000, 2400, 240)).toEqual([96, 114]);
  expect(visibleRows(3, 0, 240)).toEqual([0, 3]);
});

test("a point beside the end of a line is as far away as the end", () => {
  const line = { gid: "", ends: [0, 0, 10, 0] as [number, number, number, number] };
  expect(distance(line, 5, 3)).toBe(3);
  expect(distance(line, 13, 4)).toBe(5);
});

describe("parts of a long film", () => {
  const overview = { first: 0, step: 10, count: 101, channels: { text: { L: "1|2" } } };
  const part = { first: 500, step: 1, count: 500, channels: { text: { L: "7|8" } } };

  test("are asked for once, and again when they got lost", () => {
    const wants: number[] = [];
    const store = new PartStore(overview, [], (first) => wants.push(first));
    expect(store.find(501)).toBeNull();
    store.find(502);
    expect(wants).toEqual([500]);
    expect(store.lose(performance.now() + 1)).toBe(true);
    store.find(502);
    expect(wants).toEqual([500, 500]);
    store.take(part);
    expect(store.find(502)?.value("text", "L", 502)).toBe("8");
    expect(store.lose(performance.now() + 1)).toBe(false);
  });
  test("stand in for a missing one by the nearest frame", () => {
    const store = new PartStore(overview, [], null);
    expect(store.overview.nearest(503)).toBe(500);
    expect(store.find(503)).toBeNull();
  });
});

describe("stretches of the steps", () => {
  const walked = { refusal: "", frames: 10, borders: [0, 5, 9], stretches: [] };
  const stretch = { first: 0, count: 10, from: 0, to: 5, texts: { L: "1" } };

  test("are asked for one after the other, and again when they got lost", () => {
    const wants: string[] = [];
    const store = new StretchStore(walked, (frame, step) => wants.push(`${frame}/${step}`));
    const at = { frame: 3, step: 2, way: 1, frames: 100 };
    store.reach(at);
    store.reach(at);
    expect(wants).toEqual(["0/2"]);
    store.take(stretch);
    expect(store.find(3, 2)?.value("text", "L", 3)).toBe("1");
    expect(store.find(3, 5)).toBeNull();
    store.reach(at); // those that come next
    expect(wants).toEqual(["0/2", "0/5"]);
    expect(store.lose(performance.now() + 1)).toBe(true);
    store.reach(at);
    expect(wants).toEqual(["0/2", "0/5", "0/5"]);
  });
});

describe("the list of steps", () => {
  const list = new StepList(fixture.outline);

  test("ends before the update at the last epoch", () => {
    expect(list.count(false)).toBe(fixture.outline.length);
    expect(list.at(list.count(true)).block).toBe("update");
  });
  test("goes by blocks, forwards to the next and backwards to the start of this one first", () => {
    const count = list.count(false);
    const second = list.block(1, 0, count);
    expect(list.at(second).block).not.toBe(list.at(0).block);
    expect(list.block(-1, second + 1, count)).toBe(second);
    expect(list.block(-1, second, count)).toBe(0);
    expect(list.block(-1, 0, count)).toBe(-1);
    expect(list.block(1, count - 1, count)).toBe(count);
  });
  test("says which step reveals a number", () => {
    expect(list.reveal.get("H3")).toBe(list.find("H3"));
    expect(list.reveal.get("lambda_1_3_I1")).toBe(list.find("H3in"));
  });
});

describe("the address of a page", () => {
  const there = { trainings: 2, layers: ["weights", "forward"] };
  const plain = { training: 1, epoch: 0, show: ["weights"], steps: false };

  test("asks for a state and comes back as that state", () => {
    const now = { training: 2, epoch: 5, show: ["weights", "forward"], steps: true };
    expect(query(now, plain)).toBe("training=2&epoch=5&show=weights,forward&steps=yes");
    expect(asked(query(now, plain), there)).toEqual([now, []]);
    expect(query(plain, plain)).toBe("");
  });
  test.each([
    ["training=3", "training=3 (give a whole number from 1 to 2)"],
    ["epoch=-1", "epoch=-1 (give a whole number from 0)"],
    ["show=colours", "show=colours (choose of weights, forward)"],
    ["steps=maybe", "steps=maybe (choose yes or no)"],
    ["constructor=1", "constructor=1 (this page has no such choice)"],
    ["epoch=1&epoch=2", "epoch=2 (the first one counts)"],
  ])("%s is ignored with the reason", (text, why) => expect(asked(text, there)[1]).toEqual([why]));
});
