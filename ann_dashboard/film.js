// Shows a film: pictures (SVG) and, at each frame, the texts, offsets, widths and dashes of what changes in them.
// Everything is decided and formatted in Python (film.py); nothing here computes a number of the training.

const PART = 500; // frames asked for at once when a long film is not here as a whole
const KEPT_PARTS = 12;
const REST = 250; // ms without a move after which the hand is at rest
const ROW = 24; // height of a row of the history, px; the same as in film.css
const SPEEDS = [1, 5, 20, 60, 300];

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

// One stretch of frames: first, first + step, ... In each channel ("text", "x", "width", "dash") a gid has its values joined by "|";
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

const icon = (name) =>
  `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${ICONS[name]}" fill="currentColor"/></svg>`;

// What can be set in a picture: for each channel how the element with a gid takes a value.
const SETTERS = {
  text: (group) => {
    const node = group.querySelector("text").firstChild;
    return (value) => (node.data = value);
  },
  x: (group) => (value) => group.setAttribute("transform", `translate(${value},0)`),
  move: (group) => (value) => group.setAttribute("transform", `translate(${value})`),
  d: (group) => {
    const path = group.querySelector("path");
    return (value) => path.setAttribute("d", value);
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

// Puts a film's player, pictures and tables into `root`. Hooks, each optional: ask(request) wants {want: "part", frame}, {want: "csv"}, or
// {want: "diagnosis" | "digits" | "nudge", ...} about a step; rested(frame) hears where the hand came to rest; chose(layers) which layers are
// shown; stepped(on) whether the steps inside an epoch are shown.
export function mount(root, { ask = null, rested = null, chose = null, stepped = null } = {}) {
  let film = null;
  let parts = [];
  let asked = new Set();
  let changing = []; // [channel, gid, set, last value]
  let spoken = []; // [element, template]
  let frame = 0;
  let playing = 0; // -1 backwards, 0 not, 1 forwards
  let run = 0; // number of the last start of Play: an earlier one stops
  let layers = new Set();
  let restTimer = 0;
  let current = null; // [part, frame] that is shown
  let wanted = null; // gid that was clicked before the steps were here

  const button = (name, title, press) => make("button", { type: "button", title, "aria-label": title, html: icon(name), onclick: press });
  const slider = make("input", {
    type: "range",
    min: 0,
    max: 0,
    value: 0,
    step: 1,
    title: "Epoch: drag, or use the arrow keys",
    "aria-label": "Epoch",
  });
  const typed = make("input", { type: "number", min: 0, value: 0, title: "Type an epoch", "aria-label": "Epoch, typed" });
  const total = make("span", { class: "film-total" });
  const speed = make("select", { title: "Speed of Play, in epochs a second", "aria-label": "Speed of Play, in epochs a second" });
  for (const rate of SPEEDS) speed.append(make("option", { value: rate, selected: rate === 20 }, `${rate} epochs/s`));
  const rewind = button("rewind", "Play backwards", () => play(playing < 0 ? 0 : -1));
  const forward = button("play", "Play", () => play(playing > 0 ? 0 : 1));
  const layerBox = make("fieldset", { class: "film-layers" }, make("legend", {}, "Show"));
  const named = (text, title, press, more = {}) => make("button", { type: "button", title, onclick: press, ...more }, text);
  const inside = named("Step inside", "Walk through the steps inside an epoch", () => step(!stepper.isOn()), {
    class: "film-inside",
    "aria-pressed": "false",
  });
  const message = make("p", { class: "film-message", role: "status", "aria-live": "polite" });
  const pictures = make("div", { class: "film-pictures" });
  const table = make("table", { class: "film-values" });
  const scroll = make("div", { class: "film-scroll", tabindex: 0, role: "region", "aria-label": "History of all epochs" });
  const csv = named("Download CSV", "Download the whole history, in full precision, as CSV", () => ask?.({ want: "csv" }), {
    class: "film-csv",
  });
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
      button("first", "First epoch", () => go(0)),
      button("previous", "Previous epoch", () => go(frame - 1)),
      rewind,
      forward,
      button("next", "Next epoch", () => go(frame + 1)),
      button("last", "Last epoch", () => go(film.epochs.count - 1)),
      make("label", { class: "film-epoch" }, "Epoch ", typed),
      total,
      slider,
      speed,
      layerBox,
      inside,
    ),
    message,
    pictures,
    make(
      "div",
      { class: "film-tables" },
      make("section", { "aria-label": "Values of this epoch" }, table, notes),
      make(
        "section",
        { "aria-label": "History" },
        make("div", { class: "film-heading" }, make("h3", {}, "History: every epoch"), csv),
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
    text: (gid) => current[0].value("text", gid, current[1]),
    groups: () => pictures.querySelector("[data-picture=network]").groups,
    copy: copyText,
    rows: () => table.querySelectorAll("tbody tr"),
    cells: () => table.querySelectorAll("tbody [data-value]"),
    frame: () => frame,
    epoch: () => epochOf(frame),
    lastFrame: () => film.epochs.count - 1,
    number: () => film.number,
  });
  pictures.append(stepper.card);

  function step(on) {
    stage.classList.toggle("film-stepping", on);
    inside.setAttribute("aria-pressed", on);
    if (on !== stepper.isOn()) {
      stepper.turn(on);
      stepped?.(on);
      apply();
    }
  }

  const epochOf = (f) => (f === film.epochs.count - 1 ? film.epochs.last : f * film.epochs.step);
  const frameOf = (epoch) => (epoch >= film.epochs.last ? film.epochs.count - 1 : Math.round(epoch / film.epochs.step));

  // The part that holds a frame, or null; a part that is missing is asked for once.
  function partOf(f) {
    const found = parts.find((part) => part.has(f) && (part.step === 1 || !stepper.isOn()));
    if (!found && ask) {
      const first = f - (f % PART);
      if (!asked.has(first)) {
        asked.add(first);
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
    slider.value = frame;
    slider.setAttribute("aria-valuetext", `epoch ${epochOf(frame)}`);
    if (document.activeElement !== typed || playing) typed.value = epochOf(frame);
    showPrinted(epochOf(shown));
    drawHistorySoon();
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

  // ------------------------------------------------------------------ tables

  function buildTable() {
    const shape = JSON.stringify([film.table.derivative, film.table.rows]);
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
    table.replaceChildren(make("caption", { html: `Epoch <b data-value="epoch"></b>: every value` }));
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
        cell.replaceChildren(...lines.map(({ html, note }) => make("div", { html: note ? `${html} <small>${note}</small>` : html })));
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
    const heads = film.table.columns.map(({ html }) => `<th scope="col">${html}</th>`).join("");
    if (head.written !== heads) {
      head.innerHTML = `<tr><th scope="col">epoch</th>${heads}</tr>`;
      head.written = heads;
      rows.replaceChildren();
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
    for (const [name, svg] of Object.entries(film.stills)) {
      let figure = pictures.querySelector(`[data-picture="${name}"]`);
      if (!figure) pictures.append((figure = make("figure", { "data-picture": name, role: "img", tabindex: 0 })));
      if (figure.still !== svg) {
        figure.innerHTML = figure.still = svg;
        figure.groups = new Map([...figure.querySelectorAll("[id]")].map((group) => [group.id.slice(name.length + 1), group]));
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
    if (layerBox.children.length > 1) return;
    for (const name of Object.keys(film.layers)) {
      const box = make("input", { type: "checkbox", name, checked: layers.has(name) });
      box.addEventListener("change", () => {
        layers = new Set([...layerBox.querySelectorAll("input:checked")].map((checked) => checked.name));
        showLayers();
        chose?.([...layers]);
      });
      layerBox.append(make("label", { title: film.layers[name].title }, box, ` ${name}`));
    }
  }

  function showLayers() {
    for (const box of layerBox.querySelectorAll("input")) box.checked = layers.has(box.name);
    const { groups } = pictures.querySelector("[data-picture=network]") ?? {};
    for (const [name, { symbols }] of Object.entries(film.layers)) {
      for (const symbol of symbols) {
        for (const gid of [symbol, `label:${symbol}`, `box:${symbol}`]) {
          const group = groups?.get(gid);
          if (group) group.style.display = layers.has(name) ? "" : "none";
        }
      }
    }
  }

  // ------------------------------------------------------------------ hands

  slider.addEventListener("input", () => go(Number(slider.value)));
  typed.addEventListener("change", () => {
    go(frameOf(typed.valueAsNumber));
    typed.value = epochOf(frame);
  });
  scroll.addEventListener("scroll", () => requestAnimationFrame(() => film && drawHistory()));
  new IntersectionObserver((entries) => {
    onScreen = entries.at(-1).isIntersecting;
    if (film) drawHistorySoon();
  }).observe(scroll);
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
    const group = event.target.closest('[data-picture="network"] [id]:not(clipPath)');
    for (let named = group; named?.id; named = named.parentElement.closest("[id]")) {
      const gid = named.id.slice("network/".length);
      if (stepper.choose(gid)) return;
      if (!stepper.isOn() && /^(node|name|connection|arrow|label|box):|^(dL_d|lambda_|[bHO]_?\d)/.test(gid)) {
        wanted = gid;
        step(true);
        return;
      }
    }
  });

  return {
    // A new film; the epoch stays where it was, as far as there is one.
    load(next) {
      const epoch = film ? epochOf(frame) : null;
      film = next;
      parts = [new Part(film.part)];
      asked = new Set();
      changing = [];
      spoken = [];
      frame = epoch === null ? frame : frameOf(epoch);
      frame = Math.max(0, Math.min(frame, film.epochs.count - 1));
      slider.max = film.epochs.count - 1;
      typed.max = film.epochs.last;
      total.textContent = `of ${film.epochs.last}`;
      csv.hidden = !ask;
      stepper.load(film.steps);
      buildPictures();
      buildLayers();
      buildTable();
      buildHistory();
      showLayers();
      apply();
      if (wanted && film.steps.length) {
        stepper.choose(wanted);
        wanted = null;
      }
    },
    step,
    told: stepper.told,
    layers(names) {
      layers = new Set(names);
      if (film) showLayers();
    },
    go,
    receive,
    say: (text) => (message.textContent = text),
  };
}

export function save(name, bytes) {
  const link = make("a", { href: URL.createObjectURL(new Blob([bytes], { type: "text/csv" })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// The widget of a notebook (anywidget). Moving through the frames stays in the browser; the kernel hears where the hand came to rest.
export default {
  render({ model, el }) {
    let wantsCsv = false; // another view of the same film does not save what this one asked for
    const view = mount(el, {
      ask: (request) => {
        wantsCsv ||= request.want === "csv";
        model.send(request);
      },
      rested: (frame) => {
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
    });
    const load = () => {
      const stills = Object.fromEntries(model.get("pictures").map((name) => [name, model.get(`still_${name}`)]));
      view.load({ ...model.get("reel"), stills });
    };
    view.layers(model.get("layers"));
    load();
    view.step(model.get("stepping"));
    view.go(model.get("frame"));
    view.say(model.get("message"));
    const heard = {
      "change:reel": load,
      "change:frame": () => view.go(model.get("frame")),
      "change:layers": () => view.layers(model.get("layers")),
      "change:stepping": () => view.step(model.get("stepping")),
      "change:message": () => view.say(model.get("message")),
      "msg:custom": (content, buffers) => {
        if (content.film === model.get("reel").number) content.kind === "part" ? view.receive(content.part) : view.told(content);
        if (content.kind === "csv" && wantsCsv) save(content.name, buffers[0]);
        wantsCsv &&= content.kind !== "csv";
      },
    };
    for (const [event, react] of Object.entries(heard)) model.on(event, react);
    return () => {
      for (const [event, react] of Object.entries(heard)) model.off(event, react);
    };
  },
};
