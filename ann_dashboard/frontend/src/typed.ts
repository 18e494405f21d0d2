// Numbers as a person types them, and as the film writes them.

// A whole number from 0, or null: 12, 1e3.
export const wholeOf = (text: string): number | null => (/^\d+(e\d+)?$/i.test(text) ? Number(text) : null);

const plain = (text: string): string => text.trim().replaceAll("−", "-");
const withPoint = (text: string): string => plain(text).replace(",", ".");

// The number that a text writes with a point or a comma before its decimals; NaN where it writes none.
export const numberOf = (text: string): number =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(withPoint(text)) ? Number(withPoint(text)) : Number.NaN;

// One unit of the last digit of a number as it is written: 0.01 for −0.32, 0.001 for 1e−3.
export function unitOf(text: string): number {
  const [mantissa = "", exponent = "0"] = withPoint(text).toLowerCase().split("e");
  return 10 ** (Number(exponent) - (mantissa.split(".")[1] ?? "").length);
}

// The two numbers that a text may mean whose comma may stand between thousands or before decimals: 1,000 is 1000 or 1.000.
export function readings(text: string): [string, string] | null {
  if (!/^[+-]?[1-9]\d{0,2},\d{3}$/.test(plain(text))) return null;
  const shown = plain(text).replace("-", "−");
  return [shown.replace(",", ""), shown.replace(",", ".")];
}

// The sign of a text that is a sign and nothing else.
export function signOf(text: string): 1 | -1 | null {
  if (!/^[+−-]$/.test(text)) return null;
  return text === "+" ? 1 : -1;
}
