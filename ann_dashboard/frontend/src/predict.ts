// Predict first: what is said to a number or a sign that a person has predicted.

import { numberOf, readings, signOf, unitOf } from "./typed";

export type Verdict =
  | { kind: "right" | "not yet"; text: string } // the number is given, or the person goes on
  | { kind: "wrong"; text: string; given: number; unit: number };

// Judges what was typed; `value`: the number as it is shown, `digits`: what the digits shown come to.
export function judge(typed: string, value: string, digits: string): Verdict {
  const text = typed.trim();
  const sign = signOf(text);
  if (sign) return { kind: "not yet", text: judgedSign(sign, Math.sign(numberOf(value))) };
  const both = readings(text);
  if (both) {
    const [one, other] = both;
    return { kind: "not yet", text: `“${text}” could be ${one} or ${other}: write ${one} or ${other}.` };
  }
  const given = numberOf(text);
  if (text === "" || Number.isNaN(given)) {
    const cure = "type a number such as −0.32, or + or − for the sign";
    return { kind: "not yet", text: `“${typed}” is no number: ${cure}.` };
  }
  if (isNear(given, value)) return { kind: "right", text: `Right: ${value}.` };
  if (isNear(given, digits)) {
    return { kind: "right", text: `Right with the digits shown; with all digits it is ${value}.` };
  }
  return { kind: "wrong", text: "Not yet: try again, or show it.", given, unit: unitOf(text) };
}

// Whether a number is another one to half a unit of its last digit.
const isNear = (given: number, number: string): boolean =>
  Math.abs(given - numberOf(number)) <= 0.5001 * unitOf(number);

function judgedSign(given: number, right: number): string {
  if (right === 0) return "It is zero: it has no sign. And its value?";
  if (given !== right) return "No: look at the signs of the factors again.";
  return `Right, it is ${right > 0 ? "positive" : "negative"}. And its value?`;
}
