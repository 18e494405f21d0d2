// Epoch and frame: frame i is epoch i · step, and the last frame is the last epoch.

import type { Epochs } from "./wire";

export const epochOf = ({ count, step, last }: Epochs, frame: number): number =>
  frame === count - 1 ? last : frame * step;

// The frame that is nearest to an epoch.
export const frameOf = ({ count, step, last }: Epochs, epoch: number): number =>
  epoch >= last ? count - 1 : Math.round(epoch / step);

// A frame of the film that is nearest to a number.
export const within = ({ count }: Epochs, frame: number): number =>
  Math.max(0, Math.min(count - 1, Math.round(frame)));
