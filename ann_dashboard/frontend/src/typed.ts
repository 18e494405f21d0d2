// Numbers as a person types them, and as the film writes them.

// A whole number from 0, or null: 12, 1e3.
export const wholeOf = (text: string): number | null => (/^\d+(e\d+)?$/i.test(text) ? Number(text) : null);

const plain = (text: string): string => text.trim().replaceAll("−", "-").replace(",", ".");

// The number that a text writes with a point or a comma before its decimals; NaN where it writes none.
export const numberOf = (text: string): number => Number(plain(text));

// One unit of the last digit of a number as it is written: 0.01 for −0.32, 0.001 for 1e−3.
export function unitOf(text: string): number {
  const [mantissa = "", exponent = "0"] = plain(text).toLowerCase().split("e");
  return 10 ** (Number(exponent) - (mantissa.split(".")[1] ?? "").length);
}

// The two numbers that a text may mean whose comma may stand between thousands or before decimals: 1,000 is 1000 or 1.
export function readings(text: string): [string, string] | null {
  const found = /^([+-]?)([1-9]\d{0,2}),(\d{3})$/.exec(text.trim().replaceAll("−", "-"));
  if (!found) return null;
  const [, sign = "", before = "", behind = ""] = found;
  return [String(Number(sign + before + behind)), String(Number(`${sign}${before}.${behind}`))].map((one) =>
    one.replace("-", "−"),
  ) as [string, string];
}

// The sign of a text that is a sign and nothing else.
export function signOf(text: string): 1 | -1 | null {
  if (!/^[+−-]$/.test(text)) return null;
  return text === "+" ? 1 : -1;
}
