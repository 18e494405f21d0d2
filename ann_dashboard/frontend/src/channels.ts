// What can be set in a picture: for each channel how the element with a gid takes a value.

type Setter = (value: string) => void;

function path(group: Element): SVGPathElement {
  const found = group.querySelector("path");
  if (!found) throw new Error(`${group.id} has no path`);
  return found;
}

export const CHANNELS: Record<string, (group: Element) => Setter> = {
  text: (group) => {
    const node = group.querySelector("text")?.firstChild as Text;
    return (value) => {
      node.data = value;
    };
  },
  x: (group) => (value) => group.setAttribute("transform", `translate(${value},0)`),
  y: (group) => (value) => group.setAttribute("transform", `translate(0,${value})`),
  move: (group) => (value) => group.setAttribute("transform", `translate(${value})`),
  d: (group) => {
    const shape = path(group);
    return (value) => shape.setAttribute("d", value);
  },
  fill: (group) => {
    const { style } = path(group);
    return (value) => {
      style.fill = value;
    };
  },
  width: (group) => {
    const { style } = path(group);
    return (value) => {
      style.strokeWidth = value;
    };
  },
  dash: (group) => {
    const { style } = path(group);
    return (value) => {
      style.strokeDasharray = value;
    };
  },
};

// Sets what has changed, and nothing else.
export class Change {
  readonly #channel: string;
  readonly #gid: string;
  readonly #set: Setter;
  #last: string | null;

  constructor(channel: string, gid: string, set: Setter, last: string | null = null) {
    this.#channel = channel;
    this.#gid = gid;
    this.#set = set;
    this.#last = last;
  }

  apply(value: (channel: string, gid: string) => string): void {
    const now = value(this.#channel, this.#gid);
    if (now === this.#last) return;
    this.#last = now;
    this.#set(now);
  }
}
