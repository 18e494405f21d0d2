// The connections of the network's picture under the pointer: thin lines are hard to hit, and dense ones lie on each other.

import type { Groups } from "./gids";

export interface Line {
  gid: string;
  ends: [number, number, number, number]; // x and y of both
}

// How far a point is from a line between two points.
export function distance({ ends: [x0, y0, x1, y1] }: Line, x: number, y: number): number {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}

// The lines of a picture. Each gets a wide one, which cannot be seen, behind all that can.
export function widened(groups: Groups, connections: Set<string>): Line[] {
  const drawn = [...groups].filter(([gid]) => connections.has(gid));
  const behind = drawn[0]?.[1];
  return drawn.flatMap(([gid, group]) => {
    const path = group.querySelector("path");
    if (!path || !behind) return [];
    const hit = path.cloneNode() as SVGPathElement;
    hit.removeAttribute("style");
    hit.setAttribute("class", "film-hit");
    behind.before(hit);
    const ends = (path.getAttribute("d") ?? "").match(/[\d.]+/g)?.map(Number) as Line["ends"];
    return [{ gid, ends }];
  });
}

// The gid of the line that is nearest to a point of the screen.
export function nearest(lines: Line[], svg: SVGSVGElement, clientX: number, clientY: number): string {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM()?.inverse());
  const best = lines.reduce((one, line) => (distance(line, x, y) < distance(one, x, y) ? line : one));
  return best.gid;
}
