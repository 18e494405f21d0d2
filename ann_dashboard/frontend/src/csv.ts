// The whole record as CSV, letter for letter as History.to_csv writes it.

import type { FilmRecord } from "./wire";

// A number as Python writes it: the shortest text that is read back as the same float.
export function asPython(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [, digits = "", sign = "", power = ""] = /^(.*)e(.)(.*)$/.exec(value.toExponential()) ?? [];
    return `${digits}e${sign}${power.padStart(2, "0")}`;
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}

export function csvText({ index, columns, values }: FilmRecord): string {
  const names = Object.keys(index);
  const lines = [[...names, ...columns].join()];
  for (const piece of values) {
    const numbers = new DataView(Uint8Array.from(atob(piece), (letter) => letter.charCodeAt(0)).buffer);
    for (let place = 0; place < numbers.byteLength; ) {
      const row = lines.length - 1;
      const cells = names.map((name) => String(index[name]?.[row]));
      for (let column = 0; column < columns.length; column++, place += 8) {
        cells.push(asPython(numbers.getFloat64(place, true)));
      }
      lines.push(cells.join());
    }
  }
  return `${lines.join("\n")}\n`;
}
