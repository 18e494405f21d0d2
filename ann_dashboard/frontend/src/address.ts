// The address of a page of its own: the state that it asks for, and the state that it tells.

export interface Wanted {
  training?: number;
  epoch?: number;
  show?: string[];
  steps?: boolean;
}
export type State = Required<Wanted>;

// What the page has: how many trainings, and its layers.
export interface There {
  trainings: number;
  layers: string[];
}

const READERS: { [Name in keyof State]: (text: string, there: There) => State[Name] } = {
  training: (text, { trainings }) => whole(text, 1, trainings),
  epoch: (text) => whole(text, 0, Number.POSITIVE_INFINITY),
  show: (text, { layers }) => {
    const wanted = text.split(",").filter(Boolean);
    if (wanted.some((name) => !layers.includes(name))) throw new Error(`choose of ${layers.join(", ")}`);
    return wanted;
  },
  steps: (text) => {
    if (!["yes", "no"].includes(text)) throw new Error("choose yes or no");
    return text === "yes";
  },
};

function whole(text: string, least: number, most: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least || Number(text) > most) {
    throw new Error(
      `give a whole number from ${least}${most < Number.POSITIVE_INFINITY ? ` to ${most}` : ""}`,
    );
  }
  return Number(text);
}

// What the address asks for, by name, and what of it was ignored and why.
export function asked(query: string, there: There): [Wanted, string[]] {
  const wanted: Record<string, unknown> = {};
  const ignored: string[] = [];
  for (const [name, text] of new URLSearchParams(query)) {
    const short = text.length <= 30 ? text : `${text.slice(0, 29)}…`;
    try {
      if (!Object.hasOwn(READERS, name)) throw new Error("this page has no such choice");
      if (Object.hasOwn(wanted, name)) throw new Error("the first one counts");
      wanted[name] = READERS[name as keyof State](text, there);
    } catch (error) {
      ignored.push(`${name.slice(0, 30)}=${short} (${(error as Error).message})`);
    }
  }
  return [wanted, ignored];
}

const told = (value: State[keyof State]): string => {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
};

// The query of a state; what is as the page opens is left out.
export function query(now: State, plain: State): string {
  const names = Object.keys(now) as (keyof State)[];
  const other = names.filter((name) => String(now[name]) !== String(plain[name]));
  return other.map((name) => `${name}=${told(now[name])}`).join("&");
}
