// What travels between Python and the browser. Written from film/wire.py by tests/tools/make_wire.py.

export const PART = 500;
export const SAME = "=";
export const NUMBER_KINDS = ["node", "name", "label", "box"];
export const LINE_KINDS = ["connection", "arrow"];
export const EXPORTS: Record<string, string> = {
  png: "Picture as PNG",
  svg: "Picture as SVG",
  pdf: "Picture as PDF",
  gif: "Film as GIF",
  mp4: "Film as MP4",
  html: "Page without a server, HTML",
  parquet: "History as Parquet",
};
// The frames of a film: frame i is epoch i · step, the last frame is the last epoch.
export interface Epochs {
  count: number;
  step: number;
  last: number;
  counts: string;
}

// The frames first, first + step, ...: channel -> gid -> its values joined by "|".
export interface Part {
  first: number;
  step: number;
  count: number;
  channels: Record<string, Record<string, string>>;
}

// How the network's picture is shown.
export interface Showing {
  layers: "together" | "in turns";
  place: string;
  width: number;
  hint: string;
}

// A layer of the network's picture and its symbols.
export interface Layer {
  title: string;
  symbols: string[];
}

// A row of the table of one epoch: a quantity and the symbol of its derivative.
export interface Row {
  symbol: string;
  html: string;
  derivative: string | null;
}

// A column of the table of all epochs.
export interface Column {
  symbol: string;
  html: string;
}

// A figure that the source prints, the badge it deserves and why.
export interface PrintedFigure {
  html: string;
  badge: string;
  why: string;
  note: string;
}

// One of the numbers of a node or connection; ``opens``: whether a click on it opens the steps.
export interface ReadoutNumber {
  symbol: string;
  html: string;
  spoken: string;
  opens: boolean;
}

// A node or connection with all its numbers.
export interface Readout {
  gid: string;
  symbol: string;
  kind: "node" | "connection";
  ends: string[];
  plain: string;
  html: string;
  numbers: ReadoutNumber[];
}

// What the tables beside the pictures list; ``printed``: epoch -> row -> figures.
export interface Table {
  derivative: string;
  rows: Row[];
  columns: Column[];
  printed: Record<number, Record<string, PrintedFigure[]>>;
  readouts: Readout[];
}

// A film without its stills and the steps inside its epochs.
export interface Reel {
  epochs: Epochs;
  part: Part;
  fixed: Record<string, Record<string, Record<string, string>>>;
  showing: Showing;
  layers: Record<string, Layer>;
  speech: Record<string, string>;
  titles: Record<string, [string, string]>;
  table: Table;
  number?: number;
}

// One path of a sum of paths, and the gids that light up with it.
export interface LedgerPath {
  nodes: string;
  equation: string;
  lights: string[];
}

// What is known of a step from the start.
export interface StepOutline {
  symbol: string;
  block: string;
  plain: string;
  of: string;
  of_plain: string;
  moves: string;
  reveals: string[];
}

// What shows a step besides its numbers; each place of a number has its gid as ``data-value``.
export interface StepDescription {
  name: string;
  equation: string;
  words: string;
  numbers: string;
  sentence: string;
  used: string[];
  lights: string[];
  paths?: LedgerPath[];
}

// A step, described or in outline.
export interface Step {
  symbol: string;
  block: string;
  plain: string;
  of: string;
  of_plain: string;
  moves: string;
  reveals: string[];
  name?: string;
  equation?: string;
  words?: string;
  numbers?: string;
  sentence?: string;
  used?: string[];
  lights?: string[];
  paths?: LedgerPath[];
}

// The steps inside every epoch; the same ``identity``, the same words.
export interface Steps {
  identity: string;
  list: (StepOutline | Step)[];
}

export interface Stretch {
  first: number;
  count: number;
  from: number;
  to: number;
  texts: Record<string, string>;
  steps?: StepDescription[];
}

