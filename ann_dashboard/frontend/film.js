// Shows a film: pictures (SVG) and, at each frame, the texts, offsets, widths and dashes of what changes in them.
// Everything is decided and formatted in Python (film.py); nothing here computes a number of the training.

const PART = 500; // frames asked for at once when a long film is not here as a whole
const KEPT_PARTS = 12;
const LOOK = 2500; // ms between two looks whether the kernel answers
const TOO_LONG = 4; // looks without an answer until it is said: 10 s
const LOST = 24; // looks without a piece of a file until it is given up: 1 min
const LOOKS = 24; // looks after a hand has changed something
const HAND = ["keydown", "input", "change", "pointerdown", "pointerup"];
const REST = 250; // ms without a move after which the hand is at rest
const ROW = 24; // height of a row of the history, px; the same as in film.css
const MAIN = ["network", "curves"]; // the pictures of every film; others stand in a row below them
const SPEEDS = [1, 5, 20, 60, 300];

const EXPORTS = {
  png: "Picture as PNG",
  svg: "Picture as SVG",
  pdf: "Picture as PDF",
  gif: "Film as GIF",
  mp4: "Film as MP4",
  html: "Page without a server, HTML",
  parquet: "History as Parquet",
};

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

// A film whose steps inside the epoch are not here.
const NO_STEPS = { list: [] };
const NO_NUMBERS = { refusal: "", frames: 1, borders: [0], stretches: [] };

// One stretch of frames: first, first + step, ... In each channel (those of SETTERS) a gid has its values joined by "|";
// an empty value repeats the one before it, and the last one holds to the end of the part.
class Part {
  constructor({ first, step, count, channels }) {
    Object.assign(this, { first, step, count, channels, read: new Map() });
  }
  has(frame) {
    const place = (frame - this.first) / this.step;
    return Number.isInteger(place) && place >= 0 && place < this.count;
  }
  value(channel, gid, frame) {
    const key = channel + gid;
    let values = this.read.get(key);
    if (!values) {
      values = (this.channels[channel][gid] ?? "").split("|");
      for (let i = 1; i < values.length; i++) values[i] ||= values[i - 1];
      this.read.set(key, values);
    }
    return values[Math.min(Math.floor((frame - this.first) / this.step), values.length - 1)];
  }
}

const KEPT_STRETCHES = 40;
const PATIENCE = 5000; // ms after which a stretch that did not come is asked for again

// The numbers of some steps inside the epoch, `from` to `to`, at a stretch of the frames.
class Stretch extends Part {
  constructor({ first, count, from, to, texts }) {
    super({ first, step: 1, count, channels: { text: texts } });
    Object.assign(this, { from, to });
  }
  holds(frame, place) {
    return this.has(frame) && this.from <= place && place < this.to;
  }
}

const capital = (text) => text[0].toUpperCase() + text.slice(1);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html") element.innerHTML = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// Copies a text; where the browser gives the page no clipboard, the text itself is said, to be marked and copied by hand.
async function copyText(text, say) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied.");
  } catch {
    say(text);
  }
}

const unique = () => Math.random().toString(36).slice(2);

// The gids of a network's picture that stand for a step inside an epoch.
const HAS_STEP = /^(node|name|connection|arrow|label|box):|^(dL_d|lambda_|[bHO]_?\d)/;

const icon = (name) =>
  `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${ICONS[name]}" fill="currentColor"/></svg>`;

// What can be set in a picture: for each channel how the element with a gid takes a value.
const SETTERS = {
  text: (group) => {
    const node = group.querySelector("text").firstChild;
    return (value) => (node.data = value);
  },
  x: (group) => (value) => group.setAttribute("transform", `translate(${value},0)`),
  y: (group) => (value) => group.setAttribute("transform", `translate(0,${value})`),
  move: (group) => (value) => group.setAttribute("transform", `translate(${value})`),
  d: (group) => {
    const path = group.querySelector("path");
    return (value) => path.setAttribute("d", value);
  },
  fill: (group) => {
    const { style } = group.querySelector("path");
    return (value) => (style.fill = value);
  },
  width: (group) => {
    const { style } = group.querySelector("path");
    return (value) => (style.strokeWidth = value);
  },
  dash: (group) => {
    const { style } = group.querySelector("path");
    return (value) => (style.strokeDasharray = value);
  },
};

