// Makes elements: the only place that does.

// biome-ignore lint/suspicious/noExplicitAny: a listener names the event that it takes
type Listener = (event: any) => void;
export type Attributes = Record<string, string | number | boolean | null | undefined | Listener>;

const ICONS = {
  first: "M2 3h2v10H2z M14 3v10L5 8z",
  previous: "M12 3v10L4 8z",
  rewind: "M8 3v10L1 8z M15 3v10L8 8z",
  play: "M4 2v12l10-6z",
  pause: "M3 3h4v10H3z M9 3h4v10H9z",
  next: "M4 3v10l8-5z",
  forward: "M1 3v10l7-5z M8 3v10l7-5z",
  last: "M12 3h2v10h-2z M2 3v10l9-5z",
};
export type Icon = keyof typeof ICONS;

// An element; an attribute `html` is its content, `onclick` and the like are listeners, true is an empty one, false none.
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html") element.innerHTML = String(value);
    else if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

export const icon = (name: Icon): string =>
  `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${ICONS[name]}" fill="currentColor"/></svg>`;

// A button that shows an icon, named by its title.
export const iconButton = (name: Icon, title: string, press: () => void): HTMLButtonElement =>
  make("button", { type: "button", title, "aria-label": title, html: icon(name), onclick: press });

// A button that shows its name; the title says what it does.
export const textButton = (
  text: string,
  title: string,
  press: () => void,
  more: Attributes = {},
): HTMLButtonElement => make("button", { type: "button", title, onclick: press, ...more }, text);

// Gives an element a title that a screen reader says, too.
export function name(element: HTMLElement, text: string): void {
  element.title = text;
  element.setAttribute("aria-label", text);
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

// A text that no other element of the page has as its id or name.
export const unique = (): string => Math.random().toString(36).slice(2);
