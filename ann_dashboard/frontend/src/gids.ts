// What the gids of the network's picture stand for: they are put together here, and never taken apart.

import { LINE_KINDS, NUMBER_KINDS } from "./wire";

export type Groups = Map<string, SVGGraphicsElement>;

// Of a number: itself, and the circle, name, TeX and paper that belong to it.
export const numberGids = (symbol: string): string[] => [
  symbol,
  ...NUMBER_KINDS.map((kind) => `${kind}:${symbol}`),
];

// Of a weight: its line and the arrow on it.
export const lineGids = (symbol: string): string[] => LINE_KINDS.map((kind) => `${kind}:${symbol}`);

// What shows a number and is hidden with its layer.
export const labelGids = (symbol: string): string[] => [symbol, `label:${symbol}`, `box:${symbol}`];