// Puts a film's player, pictures and tables into `root`. Hooks, each optional: ask(request) wants {want: "part", frame},
// {want: "file", format}, {want: "stretch", frame, step}, or {want: "diagnosis" | "digits" | "nudge", ...} about a step; rested(frame) hears where the hand came to rest;
// chose(layers) which layers are shown; stepped(on) whether the steps inside an epoch are shown; stop() leaves the files that were asked for;
// download() saves the CSV where there is nothing to ask.
export function mount(root, { ask = null, download = null, rested = null, chose = null, stepped = null, stop = null } = {}) {
  let film = null;
  let parts = [];
  let asked = new Map(); // first frame of a part that is on its way -> when it was asked for
  let stretches = []; // of the steps' numbers, the last that came first
  let awaited = new Map(); // stretch that was asked for -> when
  let changing = []; // [channel, gid, set, last value]
  let spoken = []; // [element, template]
  let frame = 0;
  let playing = 0; // -1 backwards, 0 not, 1 forwards
  let run = 0; // number of the last start of Play: an earlier one stops
  let layers = new Set();
  let turn = ""; // of layers that take turns, the one that the step inside an epoch has; "" for that which a hand has chosen
  let restTimer = 0;
  let typing = false; // a number of an epoch, which nothing overwrites until it is entered
  let said = ""; // the message that a word about a typed number stands in place of
  let current = null; // [part, frame] that is shown
  let wanted = null; // gid that was clicked before the steps were here

  const mounted = unique(); // radio buttons of two films on one page are not one group

  const button = (name, title, press) => make("button", { type: "button", title, "aria-label": title, html: icon(name), onclick: press });
  const slider = make("input", {
    type: "range",
    min: 0,
    max: 0,
    value: 0,
    step: 1,
  });
  const typed = make("input", { type: "text", inputmode: "numeric", autocomplete: "off", role: "spinbutton", "aria-valuemin": 0, value: 0 });
  const typedName = document.createTextNode("");
  const historyName = document.createTextNode("");
  const total = make("span", { class: "film-total" });
  const speed = make("select");
  for (const rate of SPEEDS) speed.append(make("option", { value: rate, selected: rate === 20 }));
  const steer = {
    first: () => go(0),
    previous: () => go(frame - 1),
    next: () => go(frame + 1),
    last: () => go(film.epochs.count - 1),
  };
  for (const [name, press] of Object.entries(steer)) steer[name] = button(name, "", press);
  const rewind = button("rewind", "Play backwards", () => play(playing < 0 ? 0 : -1));
  const forward = button("play", "Play", () => play(playing > 0 ? 0 : 1));
  const layerBox = make("fieldset", { class: "film-layers" }, make("legend", {}, "Show"));
  const named = (text, title, press, more = {}) => make("button", { type: "button", title, onclick: press, ...more }, text);
  const inside = named("Step inside", "Walk through the steps inside an epoch", () => step(!stepper.isOn()), {
    class: "film-inside",
    "aria-pressed": "false",
  });
  const message = make("p", { class: "film-message", role: "status", "aria-live": "polite" });
  const panels = make("div", { class: "film-panels" });
  const pictures = make("div", { class: "film-pictures" }, panels);
  const which = make("select", { title: "Read the numbers of a node or connection", "aria-label": "Read the numbers of a node or connection" });
  const read = make("span", { class: "film-read-numbers" });
  const announced = make("span", { class: "film-announced", "aria-live": "polite" });
  const table = make("table", { class: "film-values" });
  const scroll = make("div", { class: "film-scroll", tabindex: 0, role: "region", "aria-label": "History of all epochs" });
  const demand = (format) => ask?.({ want: "file", format, frame, film: film.number });
  const csv = named("Download CSV", "Download the whole history, in full precision, as CSV", () => (ask ? demand("csv") : download()), {
    class: "film-csv",
  });
  const predictions = named("Predictions", "Download all samples with their predictions at this epoch, in original units, as CSV", () => demand("predictions"), {
    class: "film-csv",
  });
  const exports = make("select", { class: "film-csv", title: "Export the picture of this epoch, the training as film or page, or the history", "aria-label": "Export" });
  exports.append(make("option", { value: "" }, "Export …"), ...Object.entries(EXPORTS).map(([value, name]) => make("option", { value }, name)));
  exports.addEventListener("change", () => {
    if (exports.value) demand(exports.value);
    exports.value = "";
  });
  const leave = named("Stop export", "Leave the file that is on its way", () => stop(), { class: "film-csv", hidden: true });
  const describe = () => pictures.querySelector("[data-picture=network]").getAttribute("aria-label");
  const notes = named(
    "Copy as notes",
    "Copy this epoch as a plain paragraph",
    () => copyText(describe(), (said) => (message.textContent = said)),
    { class: "film-csv" },
  );
  const stage = make(
    "section",
    { class: "film" },
    make(
      "div",
      { class: "film-bar" },
      steer.first,
      steer.previous,
      rewind,
      forward,
      steer.next,
      steer.last,
      make("label", { class: "film-epoch" }, typedName, typed),
      total,
      slider,
      speed,
      layerBox,
      inside,
      message,
    ),
    pictures,
    make("div", { class: "film-readout" }, make("label", {}, "Read ", which), read, announced),
    make(
      "div",
      { class: "film-tables" },
      make("section", { "aria-label": "Values of this epoch" }, table, notes),
      make(
        "section",
        { "aria-label": "History" },
        make("div", { class: "film-heading" }, make("h3", {}, historyName), predictions, csv, exports, leave),
        scroll,
      ),
    ),
  );
  root.append(stage);

  const stepper = stepPlayer({
    make,
    icon,
    ask,
    go,
    text: (gid, place) => (gid in current[0].channels.text ? current[0] : stretchOf(current[1], place))?.value("text", gid, current[1]) ?? null,
    reach,
    groups: () => pictures.querySelector("[data-picture=network]").groups,
    copy: copyText,
    rows: () => table.querySelectorAll("tbody tr"),
    cells: () => stage.querySelectorAll("tbody [data-value], .film-readout [data-value]"),
    reached: (symbol) => takeTurn(symbol),
    follow: (groups) => bringIntoView(groups),
    frame: () => frame,
    epoch: () => epochOf(frame),
    lastFrame: () => film.epochs.count - 1,
    number: () => film.number,
  });
  pictures.append(stepper.card);

  // Scrolls a network picture that is wider than its room until groups of it are in view, the last of them at any rate.
  function bringIntoView(groups) {
    const figure = pictures.querySelector("[data-picture=network]");
    if (figure.scrollWidth <= figure.clientWidth) return;
    for (const group of groups.filter((one) => one.checkVisibility())) {
      const room = figure.getBoundingClientRect();
      const box = group.getBoundingClientRect();
      figure.scrollLeft += Math.min(0, box.left - room.left - 8) + Math.max(0, box.right - room.right + 8);
    }
  }

  function step(on) {
    stage.classList.toggle("film-stepping", on);
    inside.setAttribute("aria-pressed", on);
    if (on !== stepper.isOn()) {
      stepper.turn(on);
      if (!on) takeTurn("");
      stepped?.(on);
      apply();
    }
  }

  const epochOf = (f) => (f === film.epochs.count - 1 ? film.epochs.last : f * film.epochs.step);
  const frameOf = (epoch) => (epoch >= film.epochs.last ? film.epochs.count - 1 : Math.round(epoch / film.epochs.step));

  // The part that holds a frame, or null; a part that is missing is asked for once.
  function partOf(f) {
    const found = parts.find((part) => part.has(f));
    if (!found && ask) {
      const first = f - (f % PART);
      if (!asked.has(first)) {
        asked.set(first, performance.now());
        ask({ want: "part", frame: first, film: film.number });
      }
    }
    return found ?? null;
  }

  function receive(part) {
    asked.delete(part.first);
    parts.splice(1, 0, new Part(part));
    parts.length = Math.min(parts.length, KEPT_PARTS);
    apply();
  }

  // ------------------------------------------------------------------ the numbers of the steps inside the epoch

  const stretchOf = (f, place) => stretches.find((one) => one.holds(f, place)) ?? null;

  // Whether the numbers of a step are here. Asks for them, and for those that a hand may come to next: one answer after the other, so that
  // a hand that moves on is not waited for.
  function reach(place) {
    const { frames, borders } = film.walked;
    const border = borders.findLastIndex((one) => one <= place);
    const next = borders[border + 1] ?? (borders.length > 1 ? 0 : place);
    const before = border > 0 ? borders[border - 1] : borders.at(-1);
    const ahead = Math.ceil(frames / 2) * (playing < 0 ? -1 : 1);
    const wanted = [
      [frame, place],
      [frame + ahead, place],
      [next > place ? frame : frame + 1, next],
      [frame - ahead, place],
      [border > 0 ? frame : frame - 1, before],
    ];
    for (const [key, since] of awaited) if (performance.now() - since > PATIENCE) awaited.delete(key);
    for (const [turn, [f, s]] of wanted.entries()) {
      if (!ask || awaited.size > (turn ? 0 : 1)) break;
      if (f < 0 || f >= film.epochs.count || stretchOf(f, s)) continue;
      const first = f - (f % frames);
      const key = `${first}/${borders.findLast((one) => one <= s)}`;
      if (awaited.has(key)) continue;
      awaited.set(key, performance.now());
      ask({ want: "stretch", frame: first, step: s, described: stepper.describes(s), film: film.number });
    }
    return stretchOf(current[1], place) !== null;
  }

  function takeStretch(told) {
    awaited.delete(`${told.first}/${told.from}`);
    stretches.unshift(new Stretch(told));
    stretches.length = Math.min(stretches.length, KEPT_STRETCHES);
    stepper.take(told);
  }

  // The steps of the film that is here, and the numbers of them that came with them.
  function walk(steps, walked) {
    film.walked = walked;
    stretches = walked.stretches.map((one) => new Stretch(one));
    awaited = new Map();
    stepper.load(steps.list, walked.refusal);
  }

  // Shows the frame; while its part is on its way, the nearest frame of the overview, under that frame's own epoch.
  function apply() {
    const part = partOf(frame) ?? parts[0];
    const shown = part.has(frame) ? frame : part.first + Math.min(Math.round((frame - part.first) / part.step), part.count - 1) * part.step;
    current = [part, shown];
    for (const change of changing) {
      const value = part.value(change[0], change[1], shown);
      if (value !== change[3]) change[2]((change[3] = value));
    }
    const say = (template) =>
      template.replace(/\{(\w+)\}/g, (_, symbol) => (symbol === "epoch" ? epochOf(shown) : part.value("text", symbol, shown)));
    for (const [element, template] of spoken) element.setAttribute("aria-label", say(template));
    stage.dataset.epoch = epochOf(shown);
    stage.dataset.film = film.number;
    slider.value = frame;
    slider.setAttribute("aria-valuetext", `${film.epochs.counts} ${epochOf(frame)}`);
    if (!typing) typed.value = epochOf(frame);
    typed.setAttribute("aria-valuenow", epochOf(frame));
    showPrinted(epochOf(shown));
    drawHistorySoon();
    writeReadout();
    stepper.show();
  }

  function go(to) {
    if (!film) return;
    const target = Math.max(0, Math.min(film.epochs.count - 1, Math.round(to)));
    if (target === frame || Number.isNaN(target)) return;
    frame = target;
    following = true;
    apply();
    clearTimeout(restTimer);
    restTimer = setTimeout(() => rested?.(frame), REST);
  }

  function play(direction) {
    const idle = playing === 0;
    playing = direction;
    for (const [control, way, name, title] of [
      [rewind, -1, "rewind", "Play backwards"],
      [forward, 1, "play", "Play"],
    ]) {
      control.innerHTML = icon(playing === way ? "pause" : name);
      control.title = playing === way ? "Pause" : title;
      control.setAttribute("aria-label", control.title);
    }
    if (!playing) return;
    const end = playing > 0 ? film.epochs.count - 1 : 0;
    if (frame === end) go(playing > 0 ? 0 : film.epochs.count - 1);
    if (!idle) return;
    const mine = ++run;
    requestAnimationFrame((began) => tick(began, frame, mine));
  }

  function tick(before, position, mine) {
    requestAnimationFrame((now) => {
      if (!playing || mine !== run || !stage.isConnected) return;
      if (Math.round(position) !== frame) position = frame;
      position += (playing * Number(speed.value) * Math.min(now - before, 1000)) / 1000 / film.epochs.step;
      go(position);
      if (frame === (playing > 0 ? film.epochs.count - 1 : 0)) play(0);
      else tick(now, position, mine);
    });
  }

  // What a frame is, an epoch or an update, stands on every control that moves through them.
  function nameControls(counts) {
    const name = (element, text) => {
      element.title = text;
      element.setAttribute("aria-label", text);
    };
    for (const [verb, element] of Object.entries(steer)) name(element, `${capital(verb)} ${counts}`);
    slider.title = `${capital(counts)}: drag, or use the arrow keys`;
    slider.setAttribute("aria-label", capital(counts));
    typed.title = `Type an ${counts}`;
    typed.setAttribute("aria-label", `${capital(counts)}, typed`);
    typedName.data = `${capital(counts)} `;
    historyName.data = `History: every ${counts}`;
    name(speed, `Speed of Play, in ${counts}s a second`);
    for (const option of speed.options) option.textContent = `${option.value} ${counts}s/s`;
  }

  // ------------------------------------------------------------------ tables

  function buildTable() {
    const shape = JSON.stringify([film.table.derivative, film.table.rows, film.epochs.counts]);
    if (table.shape !== shape) writeTable();
    table.shape = shape;
    const texts = parts[0].channels.text;
    for (const cell of table.querySelectorAll("[data-value]")) {
      const gid = cell.dataset.value;
      if (gid === "epoch" || gid in texts) changing.push(["text", gid, (value) => (cell.firstChild.data = value), cell.firstChild.data]);
    }
    printedAt = null;
  }

  function writeTable() {
    table.replaceChildren(make("caption", { html: `${capital(film.epochs.counts)} <b data-value="epoch"></b>: every value` }));
    const heads = ["symbol", "value", film.table.derivative, "printed in the source"];
    table.append(make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col", html: head })))));
    const body = make("tbody");
    for (const { symbol, html, derivative } of film.table.rows) {
      const cell = (gid) => make("td", gid ? { "data-value": gid } : {});
      const printed = make("td", { class: "film-printed", "data-row": symbol });
      body.append(make("tr", { "data-symbol": symbol }, make("th", { scope: "row", html }), cell(symbol), cell(derivative), printed));
    }
    table.append(body);
    for (const cell of table.querySelectorAll("[data-value]")) cell.append(document.createTextNode(""));
  }

  let printedAt = null;
  function showPrinted(epoch) {
    if (printedAt === epoch) return;
    const figures = film.table.printed[epoch] ?? {};
    if (printedAt === null || printedAt in film.table.printed || epoch in film.table.printed) {
      for (const cell of table.querySelectorAll("[data-row]")) {
        const lines = figures[cell.dataset.row] ?? [];
        const told = ({ html, badge, why, note }) =>
          make("div", { html: `${html} <span class="film-badge" title="${why}">${badge}</span> <small>${note}</small>` });
        cell.replaceChildren(...lines.map(told));
      }
    }
    printedAt = epoch;
  }

  const head = make("thead");
  const rows = make("tbody");
  const above = make("div");
  const below = make("div");
  scroll.append(above, make("table", {}, head, rows), below);
  let drawn = "";

  function buildHistory() {
    const heads = `<th scope="col">${film.epochs.counts}</th>${film.table.columns.map(({ html }) => `<th scope="col">${html}</th>`).join("")}`;
    if (head.written !== heads) {
      head.innerHTML = `<tr>${heads}</tr>`;
      head.written = heads;
      rows.replaceChildren();
      following = true; // without rows the browser scrolls to the top
    }
    drawn = "";
  }

  function buildRow() {
    const row = make("tr", { onclick: () => go(Number(row.dataset.frame)) }, make("th", { scope: "row" }));
    row.append(...film.table.columns.map(() => make("td")));
    row.texts = [...row.children].map((cell) => cell.appendChild(document.createTextNode("")));
    return row;
  }

  // The history is as much work as everything above it: it is drawn when the pictures are painted, and only while it is on the screen.
  let onScreen = false;
  let following = false; // the current epoch, unless a hand scrolls
  let soon = false;
  function drawHistorySoon() {
    if (soon || !onScreen) return;
    soon = true;
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        soon = false;
        drawHistory();
        if (following) follow();
        following = false;
      }),
    );
  }

  // Only the rows that can be seen are in the page; scrolling and new films fill them with other numbers.
  function drawHistory() {
    const { count } = film.epochs;
    const first = Math.max(0, Math.min(Math.floor(scroll.scrollTop / ROW) - 4, count - 1));
    const last = Math.min(count, first + Math.ceil(scroll.clientHeight / ROW) + 8);
    const wanted = `${film.number}/${first}/${last}`;
    if (wanted !== drawn) {
      let whole = true;
      above.style.height = `${first * ROW}px`;
      below.style.height = `${(count - last) * ROW}px`;
      while (rows.children.length > last - first) rows.lastChild.remove();
      while (rows.children.length < last - first) rows.append(buildRow());
      for (const [place, row] of [...rows.children].entries()) {
        const part = partOf(first + place);
        whole &&= part !== null;
        row.dataset.frame = first + place;
        row.texts[0].data = epochOf(first + place);
        for (const [column, { symbol }] of film.table.columns.entries()) {
          const value = part ? part.value("text", symbol, first + place) : "…";
          if (row.texts[column + 1].data !== value) row.texts[column + 1].data = value;
        }
      }
      drawn = whole ? wanted : "";
    }
    for (const row of rows.children) row.classList.toggle("film-now", Number(row.dataset.frame) === frame);
  }

  function follow() {
    const top = frame * ROW;
    if (top < scroll.scrollTop || top > scroll.scrollTop + scroll.clientHeight - 3 * ROW) scroll.scrollTop = top - scroll.clientHeight / 3;
  }

  // ------------------------------------------------------------------ pictures

  function buildPictures() {
    for (const figure of pictures.querySelectorAll("[data-picture]")) if (!(figure.dataset.picture in film.stills)) figure.remove();
    let place = 0; // of the next panel
    for (const [name, svg] of Object.entries(film.stills)) {
      let figure = pictures.querySelector(`[data-picture="${name}"]`);
      if (!figure) figure = make("figure", { "data-picture": name, role: "img", tabindex: 0 });
      if (MAIN.includes(name)) figure.parentNode ?? pictures.insertBefore(figure, panels);
      else if (panels.children[place++] !== figure) panels.insertBefore(figure, panels.children[place - 1] ?? null);
      if (figure.still !== svg) {
        const [title, tooltip] = film.titles[name] ?? ["", ""];
        figure.still = svg;
        figure.innerHTML = title && `<figcaption title="${tooltip}">${title}</figcaption>`;
        figure.insertAdjacentHTML("beforeend", svg);
        figure.groups = new Map([...figure.querySelectorAll("[id]")].map((group) => [group.id.slice(name.length + 1), group]));
        if (name === "network") widenHits(figure);
      }
      for (const [channel, setter] of Object.entries(SETTERS)) {
        for (const [gid, value] of Object.entries(film.fixed[name]?.[channel] ?? {})) {
          const group = figure.groups.get(gid);
          if (group) setter(group)(value);
        }
        for (const gid of Object.keys(parts[0].channels[channel] ?? {})) {
          const group = figure.groups.get(gid);
          if (group) changing.push([channel, gid, setter(group), null]);
        }
      }
      spoken.push([figure, film.speech[name]]);
    }
  }

  function buildLayers() {
    const type = film.showing.layers === "in turns" ? "radio" : "checkbox";
    layerBox.hidden = Object.values(film.layers).every(({ symbols }) => !symbols.length);
    layerBox.title = type === "radio" ? "All numbers together do not fit: one layer is shown at a time, each at the same places" : "";
    if (layerBox.querySelector("input")?.type === type) return;
    layerBox.replaceChildren(make("legend", {}, type === "radio" ? "Show one" : "Show"));
    for (const name of Object.keys(film.layers)) {
      const box = make("input", { type, name: type === "radio" ? `layer of ${mounted}` : name, value: name });
      box.addEventListener("change", () => {
        layers = new Set([...layerBox.querySelectorAll("input:checked")].map((checked) => checked.value));
        turn = "";
        showLayers();
        chose?.([...layers]);
      });
      layerBox.append(make("label", { title: film.layers[name].title }, box, ` ${name}`));
    }
  }

  function showLayers() {
    const wanted = Object.keys(film.layers).filter((name) => layers.has(name));
    const shown = new Set(film.showing.layers === "in turns" ? [turn || wanted[0]] : wanted);
    for (const box of layerBox.querySelectorAll("input")) box.checked = shown.has(box.value);
    const { groups } = pictures.querySelector("[data-picture=network]") ?? {};
    for (const [name, { symbols }] of Object.entries(film.layers)) {
      for (const symbol of symbols) {
        for (const gid of [symbol, `label:${symbol}`, `box:${symbol}`]) {
          const group = groups?.get(gid);
          if (group) group.style.display = shown.has(name) ? "" : "none";
        }
      }
    }
  }

  // Of layers that take turns, the one that has a symbol, that of the step inside an epoch; without one, the one that a hand has chosen.
  function takeTurn(symbol) {
    const parameter = symbol.replace(/_next$/, "");
    const name = Object.keys(film.layers).find((one) => film.layers[one].symbols.includes(parameter)) ?? "";
    if (symbol && !name) return;
    turn = name;
    showLayers();
  }

  // ------------------------------------------------------------------ readout: all numbers of one node or connection

  let things = new Map(); // symbol -> the node or connection that has it
  let chosen = ""; // gid of the one that was clicked or selected
  let pointed = ""; // gid of the one under the pointer
  let told = null; // what the readout tells: the thing whose numbers are in it

  // Thin lines are hard to hit: each gets a wide one, which cannot be seen, behind all that can.
  function widenHits(figure) {
    const lines = [...figure.groups].filter(([gid]) => /^connection:lambda_/.test(gid));
    figure.lines = lines.map(([gid, group]) => [gid, ...group.querySelector("path").getAttribute("d").match(/[\d.]+/g).map(Number)]);
    for (const [, group] of lines) {
      const hit = group.querySelector("path").cloneNode();
      hit.removeAttribute("style");
      hit.setAttribute("class", "film-hit");
      lines[0][1].before(hit);
    }
  }

  function buildReadout() {
    const { readouts } = film.table;
    things = new Map(readouts.flatMap((thing) => thing.numbers.map(({ symbol }) => [symbol, thing])));
    if (!readouts.some(({ gid }) => gid === chosen)) chosen = "";
    pointed = "";
    told = null;
    const names = readouts.map(({ plain }) => plain).join();
    if (which.names === names) return; // a hand may be on it
    which.names = names;
    which.replaceChildren(make("option", { value: "" }, "node or connection …"));
    for (const [kind, title] of [
      ["node", "Nodes"],
      ["connection", "Connections"],
    ]) {
      const group = make("optgroup", { label: title });
      for (const thing of readouts) if (thing.kind === kind) group.append(make("option", { value: thing.gid }, thing.plain));
      which.append(group);
    }
  }

  // Tells the numbers of what is under the pointer, else of what was chosen; with nothing to tell, how to be told.
  function tell() {
    const thing = film.table.readouts.find(({ gid }) => gid === (pointed || chosen)) ?? null;
    which.value = chosen;
    const figure = pictures.querySelector("[data-picture=network]");
    const { groups } = figure;
    figure.classList.toggle("film-reading", film.showing.layers === "in turns" && thing !== null && thing.gid === chosen);
    if (thing && thing === told) return;
    const symbols = thing?.numbers.map(({ symbol }) => symbol) ?? [];
    const lit = new Set([thing?.gid, ...symbols.map((symbol) => `box:${symbol}`)]);
    for (const [gid, group] of groups) group.classList.toggle("film-read", lit.has(gid));
    const number = /^node:\D+(\d+)$/.exec(thing?.gid)?.[1];
    for (const [gid, group] of groups) {
      const ends = /^(?:connection|arrow):lambda_(\d+)_(\d+)$/.exec(gid)?.slice(1) ?? [];
      group.classList.toggle("film-near", ends.includes(number) || (ends.length > 0 && thing?.gid === gid.replace("arrow", "connection")));
    }
    told = thing;
    read.className = thing ? "film-read-numbers" : "film-hint";
    if (!thing) {
      read.textContent = film.showing.hint;
      return;
    }
    read.replaceChildren(make("span", { html: thing.html }));
    for (const { symbol, html } of thing.numbers) {
      const number = make("b", { "data-value": symbol }, "");
      read.append(make("span", { html: `${html} = ` }, number));
    }
    writeReadout();
    stepper.show(); // what is not computed yet stays hidden
  }

  function writeReadout() {
    if (!told || !current) return;
    for (const number of read.querySelectorAll("[data-value]")) number.textContent = current[0].value("text", number.dataset.value, current[1]);
  }

  // Keeps a node or connection, and says its numbers once; a pointer that passes says nothing.
  function choose(gid) {
    chosen = gid;
    tell();
    const visible = [...read.querySelectorAll("[data-value]")].filter((number) => number.style.visibility !== "hidden");
    const spoken = new Map((told?.numbers ?? []).map((number) => [number.symbol, number.spoken]));
    const name = which.selectedOptions[0].textContent;
    announced.textContent = !chosen ? "" : `${name}: ${visible.map((number) => `${spoken.get(number.dataset.value)} ${number.textContent}`).join(", ")}`;
  }

  // The connection that is nearest to a pointer: where lines are dense the wide ones lie on each other.
  function nearestLine(figure, event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(figure.querySelector("svg").getScreenCTM().inverse());
    const away = ([, x0, y0, x1, y1]) => {
      const [dx, dy] = [x1 - x0, y1 - y0];
      const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
      return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
    };
    return figure.lines.reduce((best, line) => (away(line) < away(best) ? line : best))[0];
  }

  // The gids of what an event hit in the network's picture, from the inside out.
  function gidsAt(event) {
    const { target } = event;
    if (target.closest('.film-hit, [data-picture="network"] [id*="/connection:lambda"]')) {
      return [nearestLine(target.closest("figure"), event)];
    }
    const gids = [];
    for (let named = target.closest('[data-picture="network"] [id]'); named; ) {
      gids.push(named.id.slice("network/".length));
      named = named.parentElement.closest('[data-picture="network"] [id]');
    }
    return gids;
  }

  const thingAt = (gids) => gids.map((gid) => things.get(gid.replace(/^(node|name|connection|arrow|label|box):/, ""))?.gid).find(Boolean) ?? "";

  pictures.addEventListener("pointermove", (event) => {
    const over = film ? thingAt(gidsAt(event)) : "";
    if (over === pointed) return;
    pointed = over;
    tell();
  });
  pictures.addEventListener("pointerleave", () => {
    pointed = "";
    if (film) tell();
  });
  which.addEventListener("change", () => choose(which.value));

  // ------------------------------------------------------------------ hands

  slider.addEventListener("input", () => go(Number(slider.value)));
  // Goes to an epoch that was typed; what is no whole number is said, and the picture stays.
  function enter(text) {
    const whole = /^\d+(e\d+)?$/i.test(text);
    if (whole) go(frameOf(Number(text)));
    const wrong = `${capital(film.epochs.counts)} is "${text.slice(0, 40)}": give a whole number from 0 to ${film.epochs.last}.`;
    message.textContent = whole || !text ? said : wrong;
  }

  typed.addEventListener("input", () => (typing = true));
  typed.addEventListener("change", () => enter(typed.value.trim()));
  typed.addEventListener("keydown", (event) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    if (typing) enter(typed.value.trim());
    typing = false;
    go(frame + way);
    typed.value = epochOf(frame);
  });
  for (const end of ["change", "blur"]) {
    typed.addEventListener(end, () => {
      typing = false;
      typed.value = epochOf(frame);
    });
  }
  scroll.addEventListener("scroll", () => requestAnimationFrame(() => film && drawHistory()));
  new IntersectionObserver((entries) => {
    onScreen = entries.at(-1).isIntersecting;
    if (film) drawHistorySoon();
  }).observe(scroll);
  new ResizeObserver(() => film && drawHistorySoon()).observe(scroll); // it is as high as the table beside it
  stage.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    event.stopPropagation(); // a key meant for the film is no shortcut of JupyterLab
    if (event.target.matches("input:not([type=checkbox]), select") || event.target === scroll) return;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (by && stepper.isOn()) {
      stepper.move(by);
      event.preventDefault();
      return;
    }
    const to = { ArrowLeft: frame - 1, ArrowRight: frame + 1, Home: 0, End: film.epochs.count - 1 }[event.key];
    if (to !== undefined) go(to);
    else if (event.key === " " && !event.target.matches("button, input")) play(playing ? 0 : 1);
    else return;
    event.preventDefault();
  });

  pictures.addEventListener("click", (event) => {
    if (!event.target.closest("[data-picture=network]")) return;
    const gids = gidsAt(event);
    choose(thingAt(gids));
    if (stepper.isOn()) gids.some((gid) => stepper.choose(gid));
    else if (film.showing.layers === "together") stepInto(gids.find((gid) => HAS_STEP.test(gid)));
  });

  // Opens the steps at what was clicked in the picture of a small network; in a large one a click only reads.
  function stepInto(gid) {
    if (!gid) return;
    wanted = gid;
    step(true);
    takeWanted();
  }

  // Goes to the step that was clicked before the steps were open, as soon as they are here.
  function takeWanted() {
    if (!wanted || !stepper.isHere()) return;
    stepper.choose(wanted);
    wanted = null;
  }

  return {
    // A new film; the epoch stays where it was, as far as there is one.
    load(next) {
      const epoch = film ? epochOf(frame) : null;
      film = next;
      parts = [film.part, ...(film.parts ?? [])].map((part) => new Part(part));
      asked = new Map();
      changing = [];
      spoken = [];
      frame = epoch === null ? frame : frameOf(epoch);
      frame = Math.max(0, Math.min(frame, film.epochs.count - 1));
      slider.max = film.epochs.count - 1;
      typed.setAttribute("aria-valuemax", film.epochs.last);
      total.textContent = `of ${film.epochs.last}`;
      nameControls(film.epochs.counts);
      csv.hidden = !ask && !download;
      predictions.hidden = exports.hidden = !ask;
      walk(film.steps ?? NO_STEPS, film.walked ?? NO_NUMBERS);
      stage.classList.toggle("film-across", film.showing.place === "across");
      buildPictures();
      stage.style.setProperty("--readable", `${film.showing.width}px`);
      buildLayers();
      buildReadout();
      buildTable();
      buildHistory();
      showLayers();
      apply();
      tell();
      takeWanted();
    },
    step,
    walk(steps, walked) {
      walk(steps, walked);
      stepper.show();
      takeWanted();
    },
    told: (answer) => (answer.kind === "stretch" ? takeStretch(answer.stretch) : stepper.told(answer)),
    layers(names) {
      layers = new Set(names);
      if (film) showLayers();
    },
    go,
    goTo: (epoch) => go(frameOf(epoch)),
    shown: () => ({ epoch: epochOf(frame), show: Object.keys(film.layers).filter((name) => layers.has(name)), steps: stepper.isOn() }),
    receive,
    say: (text) => (message.textContent = said = text),
    // A question that was asked at a time has been answered: what was asked for before it and is not here got lost, and is asked for again.
    lose(since) {
      const lost = [asked, awaited].flatMap((waiting) => [...waiting].filter(([, when]) => when < since).map(([key]) => [waiting, key]));
      for (const [waiting, key] of lost) waiting.delete(key);
      if (!lost.length) return;
      drawn = "";
      apply();
    },
    waits: (on) => (leave.hidden = !on),
    leave() {
      play(0);
      clearTimeout(restTimer);
    },
  };
}

