// Copies a text; where the browser gives the page no clipboard, the text itself is said, to be marked and copied by hand.

export async function copyText(
  text: string,
  say: (words: string) => void,
  copied: () => string = () => "Copied.",
): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    say(text);
    return;
  }
  say(copied());
}