// How the numbers of the steps come: in stretches of so many frames and of the steps between the borders.
export interface Walked {
  refusal: string;
  frames: number;
  borders: number[];
  stretches: Stretch[];
  film?: number;
}

// The line above the pictures, and the number of the film that it is about.
export interface Message {
  film: number;
  text: string;
}

// Asks whether the kernel answers.
export interface Alive {
  want: "alive";
}

// Asks for the frames from one on.
export interface PartWanted {
  want: "part";
  film: number;
  frame: number;
}

// Asks for the numbers around a step and a frame, and for the steps where they are not ``described``.
export interface StretchWanted {
  want: "stretch";
  film: number;
  frame: number;
  step: number;
  described: boolean;
}

// Asks about a step: what went wrong in an answer, all digits, or the loss around a parameter.
export interface Question {
  want: "diagnosis" | "digits" | "nudge";
  film: number;
  frame: number;
  symbol: string;
  answer?: number;
  unit?: number;
}

// Asks for a file; ``request`` names the question.
export interface FileWanted {
  want: "file";
  film: number;
  frame: number;
  format: string;
  request: string;
}

// Asks for what comes behind the bytes of a file that are here.
export interface MoreWanted {
  want: "more";
  request: string;
  have: number;
}

// Leaves a file.
export interface StopWanted {
  want: "stop";
  request: string;
}

export type Request = Alive | PartWanted | StretchWanted | Question | FileWanted | MoreWanted | StopWanted;

// The kernel answers.
export interface AliveAnswer {
  kind: "alive";
}

// Frames that were asked for.
export interface PartAnswer {
  kind: "part";
  film: number;
  frame: number;
  part: Part;
}

// Numbers of steps that were asked for.
export interface StretchAnswer {
  kind: "stretch";
  film: number;
  frame: number;
  stretch: Stretch;
}

// A hint at a mistake.
export interface DiagnosisAnswer {
  kind: "diagnosis";
  film: number;
  frame: number;
  symbol: string;
  hint: string;
}

// An equation with all digits.
export interface DigitsAnswer {
  kind: "digits";
  film: number;
  frame: number;
  symbol: string;
  text: string;
}

// The loss around a parameter as SVG.
export interface NudgeAnswer {
  kind: "nudge";
  film: number;
  frame: number;
  symbol: string;
  svg: string;
}

// A piece of a file, its end, or the word that it is still being made.
export interface FileAnswer {
  kind: "file";
  request: string;
  name?: string;
  type?: string;
  more?: boolean;
  making?: boolean;
  at?: number;
  size?: number;
}

export type StepAnswer = DiagnosisAnswer | DigitsAnswer | NudgeAnswer;

export type Answer =
  | AliveAnswer
  | PartAnswer
  | StretchAnswer
  | DiagnosisAnswer
  | DigitsAnswer
  | NudgeAnswer
  | FileAnswer;

// The state that a page of its own opens at.
export interface Opens {
  epoch: number;
  show: string[];
  steps: boolean;
}

// A history: its index by name, its columns, and its values.
export interface FilmRecord {
  name: string;
  index: Record<string, number[]>;
  columns: string[];
  values: string[];
}

// A film with all its frames and the steps inside them; the frames of a long one in parts.
export interface PageReel {
  epochs: Epochs;
  part: Part;
  fixed: Record<string, Record<string, Record<string, string>>>;
  showing: Showing;
  layers: Record<string, Layer>;
  speech: Record<string, string>;
  titles: Record<string, [string, string]>;
  table: Table;
  number?: number;
  steps: Steps;
  walked: Walked;
  parts: Part[];
}

// One training of a page: what its reel has besides what all have in common, and its stills by number.
export interface PageTraining {
  label: string;
  about: string;
  reel: Record<string, unknown>;
  stills: Record<string, number>;
  record: FilmRecord;
}

// What a page of its own holds: every still once, and what all its films have in common.
export interface PageContent {
  opens: Opens;
  stills: string[];
  shared: Record<string, unknown>;
  trainings: PageTraining[];
}