export function save(name, type, pieces) {
  const link = make("a", { href: URL.createObjectURL(new Blob(pieces, { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const SILENT =
  "The Python kernel does not answer: it is busy, has stopped, or the connection is cut. The pictures stay, and what you change is trained when it answers. " +
  "If this stays, reload the page; in a notebook, restart the kernel.";

// Looks again and again whether the kernel answers, while a hand has changed something lately or waits for something. `ask` asks it, one question at
// a time; `looked` hears at each look whether an answer is missing, `told` when it has been missing for too long, and when it has come. A page that is
// left alone asks nothing: a server may end kernels at which nothing happens.
function watchKernel({ ask, looked, told }) {
  let timer = 0;
  let left = 0; // looks until the page counts as left alone
  let silence = 0; // looks since the question
  let waiting = false; // for its answer
  let since = 0; // when it was asked
  let silent = false; // as `told` knows
  const tell = () => {
    if (silence >= TOO_LONG === silent) return;
    silent = !silent;
    told(silent);
  };
  const end = () => {
    clearInterval(timer);
    timer = 0;
  };
  const look = () => {
    left--;
    if (waiting) silence++;
    looked(waiting);
    tell();
    if (waiting && silence % TOO_LONG !== 0) return;
    if (!waiting && left < 0) return end();
    if (!waiting) since = performance.now();
    waiting = true;
    ask();
  };
  return {
    answered() {
      waiting = false;
      silence = 0;
      tell();
    },
    since: () => since,
    begin() {
      left = LOOKS;
      timer ||= setInterval(look, LOOK);
    },
    end,
  };
}

// The files that a view has asked for, until they are saved: another view saves none of them. `waits` hears whether there are any, `say` why one
// has ended before it was whole.
function fileTaker({ send, waits, say }) {
  const files = new Map(); // by request: the request itself, name, type, pieces, their bytes, and the looks since the last of them
  const end = (request) => {
    files.delete(request);
    waits(files.size > 0);
  };
  const more = (file, request) => send(file.size ? { want: "more", request, have: file.size } : file.asked);
  return {
    some: () => files.size > 0,
    ask(asked) {
      const request = unique();
      files.set(request, { asked: { ...asked, request }, pieces: [], size: 0, looks: 0 });
      waits(true);
      send({ ...asked, request });
    },
    // A piece, the end, or that it is still being made. A piece that was asked for twice, after a cut, may come twice.
    take({ request, name, type, more: goesOn, making, at, size }, [piece]) {
      const file = files.get(request);
      if (!file) return;
      file.looks = 0;
      if (goesOn && at === file.size) {
        Object.assign(file, { name, type, size: file.size + piece.byteLength });
        file.pieces.push(piece);
        more(file, request);
      } else if (!goesOn && !making) {
        end(request);
        if (size === file.size) save(file.name, file.type, file.pieces); // else the message says why there is none
      }
    },
    // Asks again for what has not come, as soon as the kernel answers; what has not come for long is given up.
    look(waiting) {
      for (const [request, file] of files) {
        file.looks++;
        if (file.looks >= LOST) {
          send({ want: "stop", request });
          end(request);
          const far = file.size ? `${file.name} was cut off at ${(file.size / 1e6).toFixed(0)} MB` : "The export was cut off";
          say(`${far}: the Python kernel has not gone on with it for a minute. Nothing of it is saved; ask for it again when the kernel answers.`);
        } else if (!waiting && file.looks % TOO_LONG === 0) more(file, request);
      }
    },
    stop() {
      for (const request of files.keys()) {
        send({ want: "stop", request });
        end(request);
      }
    },
  };
}

// The widget of a notebook (anywidget). Moving through the frames stays in the browser; the kernel hears where the hand came to rest.
export default {
  render({ model, el }) {
    let agreed = model.get("frame"); // the frame that kernel and page were at last
    let loaded = 0; // number of the film that is here
    let words = ""; // about it
    let silent = false; // whether the kernel has not answered for too long
    const send = (request) => {
      try {
        model.send(request);
      } catch {
        // the kernel is dead: it does not answer
      }
    };
    const files = fileTaker({
      send,
      waits: (on) => view.waits(on),
      say: (text) => view.say((words = text)), // also while the kernel does not answer
    });
    const kernel = watchKernel({
      ask: () => send({ want: "alive" }),
      looked: (waiting) => {
        if (files.some()) kernel.begin();
        files.look(waiting);
      },
      told: (now) => {
        silent = now;
        tell();
      },
    });
    const tell = () => view.say(silent ? SILENT : words);
    const view = mount(el, {
      ask: (request) => (request.want === "file" ? files.ask(request) : send(request)),
      rested: (frame) => {
        agreed = frame;
        model.set("frame", frame);
        model.save_changes();
      },
      chose: (layers) => {
        model.set("layers", layers);
        model.save_changes();
      },
      stepped: (on) => {
        model.set("stepping", on);
        model.save_changes();
      },
      stop: files.stop,
    });
    // Words are about a film: those of one that has not come are not said over the pictures of another.
    const hear = () => {
      const { film, text } = model.get("message");
      if (film <= loaded) words = text;
      tell();
    };
    const load = () => {
      const stills = Object.fromEntries(model.get("pictures").map((name) => [name, model.get(`still_${name}`)]));
      loaded = model.get("reel").number;
      view.load({ ...model.get("reel"), stills, ...inside() });
      follow();
      hear();
    };
    // The steps inside the epoch, where they are those of the film that is here.
    const inside = () => (model.get("walked").film === loaded ? { steps: model.get("steps"), walked: model.get("walked") } : {});
    const walk = () => {
      const { steps, walked } = inside();
      if (walked) view.walk(steps, walked);
    };
    // A frame belongs to the film that comes with it, whichever of the two is told first.
    const follow = () => {
      if (model.get("reel").number !== loaded || model.get("frame") === agreed) return;
      agreed = model.get("frame");
      view.go(agreed);
    };
    view.layers(model.get("layers"));
    load();
    view.step(model.get("stepping"));
    view.go(model.get("frame"));
    const heard = {
      "change:reel": load,
      "change:walked": walk,
      "change:frame": follow,
      "change:layers": () => view.layers(model.get("layers")),
      "change:stepping": () => view.step(model.get("stepping")),
      "change:message": () => {
        kernel.answered();
        hear();
      },
      "msg:custom": (content, buffers) => {
        kernel.answered();
        if (content.film === model.get("reel").number) content.kind === "part" ? view.receive(content.part) : view.told(content);
        if (content.kind === "file") files.take(content, buffers);
        if (content.kind === "alive") view.lose(kernel.since());
      },
    };
    for (const [event, react] of Object.entries(heard)) model.on(event, react);
    // A hand on any control of the dashboard may ask the kernel for something.
    const touched = ({ target }) => (el.closest(".ann-dashboard") ?? el).contains(target) && kernel.begin();
    for (const event of HAND) document.addEventListener(event, touched, true);
    const leave = () => {
      kernel.end();
      view.leave();
    };
    addEventListener("beforeunload", leave); // the page gives its kernel up: nobody is left to be told where the hand rests
    return () => {
      kernel.end();
      removeEventListener("beforeunload", leave);
      for (const event of HAND) document.removeEventListener(event, touched, true);
      for (const [event, react] of Object.entries(heard)) model.off(event, react);
    };
  },
};
