// src/alive.ts
var LOOK = 2500;
var TOO_LONG = 4;
var LOOKS = 24;
var SILENT = "The Python kernel does not answer: it is busy, has stopped, or the connection is cut. The pictures stay, and what you change is trained when it answers. If this stays, reload the page; in a notebook, restart the kernel.";
var Watch = class {
  since = 0;
  // when the last question was asked
  #hooks;
  #timer;
  #left = 0;
  // looks until the page counts as left alone
  #silence = 0;
  // looks since the question
  #waiting = false;
  // for its answer
  #silent = false;
  // as `told` knows
  constructor(hooks) {
    this.#hooks = hooks;
  }
  // A person has changed something, or waits for something.
  begin() {
    this.#left = LOOKS;
    this.#timer ??= setInterval(() => this.#look(), LOOK);
  }
  end() {
    clearInterval(this.#timer);
    this.#timer = void 0;
  }
  answered() {
    this.#waiting = false;
    this.#silence = 0;
    this.#tell();
  }
  #tell() {
    if (this.#silence >= TOO_LONG === this.#silent) return;
    this.#silent = !this.#silent;
    this.#hooks.told(this.#silent);
  }
  #look() {
    this.#left--;
    if (this.#waiting) this.#silence++;
    this.#hooks.looked(this.#waiting);
    this.#tell();
    if (this.#waiting && this.#silence % TOO_LONG !== 0) return;
    if (!this.#waiting && this.#left < 0) {
      this.end();
      return;
    }
    if (!this.#waiting) this.since = performance.now();
    this.#waiting = true;
    this.#hooks.ask();
  }
};

// src/elements.ts
var ICONS = {
  first: "M2 3h2v10H2z M14 3v10L5 8z",
  previous: "M12 3v10L4 8z",
  rewind: "M8 3v10L1 8z M15 3v10L8 8z",
  play: "M4 2v12l10-6z",
  pause: "M3 3h4v10H3z M9 3h4v10H9z",
  next: "M4 3v10l8-5z",
  forward: "M1 3v10l7-5z M8 3v10l7-5z",
  last: "M12 3h2v10h-2z M2 3v10l9-5z"
};
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name2, value] of Object.entries(attributes)) {
    if (name2 === "html") element.innerHTML = String(value);
    else if (typeof value === "function") element.addEventListener(name2.slice(2), value);
    else if (value === true) element.setAttribute(name2, "");
    else if (value !== false && value != null) element.setAttribute(name2, String(value));
  }
  element.append(...children);
  return element;
}
var icon = (name2) => `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${ICONS[name2]}" fill="currentColor"/></svg>`;
var iconButton = (name2, title, press) => make("button", { type: "button", title, "aria-label": title, html: icon(name2), onclick: press });
var textButton = (text, title, press, more = {}) => make("button", { type: "button", title, onclick: press, ...more }, text);
function name(element, text) {
  element.title = text;
  element.setAttribute("aria-label", text);
}
var capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
var unique = () => Math.random().toString(36).slice(2);

// src/downloads.ts
var LOST = 24;
var REVOKED = 6e4;
function save(name2, type, pieces) {
  const link = make("a", { href: URL.createObjectURL(new Blob(pieces, { type })), download: name2 });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKED);
}
var Downloads = class {
  #hooks;
  #files = /* @__PURE__ */ new Map();
  // by request
  constructor(hooks) {
    this.#hooks = hooks;
  }
  get some() {
    return this.#files.size > 0;
  }
  ask(wanted) {
    const asked = { ...wanted, request: unique() };
    this.#files.set(asked.request, { asked, name: "", type: "", pieces: [], size: 0, looks: 0 });
    this.#hooks.waits(true);
    this.#hooks.send(asked);
  }
  // A piece, the end, or that it is still being made. A piece that was asked for twice, after a cut, may come twice.
  take(answer, buffers) {
    const { request, more, making, at, size } = answer;
    const file = this.#files.get(request);
    if (!file) return;
    file.looks = 0;
    const [piece] = buffers;
    if (more && piece && at === file.size) {
      Object.assign(file, { name: answer.name, type: answer.type, size: file.size + piece.byteLength });
      file.pieces.push(piece);
      this.#more(file);
    } else if (!more && !making) {
      this.#end(request);
      if (size === file.size) save(file.name, file.type, file.pieces);
    }
  }
  // Asks again for what has not come, as soon as the kernel answers; what has not come for long is given up.
  look(waiting) {
    for (const [request, file] of this.#files) {
      file.looks++;
      if (file.looks >= LOST) this.#giveUp(request, file);
      else if (!waiting && file.looks % TOO_LONG === 0) this.#more(file);
    }
  }
  stop() {
    for (const request of [...this.#files.keys()]) {
      this.#hooks.send({ want: "stop", request });
      this.#end(request);
    }
  }
  #more({ asked, size }) {
    this.#hooks.send(size ? { want: "more", request: asked.request, have: size } : asked);
  }
  #end(request) {
    this.#files.delete(request);
    this.#hooks.waits(this.some);
  }
  #giveUp(request, { name: name2, size }) {
    this.#hooks.send({ want: "stop", request });
    this.#end(request);
    const far = size ? `${name2} was cut off at ${(size / 1e6).toFixed(0)} MB` : "The export was cut off";
    const why = "the Python kernel has not gone on with it for a minute";
    this.#hooks.say(`${far}: ${why}. Nothing of it is saved; ask for it again when the kernel answers.`);
  }
};

// src/signal.ts
var Signal = class {
  #listeners = [];
  // Listens from now on; the first to listen hears first.
  on(listener) {
    this.#listeners.push(listener);
  }
  emit(value) {
    for (const listener of this.#listeners) listener(value);
  }
};

// src/wire.ts
var PART = 500;
var SAME = "=";
var NUMBER_KINDS = ["node", "name", "label", "box"];
var LINE_KINDS = ["connection", "arrow"];
var EXPORTS = {
  png: "Picture as PNG",
  svg: "Picture as SVG",
  pdf: "Picture as PDF",
  gif: "Film as GIF",
  mp4: "Film as MP4",
  html: "Page without a server, HTML",
  parquet: "History as Parquet"
};

// src/file_bar.ts
var FileBar = class {
  wants = new Signal();
  // a kind of file
  stops = new Signal();
  #csv = textButton(
    "Download CSV",
    "Download the whole history, in full precision, as CSV",
    () => this.wants.emit("csv"),
    { class: "film-csv" }
  );
  #predictions = textButton(
    "Predictions",
    "Download all samples with their predictions at this epoch, in original units, as CSV",
    () => this.wants.emit("predictions"),
    { class: "film-csv" }
  );
  #exports = make("select", {
    class: "film-csv",
    title: "Export the picture of this epoch, the training as film or page, or the history",
    "aria-label": "Export"
  });
  #leave = textButton("Stop export", "Leave the file that is on its way", () => this.stops.emit(), {
    class: "film-csv",
    hidden: true
  });
  elements = [this.#predictions, this.#csv, this.#exports, this.#leave];
  // `saves`: whether there is anybody who makes the CSV; `makes`: whether there is anybody who makes the others.
  constructor({ saves, makes }) {
    const kinds = Object.entries(EXPORTS).map(([value, name2]) => make("option", { value }, name2));
    this.#exports.append(make("option", { value: "" }, "Export …"), ...kinds);
    this.#exports.addEventListener("change", () => {
      if (this.#exports.value) this.wants.emit(this.#exports.value);
      this.#exports.value = "";
    });
    this.#csv.hidden = !saves;
    this.#predictions.hidden = this.#exports.hidden = !makes;
  }
  // Whether files are on their way.
  waits(on) {
    this.#leave.hidden = !on;
  }
};

// src/history_table.ts
var ROW = 24;
var AROUND = 4;
function visibleRows(count, scrollTop, height) {
  const first2 = Math.max(0, Math.min(Math.floor(scrollTop / ROW) - AROUND, count - 1));
  return [first2, Math.min(count, first2 + Math.ceil(height / ROW) + 2 * AROUND)];
}
var HistoryTable = class {
  element = make("div", {
    class: "film-scroll",
    tabindex: 0,
    role: "region",
    "aria-label": "History of all epochs"
  });
  #shown;
  #head = make("thead");
  #body = make("tbody");
  #above = make("div");
  #below = make("div");
  #rows = [];
  #heads = "";
  #drawn = "";
  // the film and the rows that are drawn whole
  #onScreen = false;
  #following = false;
  // the current epoch, unless a person scrolls
  #soon = false;
  constructor(shown) {
    this.#shown = shown;
    const { element } = this;
    element.style.setProperty("--row", `${ROW}px`);
    element.append(this.#above, make("table", {}, this.#head, this.#body), this.#below);
    element.addEventListener(
      "scroll",
      () => requestAnimationFrame(() => {
        if (shown.isLoaded) this.#draw();
      })
    );
    new IntersectionObserver((entries) => {
      this.#onScreen = entries.at(-1)?.isIntersecting ?? false;
      this.apply();
    }).observe(element);
    new ResizeObserver(() => this.apply()).observe(element);
    shown.went.on(() => {
      this.#following = true;
    });
  }
  load({ epochs, table }) {
    const titles = [epochs.counts, ...table.columns.map(({ html }) => html)];
    const heads = titles.map((html) => `<th scope="col">${html}</th>`).join("");
    if (this.#heads !== heads) {
      this.#heads = heads;
      this.#head.innerHTML = `<tr>${heads}</tr>`;
      this.#body.replaceChildren();
      this.#rows = [];
      this.#following = true;
    }
    this.refresh();
  }
  // What is drawn counts no longer.
  refresh() {
    this.#drawn = "";
  }
  // The history is as much work as everything above it: it is drawn when the pictures are painted, and only on the screen.
  apply() {
    if (this.#soon || !this.#onScreen || !this.#shown.isLoaded) return;
    this.#soon = true;
    requestAnimationFrame(
      () => requestAnimationFrame(() => {
        this.#soon = false;
        this.#draw();
        if (this.#following) this.#follow();
        this.#following = false;
      })
    );
  }
  #draw() {
    const { film, frame } = this.#shown;
    const { count } = film.epochs;
    const [first2, last] = visibleRows(count, this.element.scrollTop, this.element.clientHeight);
    const wanted = `${film.number}/${first2}/${last}`;
    if (wanted !== this.#drawn) {
      this.#above.style.height = `${first2 * ROW}px`;
      this.#below.style.height = `${(count - last) * ROW}px`;
      while (this.#rows.length > last - first2) this.#rows.pop()?.element.remove();
      while (this.#rows.length < last - first2) this.#rows.push(this.#newRow());
      const whole = this.#rows.map((row, place) => this.#fill(row, first2 + place));
      this.#drawn = whole.every(Boolean) ? wanted : "";
    }
    for (const { element } of this.#rows) {
      element.classList.toggle("film-now", Number(element.dataset.frame) === frame);
    }
  }
  #newRow() {
    const { columns } = this.#shown.film.table;
    const element = make("tr", { onclick: () => this.#shown.go(Number(element.dataset.frame)) });
    element.append(make("th", { scope: "row" }), ...columns.map(() => make("td")));
    this.#body.append(element);
    return { element, texts: [...element.children].map((cell) => cell.appendChild(new Text(""))) };
  }
  // Fills a row with the numbers of a frame; says whether they are here.
  #fill({ element, texts }, frame) {
    const part = this.#shown.partOf(frame);
    element.dataset.frame = String(frame);
    const numbers = this.#shown.film.table.columns.map(
      ({ symbol }) => part?.value("text", symbol, frame) ?? "…"
    );
    for (const [column, value] of [String(this.#shown.epoch(frame)), ...numbers].entries()) {
      const text = texts[column];
      if (text && text.data !== value) text.data = value;
    }
    return part !== null;
  }
  #follow() {
    const { element } = this;
    const top = this.#shown.frame * ROW;
    const hidden = top < element.scrollTop || top > element.scrollTop + element.clientHeight - 3 * ROW;
    if (hidden) element.scrollTop = top - element.clientHeight / 3;
  }
};

// src/gids.ts
var numberGids = (symbol) => [
  symbol,
  ...NUMBER_KINDS.map((kind) => `${kind}:${symbol}`)
];
var lineGids = (symbol) => LINE_KINDS.map((kind) => `${kind}:${symbol}`);
var labelGids = (symbol) => [symbol, `label:${symbol}`, `box:${symbol}`];

// src/layers.ts
var Layers = class {
  element = make("fieldset", { class: "film-layers" }, make("legend", {}, "Show"));
  chose = new Signal();
  // a person has chosen these
  #group = `layer of ${unique()}`;
  // radio buttons of two films on one page are not one group
  #film = null;
  #chosen = /* @__PURE__ */ new Set();
  #turn = "";
  // of layers that take turns, the one that the step inside an epoch has; "" for the one that was chosen
  #type = "";
  #groups;
  constructor(groups) {
    this.#groups = groups;
  }
  load(film) {
    this.#film = film;
    const type = film.showing.layers === "in turns" ? "radio" : "checkbox";
    const { element } = this;
    element.hidden = Object.values(film.layers).every(({ symbols }) => !symbols.length);
    element.title = type === "radio" ? "All numbers together do not fit: one layer is shown at a time, each at the same places" : "";
    if (this.#type === type) return;
    this.#type = type;
    element.replaceChildren(make("legend", {}, type === "radio" ? "Show one" : "Show"));
    for (const [name2, { title }] of Object.entries(film.layers)) {
      const box = make("input", { type, name: type === "radio" ? this.#group : name2, value: name2 });
      box.addEventListener("change", () => this.#choose());
      element.append(make("label", { title }, box, ` ${name2}`));
    }
  }
  #boxes() {
    return [...this.element.querySelectorAll("input")];
  }
  #choose() {
    const names = this.#boxes().filter(({ checked }) => checked);
    this.#turn = "";
    this.choose(names.map(({ value }) => value));
    this.chose.emit([...this.#chosen]);
  }
  choose(names) {
    this.#chosen = new Set(names);
    this.show();
  }
  // The names of the layers that were chosen, in their order.
  chosen() {
    return Object.keys(this.#film?.layers ?? {}).filter((name2) => this.#chosen.has(name2));
  }
  show() {
    const film = this.#film;
    if (!film) return;
    const wanted = this.chosen();
    const shown = new Set(film.showing.layers === "in turns" ? [this.#turn || wanted[0]] : wanted);
    for (const box of this.#boxes()) box.checked = shown.has(box.value);
    const groups = this.#groups();
    for (const [name2, { symbols }] of Object.entries(film.layers)) {
      for (const gid of symbols.flatMap(labelGids)) {
        const group = groups.get(gid);
        if (group) group.style.display = shown.has(name2) ? "" : "none";
      }
    }
  }
  // Of layers that take turns, shows the one that has a symbol, that of a step; for "" the one that was chosen.
  takeTurn(symbol) {
    const layers = Object.entries(this.#film?.layers ?? {});
    const name2 = layers.find(([, { symbols }]) => symbols.includes(symbol))?.[0] ?? "";
    if (symbol && !name2) return;
    this.#turn = name2;
    this.show();
  }
};

// src/channels.ts
function path(group) {
  const found = group.querySelector("path");
  if (!found) throw new Error(`${group.id} has no path`);
  return found;
}
var CHANNELS = {
  text: (group) => {
    const node = group.querySelector("text")?.firstChild;
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
  }
};
var Change = class {
  #channel;
  #gid;
  #set;
  #last;
  constructor(channel, gid, set, last = null) {
    this.#channel = channel;
    this.#gid = gid;
    this.#set = set;
    this.#last = last;
  }
  apply(value) {
    const now = value(this.#channel, this.#gid);
    if (now === this.#last) return;
    this.#last = now;
    this.#set(now);
  }
};

// src/lines.ts
function distance({ ends: [x0, y0, x1, y1] }, x, y) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const along = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x0 - along * dx, y - y0 - along * dy);
}
function widened(groups, connections) {
  const drawn = [...groups].filter(([gid]) => connections.has(gid));
  const behind = drawn[0]?.[1];
  return drawn.flatMap(([gid, group]) => {
    const path2 = group.querySelector("path");
    if (!path2 || !behind) return [];
    const hit = path2.cloneNode();
    hit.removeAttribute("style");
    hit.setAttribute("class", "film-hit");
    behind.before(hit);
    const ends = (path2.getAttribute("d") ?? "").match(/[\d.]+/g)?.map(Number);
    return [{ gid, ends }];
  });
}
function nearest(lines, svg, clientX, clientY) {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM()?.inverse());
  const best = lines.reduce((one, line) => distance(line, x, y) < distance(one, x, y) ? line : one);
  return best.gid;
}

// src/pictures.ts
var MAIN = ["network", "curves"];
var Pictures = class {
  #shown;
  #panels = make("div", { class: "film-panels" });
  element = make("div", { class: "film-pictures" }, this.#panels);
  #pictures = /* @__PURE__ */ new Map();
  #lines = [];
  // of the network's picture
  #connections = /* @__PURE__ */ new Set();
  // gids of the lines
  #changes = [];
  constructor(shown) {
    this.#shown = shown;
  }
  // The elements of the network's picture by gid; none before there is one.
  get groups() {
    return this.#pictures.get("network")?.groups ?? /* @__PURE__ */ new Map();
  }
  // The figure of the network's picture.
  get network() {
    const found = this.#pictures.get("network");
    if (!found) throw new Error("the film has no picture of the network");
    return found.figure;
  }
  load(film) {
    this.#changes = [];
    for (const [name2, { figure }] of this.#pictures) {
      if (name2 in film.stills) continue;
      figure.remove();
      this.#pictures.delete(name2);
    }
    let place = 0;
    for (const [name2, svg] of Object.entries(film.stills)) {
      const picture = this.#pictureOf(name2);
      if (!MAIN.includes(name2)) this.#panelAt(place++, picture.figure);
      else if (!picture.figure.parentNode) this.element.insertBefore(picture.figure, this.#panels);
      if (picture.still !== svg) this.#draw(picture, svg, film);
      this.#fix(picture, film);
    }
  }
  #pictureOf(name2) {
    const found = this.#pictures.get(name2);
    if (found) return found;
    const figure = make("figure", { "data-picture": name2, role: "img", tabindex: 0 });
    const picture = { name: name2, figure, still: "", groups: /* @__PURE__ */ new Map() };
    this.#pictures.set(name2, picture);
    return picture;
  }
  #panelAt(place, figure) {
    const there = this.#panels.children[place] ?? null;
    if (there !== figure) this.#panels.insertBefore(figure, there);
  }
  #draw(picture, svg, film) {
    const { name: name2, figure } = picture;
    const [title, tooltip] = film.titles[name2] ?? ["", ""];
    picture.still = svg;
    figure.innerHTML = title && `<figcaption title="${tooltip}">${title}</figcaption>`;
    figure.insertAdjacentHTML("beforeend", svg);
    const named = [...figure.querySelectorAll("[id]")];
    picture.groups = new Map(named.map((group) => [group.id.slice(name2.length + 1), group]));
    if (name2 !== "network") return;
    const connections = film.table.readouts.filter(({ kind }) => kind === "connection");
    this.#connections = new Set(connections.map(({ gid }) => gid));
    this.#lines = widened(picture.groups, this.#connections);
  }
  // Sets what the training changes once, and finds what changes with the frame.
  #fix({ name: name2, groups }, film) {
    for (const [channel, setter] of Object.entries(CHANNELS)) {
      for (const [gid, value] of Object.entries(film.fixed[name2]?.[channel] ?? {})) {
        const group = groups.get(gid);
        if (group) setter(group)(value);
      }
      for (const gid of this.#shown.overview.gids(channel)) {
        const group = groups.get(gid);
        if (group) this.#changes.push(new Change(channel, gid, setter(group)));
      }
    }
  }
  apply() {
    for (const change of this.#changes) change.apply((channel, gid) => this.#shown.value(channel, gid));
    const { speech } = this.#shown.film;
    for (const { name: name2, figure } of this.#pictures.values()) {
      figure.setAttribute("aria-label", this.#spoken(speech[name2] ?? ""));
    }
  }
  // A description with its numbers.
  #spoken(template) {
    const epoch = this.#shown.epoch(this.#shown.here.frame);
    return template.replace(
      /\{(\w+)\}/g,
      (_, symbol) => symbol === "epoch" ? String(epoch) : this.#shown.value("text", symbol)
    );
  }
  // What the network's picture shows, in words.
  description() {
    return this.network.getAttribute("aria-label") ?? "";
  }
  // The gids of what an event hit in the network's picture, from the inside out.
  gidsAt({ target, clientX, clientY }) {
    const network = this.#pictures.get("network")?.figure;
    if (!(target instanceof Element) || !network?.contains(target)) return [];
    const gids = [];
    for (let named = target.closest("[id]"); named && network.contains(named) && named !== network; ) {
      gids.push(named.id.slice("network/".length));
      named = named.parentElement?.closest("[id]") ?? null;
    }
    const svg = network.querySelector("svg");
    const onLine = target.closest(".film-hit") !== null || gids.some((gid) => this.#connections.has(gid));
    return onLine && svg ? [nearest(this.#lines, svg, clientX, clientY)] : gids;
  }
  // Scrolls a network picture that is wider than its room until groups of it are in view, the last of them at any rate.
  bringIntoView(groups) {
    const figure = this.network;
    if (figure.scrollWidth <= figure.clientWidth) return;
    for (const group of groups.filter((one) => one.checkVisibility())) {
      const room = figure.getBoundingClientRect();
      const box = group.getBoundingClientRect();
      figure.scrollLeft += Math.min(0, box.left - room.left - 8) + Math.max(0, box.right - room.right + 8);
    }
  }
};

// src/epochs.ts
var epochOf = ({ count, step, last }, frame) => frame === count - 1 ? last : frame * step;
var frameOf = ({ count, step, last }, epoch) => epoch >= last ? count - 1 : Math.round(epoch / step);
var within = ({ count }, frame) => Math.max(0, Math.min(count - 1, Math.round(frame)));

// src/typed.ts
var wholeOf = (text) => /^\d+(e\d+)?$/i.test(text) ? Number(text) : null;
var plain = (text) => text.trim().replaceAll("−", "-");
var withPoint = (text) => plain(text).replace(",", ".");
var numberOf = (text) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(withPoint(text)) ? Number(withPoint(text)) : Number.NaN;
function unitOf(text) {
  const [mantissa = "", exponent = "0"] = withPoint(text).toLowerCase().split("e");
  return 10 ** (Number(exponent) - (mantissa.split(".")[1] ?? "").length);
}
function readings(text) {
  if (!/^[+-]?[1-9]\d{0,2},\d{3}$/.test(plain(text))) return null;
  const shown = plain(text).replace("-", "−");
  return [shown.replace(",", ""), shown.replace(",", ".")];
}
function signOf(text) {
  if (!/^[+−-]$/.test(text)) return null;
  return text === "+" ? 1 : -1;
}

// src/epoch_box.ts
var LONGEST = 40;
var EpochBox = class {
  refused = new Signal();
  // why a text is no epoch; "" where it is one
  #shown;
  #name = document.createTextNode("");
  #input = make("input", {
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    role: "spinbutton",
    "aria-valuemin": 0,
    value: 0
  });
  element = make("label", { class: "film-epoch" }, this.#name, this.#input);
  #typing = false;
  constructor(shown) {
    this.#shown = shown;
    this.#input.addEventListener("input", () => {
      this.#typing = true;
    });
    this.#input.addEventListener("change", () => this.#enter());
    this.#input.addEventListener("keydown", (event) => this.#press(event));
    for (const end of ["change", "blur"]) this.#input.addEventListener(end, () => this.#settle());
  }
  load({ epochs }) {
    this.#input.setAttribute("aria-valuemax", String(epochs.last));
    this.#input.title = `Type an ${epochs.counts}`;
    this.#input.setAttribute("aria-label", `${capital(epochs.counts)}, typed`);
    this.#name.data = `${capital(epochs.counts)} `;
  }
  // Goes to the epoch that was typed; a text that is none is refused, and the picture stays.
  #enter() {
    const text = this.#input.value.trim();
    const { epochs } = this.#shown.film;
    const whole = wholeOf(text);
    if (whole !== null) this.#shown.go(frameOf(epochs, whole));
    const range = `give a whole number from 0 to ${epochs.last}.`;
    const wrong = `${capital(epochs.counts)} is "${text.slice(0, LONGEST)}": ${range}`;
    this.refused.emit(whole !== null || !text ? "" : wrong);
  }
  #press(event) {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    if (this.#typing) this.#enter();
    this.#typing = false;
    this.#shown.go(this.#shown.frame + way);
    this.#settle();
  }
  #settle() {
    this.#typing = false;
    this.#input.value = String(this.#shown.epoch());
  }
  apply() {
    const epoch = String(this.#shown.epoch());
    if (!this.#typing) this.#input.value = epoch;
    this.#input.setAttribute("aria-valuenow", epoch);
  }
};

// src/play.ts
var LONGEST2 = 1e3;
var Play = class {
  turned = new Signal();
  // −1 backwards, 0 not, 1 forwards
  #shown;
  #speed;
  // epochs a second
  #isThere;
  // whether the page is still there
  #run = 0;
  // number of the last start: an earlier one stops
  constructor(shown, speed, isThere) {
    this.#shown = shown;
    this.#speed = speed;
    this.#isThere = isThere;
  }
  get way() {
    return this.#shown.way;
  }
  // Goes that way, or stops where it goes that way already.
  press(way) {
    this.play(this.way === way ? 0 : way);
  }
  play(way) {
    const idle = this.way === 0;
    this.#shown.way = way;
    this.turned.emit(way);
    if (!way) return;
    const { lastFrame, frame } = this.#shown;
    if (frame === (way > 0 ? lastFrame : 0)) this.#shown.go(way > 0 ? 0 : lastFrame);
    if (!idle) return;
    const mine = ++this.#run;
    requestAnimationFrame((began) => this.#tick(began, this.#shown.frame, mine));
  }
  #tick(before, from, mine) {
    requestAnimationFrame((now) => {
      const { way } = this;
      if (!way || mine !== this.#run || !this.#isThere()) return;
      const { lastFrame, film, frame } = this.#shown;
      const position = (Math.round(from) === frame ? from : frame) + way * this.#speed() * Math.min(now - before, LONGEST2) / 1e3 / film.epochs.step;
      this.#shown.go(position);
      if (this.#shown.frame === (way > 0 ? lastFrame : 0)) this.play(0);
      else this.#tick(now, position, mine);
    });
  }
};

// src/player.ts
var SPEEDS = [1, 5, 20, 60, 300];
var USUAL = 20;
var WAYS = [
  ["rewind", "Play backwards", -1],
  ["play", "Play", 1]
];
var Player = class {
  #shown;
  #steer;
  #ways;
  #slider = make("input", { type: "range", min: 0, max: 0, value: 0, step: 1 });
  #total = make("span", { class: "film-total" });
  #speed = make("select");
  #box;
  #message = make("p", { class: "film-message", role: "status", "aria-live": "polite" });
  play;
  element;
  #said = "";
  // the message that a word about a typed epoch stands in place of
  constructor(shown, ...further) {
    this.#shown = shown;
    this.#box = new EpochBox(shown);
    this.play = new Play(
      shown,
      () => Number(this.#speed.value),
      () => this.element.isConnected
    );
    this.#steer = {
      first: iconButton("first", "", () => shown.go(0)),
      previous: iconButton("previous", "", () => shown.go(shown.frame - 1)),
      next: iconButton("next", "", () => shown.go(shown.frame + 1)),
      last: iconButton("last", "", () => shown.go(shown.lastFrame))
    };
    const { first: first2, previous, next, last } = this.#steer;
    this.#ways = WAYS.map(([shape, title, way]) => iconButton(shape, title, () => this.play.press(way)));
    for (const rate of SPEEDS) {
      this.#speed.append(make("option", { value: rate, selected: rate === USUAL }));
    }
    this.element = make("div", { class: "film-bar" }, first2, previous, ...this.#ways, next, last);
    this.element.append(this.#box.element, this.#total, this.#slider, this.#speed, ...further, this.#message);
    this.#slider.addEventListener("input", () => shown.go(Number(this.#slider.value)));
    this.play.turned.on((way) => this.#showWay(way));
    this.#box.refused.on((why) => this.tell(why || this.#said));
  }
  // Says a message, and keeps it.
  say(text) {
    this.#said = text;
    this.tell(text);
  }
  // Says something that the next message stands in place of.
  tell(text) {
    this.#message.textContent = text;
  }
  #showWay(going) {
    for (const [place, [shape, title, way]] of WAYS.entries()) {
      const control = this.#ways[place];
      if (!control) continue;
      control.innerHTML = icon(going === way ? "pause" : shape);
      name(control, going === way ? "Pause" : title);
    }
  }
  load(film) {
    const { count, last, counts } = film.epochs;
    this.#slider.max = String(count - 1);
    this.#total.textContent = `of ${last}`;
    this.#box.load(film);
    for (const [verb, control] of Object.entries(this.#steer)) name(control, `${capital(verb)} ${counts}`);
    this.#slider.title = `${capital(counts)}: drag, or use the arrow keys`;
    this.#slider.setAttribute("aria-label", capital(counts));
    name(this.#speed, `Speed of Play, in ${counts}s a second`);
    for (const option of this.#speed.options) option.textContent = `${option.value} ${counts}s/s`;
  }
  apply() {
    const { film, frame } = this.#shown;
    this.#slider.value = String(frame);
    this.#slider.setAttribute("aria-valuetext", `${film.epochs.counts} ${this.#shown.epoch()}`);
    this.#box.apply();
  }
};

// src/pointing.ts
var Pointing = class {
  opens = new Signal();
  // the steps
  #shown;
  #pictures;
  #readout;
  #steps;
  #wanted = null;
  // gid that was clicked before the steps were here
  constructor(shown, pictures, readout, steps) {
    this.#shown = shown;
    this.#pictures = pictures;
    this.#readout = readout;
    this.#steps = steps;
    const { element } = pictures;
    element.addEventListener("pointermove", (event) => {
      if (shown.isLoaded) readout.point(readout.thingAt(pictures.gidsAt(event)));
    });
    element.addEventListener("pointerleave", () => {
      if (shown.isLoaded) readout.point("");
    });
    element.addEventListener("click", (event) => this.#click(event));
  }
  // A click reads a node or connection; with the steps open it goes to a step, in a small network it opens them.
  #click(event) {
    const { target } = event;
    if (!(target instanceof Element) || !target.closest("[data-picture=network]")) return;
    const gids = this.#pictures.gidsAt(event);
    this.#readout.choose(this.#readout.thingAt(gids));
    if (this.#steps.isOn) {
      gids.some((gid2) => this.#steps.choose(gid2));
      return;
    }
    const gid = this.#readout.openingAt(gids);
    if (this.#shown.film.showing.layers !== "together" || !gid) return;
    this.#wanted = gid;
    this.opens.emit();
    this.takeWanted();
  }
  // Goes to the step that was clicked before the steps were open, as soon as they are here.
  takeWanted() {
    if (!this.#wanted || !this.#steps.isHere) return;
    this.#steps.choose(this.#wanted);
    this.#wanted = null;
  }
};

// src/readout.ts
var TITLE = "Read the numbers of a node or connection";
var GROUPS = { node: "Nodes", connection: "Connections" };
var Readout = class {
  told = new Signal();
  // other numbers have come
  #shown;
  #pictures;
  #which = make("select", { title: TITLE, "aria-label": TITLE });
  #read = make("span", { class: "film-read-numbers" });
  #announced = make("span", { class: "film-announced", "aria-live": "polite" });
  element = make(
    "div",
    { class: "film-readout" },
    make("label", {}, "Read ", this.#which),
    this.#read,
    this.#announced
  );
  #things = /* @__PURE__ */ new Map();
  // by each gid of its numbers
  #opening = /* @__PURE__ */ new Set();
  // gids that open the steps
  #chosen = "";
  // gid of the one that was clicked or selected
  #pointed = "";
  // gid of the one under the pointer
  #told = null;
  // the thing whose numbers are told
  #names = "";
  // of all that can be chosen
  constructor(shown, pictures) {
    this.#shown = shown;
    this.#pictures = pictures;
    this.#which.addEventListener("change", () => this.choose(this.#which.value));
  }
  load({ table: { readouts } }) {
    this.#things = /* @__PURE__ */ new Map();
    this.#opening = /* @__PURE__ */ new Set();
    for (const thing of readouts) this.#learn(thing);
    if (!readouts.some(({ gid }) => gid === this.#chosen)) this.#chosen = "";
    this.#pointed = "";
    this.#told = null;
    this.#list(readouts);
  }
  #learn(thing) {
    for (const { symbol, opens } of thing.numbers) {
      const [own = symbol, ...further] = [...numberGids(symbol), ...lineGids(symbol)];
      for (const gid of [own, ...further]) this.#things.set(gid, thing);
      for (const gid of opens ? [own, ...further] : further) this.#opening.add(gid);
    }
  }
  #list(readouts) {
    const names = readouts.map(({ plain: plain2 }) => plain2).join();
    if (this.#names === names) return;
    this.#names = names;
    this.#which.replaceChildren(make("option", { value: "" }, "node or connection …"));
    for (const [kind, label] of Object.entries(GROUPS)) {
      const things = readouts.filter((thing) => thing.kind === kind);
      const options = things.map(({ gid, plain: plain2 }) => make("option", { value: gid }, plain2));
      this.#which.append(make("optgroup", { label }, ...options));
    }
  }
  // The gid of the node or connection that the first of some gids belongs to, or "".
  thingAt(gids) {
    return gids.map((gid) => this.#things.get(gid)?.gid).find(Boolean) ?? "";
  }
  // The first of some gids that opens the steps.
  openingAt(gids) {
    return gids.find((gid) => this.#opening.has(gid));
  }
  point(gid) {
    if (gid === this.#pointed) return;
    this.#pointed = gid;
    this.tell();
  }
  // Keeps a node or connection, and says its numbers once; a pointer that passes says nothing.
  choose(gid) {
    this.#chosen = gid;
    this.tell();
    const spoken = new Map((this.#told?.numbers ?? []).map(({ symbol, spoken: spoken2 }) => [symbol, spoken2]));
    const said = this.#numbers().filter(({ style }) => style.visibility !== "hidden").map((number) => `${spoken.get(number.dataset.value ?? "")} ${number.textContent}`);
    const name2 = this.#which.selectedOptions[0]?.textContent;
    this.#announced.textContent = gid && `${name2}: ${said.join(", ")}`;
  }
  // Tells the numbers of what is under the pointer, else of what was chosen; with nothing to tell, how to be told.
  tell() {
    const { table, showing } = this.#shown.film;
    const thing = table.readouts.find(({ gid }) => gid === (this.#pointed || this.#chosen)) ?? null;
    this.#which.value = this.#chosen;
    const reading = showing.layers === "in turns" && thing !== null && thing.gid === this.#chosen;
    this.#pictures.network.classList.toggle("film-reading", reading);
    if (thing && thing === this.#told) return;
    this.#mark(thing, table.readouts);
    this.#told = thing;
    this.#read.className = thing ? "film-read-numbers" : "film-hint";
    if (!thing) {
      this.#read.textContent = showing.hint;
      return;
    }
    const numbers = thing.numbers.map(
      ({ symbol, html }) => make("span", { html: `${html} = ` }, make("b", { "data-value": symbol }, ""))
    );
    this.#read.replaceChildren(make("span", { html: thing.html }), ...numbers);
    this.write();
    this.told.emit();
  }
  // Marks the numbers of a thing in the network's picture, and the connections that it is near to.
  #mark(thing, readouts) {
    const lit = new Set(thing ? [thing.gid, ...thing.numbers.map(({ symbol }) => `box:${symbol}`)] : []);
    const near = readouts.filter((one) => thing && one.kind === "connection" && isNear(one, thing));
    const lines = new Set(near.flatMap(({ symbol }) => lineGids(symbol)));
    for (const [gid, group] of this.#pictures.groups) {
      group.classList.toggle("film-read", lit.has(gid));
      group.classList.toggle("film-near", lines.has(gid));
    }
  }
  #numbers() {
    return [...this.#read.querySelectorAll("[data-value]")];
  }
  write() {
    if (!this.#told) return;
    for (const number of this.#numbers()) {
      number.textContent = this.#shown.value("text", number.dataset.value ?? "");
    }
  }
};
var isNear = (connection, thing) => connection.gid === thing.gid || connection.ends.includes(thing.gid);

// src/parts.ts
var KEPT = 12;
var Frames = class {
  first;
  step;
  count;
  #channels;
  #read = /* @__PURE__ */ new Map();
  constructor({ first: first2, step, count, channels }) {
    this.first = first2;
    this.step = step;
    this.count = count;
    this.#channels = channels;
  }
  has(frame) {
    const place = (frame - this.first) / this.step;
    return Number.isInteger(place) && place >= 0 && place < this.count;
  }
  // The frame of these that is nearest to another one.
  nearest(frame) {
    const place = Math.min(Math.round((frame - this.first) / this.step), this.count - 1);
    return this.has(frame) ? frame : this.first + place * this.step;
  }
  gids(channel) {
    return Object.keys(this.#channels[channel] ?? {});
  }
  changes(channel, gid) {
    return gid in (this.#channels[channel] ?? {});
  }
  value(channel, gid, frame) {
    const key = channel + gid;
    let values = this.#read.get(key);
    if (!values) {
      values = spread(this.#channels[channel]?.[gid] ?? "");
      this.#read.set(key, values);
    }
    return values[Math.min(Math.floor((frame - this.first) / this.step), values.length - 1)] ?? "";
  }
};
function spread(joined) {
  const values = joined.split("|");
  for (let place = 1; place < values.length; place++) values[place] ||= values[place - 1] ?? "";
  return values;
}
var PartStore = class {
  overview;
  #parts;
  #ask;
  #asked = /* @__PURE__ */ new Map();
  // first frame of a part that is on its way -> when it was asked for
  constructor(overview, further, ask) {
    this.overview = new Frames(overview);
    this.#parts = [this.overview, ...further.map((part) => new Frames(part))];
    this.#ask = ask;
  }
  // The part that holds a frame, or null; a part that is missing is asked for once.
  find(frame) {
    const found = this.#parts.find((part) => part.has(frame)) ?? null;
    const first2 = frame - frame % PART;
    if (!found && this.#ask && !this.#asked.has(first2)) {
      this.#asked.set(first2, performance.now());
      this.#ask(first2);
    }
    return found;
  }
  take(part) {
    this.#asked.delete(part.first);
    this.#parts.splice(1, 0, new Frames(part));
    this.#parts.length = Math.min(this.#parts.length, KEPT);
  }
  // What was asked for before a time and is not here got lost: it may be asked for again. Says whether there is any.
  lose(since) {
    return forget(this.#asked, since);
  }
};
function forget(asked, since) {
  const lost = [...asked].filter(([, when]) => when < since);
  for (const [key] of lost) asked.delete(key);
  return lost.length > 0;
}

// src/stretches.ts
var KEPT2 = 40;
var PATIENCE = 5e3;
var StretchFrames = class extends Frames {
  #from;
  #to;
  constructor({ first: first2, count, from, to, texts }) {
    super({ first: first2, step: 1, count, channels: { text: texts } });
    this.#from = from;
    this.#to = to;
  }
  holds({ frame, step }) {
    return this.has(frame) && this.#from <= step && step < this.#to;
  }
};
var StretchStore = class {
  #frames;
  // of a stretch
  #borders;
  #ask;
  #stretches;
  // the last that came first
  #awaited = /* @__PURE__ */ new Map();
  // stretch that was asked for -> when
  constructor({ frames, borders, stretches }, ask) {
    this.#frames = frames;
    this.#borders = borders;
    this.#ask = ask;
    this.#stretches = stretches.map((one) => new StretchFrames(one));
  }
  find(frame, step) {
    return this.#stretches.find((one) => one.holds({ frame, step })) ?? null;
  }
  // Asks for the numbers of a step, and for those that a person may come to next: one answer after the other, so that
  // a person who moves on is not kept waiting.
  reach(at) {
    forget(this.#awaited, performance.now() - PATIENCE);
    for (const [turn, place] of this.#next(at).entries()) {
      if (!this.#ask || this.#awaited.size > (turn ? 0 : 1)) break;
      if (place.frame < 0 || place.frame >= at.frames || this.find(place.frame, place.step)) continue;
      const first2 = place.frame - place.frame % this.#frames;
      const key = `${first2}/${this.#borders.findLast((one) => one <= place.step)}`;
      if (this.#awaited.has(key)) continue;
      this.#awaited.set(key, performance.now());
      this.#ask(first2, place.step);
    }
  }
  // A place, and those that come next: with Play, behind the steps of this stretch, and back.
  #next({ frame, step, way }) {
    const borders = this.#borders;
    const border = borders.findLastIndex((one) => one <= step);
    const next = borders[border + 1] ?? (borders.length > 1 ? 0 : step);
    const before = borders.at(border - 1) ?? 0;
    const ahead = Math.ceil(this.#frames / 2) * (way < 0 ? -1 : 1);
    return [
      { frame, step },
      { frame: frame + ahead, step },
      { frame: next > step ? frame : frame + 1, step: next },
      { frame: frame - ahead, step },
      { frame: border > 0 ? frame : frame - 1, step: before }
    ];
  }
  take(told2) {
    this.#awaited.delete(`${told2.first}/${told2.from}`);
    this.#stretches = [new StretchFrames(told2), ...this.#stretches].slice(0, KEPT2);
  }
  // What was asked for before a time and is not here got lost. Says whether there is any.
  lose(since) {
    return forget(this.#awaited, since);
  }
};

// src/shown.ts
var NO_STEPS = { identity: "", list: [] };
var NO_NUMBERS = { refusal: "", frames: 1, borders: [0], stretches: [] };
var Shown = class {
  moved = new Signal();
  // a frame is to be drawn, another one or more of the same
  went = new Signal();
  // a person has gone to another frame
  ask;
  way = 0;
  // of Play: −1 backwards, 0 still, 1 forwards
  #film = null;
  #frame = 0;
  #parts;
  #numbers;
  #here = null;
  describes = () => false;
  // whether the equation of a step is here
  constructor(ask) {
    this.ask = ask;
  }
  get isLoaded() {
    return this.#film !== null;
  }
  get film() {
    if (!this.#film) throw new Error("no film has been loaded");
    return this.#film;
  }
  get frame() {
    return this.#frame;
  }
  get lastFrame() {
    return this.film.epochs.count - 1;
  }
  // The epoch of a frame, by default of the one that a person is at.
  epoch(frame = this.#frame) {
    return epochOf(this.film.epochs, frame);
  }
  // The overview of the film: every gid that changes is in it.
  get overview() {
    return this.#parts.overview;
  }
  // The frame that is drawn: while its part is on its way, the nearest of the overview.
  get here() {
    if (!this.#here) throw new Error("no frame has been shown");
    return this.#here;
  }
  // What a gid is at the frame that is drawn.
  value(channel, gid) {
    return this.here.part.value(channel, gid, this.here.frame);
  }
  // A number of a step at the frame that is drawn, null where it is not here yet.
  number(gid, step) {
    const { part, frame } = this.here;
    const frames = part.changes("text", gid) ? part : this.#numbers.find(frame, step);
    return frames?.value("text", gid, frame) ?? null;
  }
  partOf(frame) {
    return this.#parts.find(frame);
  }
  // A new film; the epoch stays what it was, as far as there is one.
  load(film) {
    const epoch = this.#film ? this.epoch() : null;
    this.#film = film;
    const ask = this.ask && ((frame) => this.ask?.({ want: "part", frame, film: film.number }));
    this.#parts = new PartStore(film.part, film.parts ?? [], ask);
    this.#frame = within(film.epochs, epoch === null ? this.#frame : frameOf(film.epochs, epoch));
    return this.walk(film.steps ?? NO_STEPS, film.walked ?? NO_NUMBERS);
  }
  // The steps of the film that is here, and the numbers of them that came with them.
  walk(steps, walked) {
    const film = this.film.number;
    const ask = (frame, step) => this.ask?.({ want: "stretch", frame, step, described: this.describes(step), film });
    this.#numbers = new StretchStore(walked, this.ask && ask);
    return { steps: steps.list, refusal: walked.refusal };
  }
  // Whether the numbers of a step are here; asks for what is not.
  reach(step) {
    this.#numbers.reach({ frame: this.#frame, step, way: this.way, frames: this.film.epochs.count });
    return this.#numbers.find(this.here.frame, step) !== null;
  }
  receive(part) {
    this.#parts.take(part);
    this.draw();
  }
  takeStretch(stretch) {
    this.#numbers.take(stretch);
  }
  // What was asked for before a time and is not here got lost, and is asked for again.
  lose(since) {
    const parts = this.#parts.lose(since);
    return this.#numbers.lose(since) || parts;
  }
  go(frame) {
    if (!this.#film) return;
    const target = within(this.film.epochs, frame);
    if (target === this.#frame || Number.isNaN(target)) return;
    this.#frame = target;
    this.went.emit(target);
    this.draw();
  }
  goTo(epoch) {
    this.go(frameOf(this.film.epochs, epoch));
  }
  draw() {
    const part = this.#parts.find(this.#frame) ?? this.#parts.overview;
    this.#here = { part, frame: part.nearest(this.#frame) };
    this.moved.emit();
  }
};

// src/clipboard.ts
async function copyText(text, say, copied = () => "Copied.") {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    say(text);
    return;
  }
  say(copied());
}

// src/stage.ts
var Stage = class {
  #historyName = document.createTextNode("");
  #history;
  element;
  // `notes`: what is copied of an epoch; `say` hears whether it was.
  constructor(parts, notes, say) {
    const { bar, pictures, readout, values, history, files } = parts;
    const copy = textButton(
      "Copy as notes",
      "Copy this epoch as a plain paragraph",
      () => copyText(notes(), say),
      { class: "film-csv" }
    );
    const heading = make(
      "div",
      { class: "film-heading" },
      make("h3", {}, this.#historyName),
      ...files.elements
    );
    const tables = make(
      "div",
      { class: "film-tables" },
      make("section", { "aria-label": "Values of this epoch" }, values, copy),
      make("section", { "aria-label": "History" }, heading, history)
    );
    this.#history = history;
    this.element = make("section", { class: "film" }, bar, pictures, readout, tables);
  }
  load({ showing, epochs }) {
    this.#historyName.data = `History: every ${epochs.counts}`;
    this.element.classList.toggle("film-across", showing.place === "across");
    this.element.style.setProperty("--readable", `${showing.width}px`);
  }
  apply(film, epoch) {
    this.element.dataset.epoch = String(epoch);
    this.element.dataset.film = String(film);
  }
  steps(on) {
    this.element.classList.toggle("film-stepping", on);
  }
  listen(keys) {
    this.element.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      event.stopPropagation();
      const target = event.target;
      const typing = target.matches("input:not([type=checkbox]), select");
      if (typing || target === this.#history) return;
      if (this.#press(event.key, target, keys)) event.preventDefault();
    });
  }
  // Does what a key says; says whether it says anything.
  #press(key, target, keys) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (by && keys.step(by)) return true;
    const frame = keys.frame();
    const to = { ArrowLeft: frame - 1, ArrowRight: frame + 1, Home: 0, End: keys.lastFrame() }[key];
    if (to !== void 0) keys.go(to);
    else if (key === " " && !target.matches("button, input")) keys.play();
    else return false;
    return true;
  }
};

// src/predict.ts
function judge(typed, value, digits) {
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
  if (isNear2(given, value)) return { kind: "right", text: `Right: ${value}.` };
  if (isNear2(given, digits)) {
    return { kind: "right", text: `Right with the digits shown; with all digits it is ${value}.` };
  }
  return { kind: "wrong", text: "Not yet: try again, or show it.", given, unit: unitOf(text) };
}
var isNear2 = (given, number) => Math.abs(given - numberOf(number)) <= 0.5001 * unitOf(number);
function judgedSign(given, right) {
  if (right === 0) return "It is zero: it has no sign. And its value?";
  if (given !== right) return "No: look at the signs of the factors again.";
  return `Right, it is ${right > 0 ? "positive" : "negative"}. And its value?`;
}

// src/ledger.ts
var Ledger = class {
  element = make("div", { class: "film-ledger" });
  #text;
  #groups;
  constructor(text, groups) {
    this.#text = text;
    this.#groups = groups;
  }
  // Shows the paths of a step, or nothing.
  show(step) {
    this.element.replaceChildren();
    this.element.hidden = !step?.paths;
    if (!step?.paths) return;
    const total = make("p", {}, this.#whole(step));
    const rows = step.paths.map((path2, place) => this.#row(step, path2, place, total));
    this.element.append(make("h4", { html: `${step.name}, path by path` }), ...rows, total);
  }
  #whole({ of }) {
    return `Sum of all paths: ${this.#text(`whole:${of}`)}`;
  }
  #row(step, path2, place, total) {
    const box = make("input", { type: "checkbox", checked: true, title: "Leave this path out" });
    const share = make("b", {}, this.#text(`path:${step.of}:${place}`));
    const equation = make("div", { html: path2.equation });
    const row = make(
      "label",
      { class: "film-path" },
      box,
      make("span", { html: path2.nodes }),
      share,
      equation
    );
    for (const [target, begin, end] of [
      [row, "mouseenter", "mouseleave"],
      [box, "focus", "blur"]
    ]) {
      target.addEventListener(begin, () => this.#light(path2, true));
      target.addEventListener(end, () => this.#light(path2, false));
    }
    box.addEventListener("change", () => {
      for (const other of this.element.querySelectorAll("input")) if (other !== box) other.checked = true;
      total.textContent = box.checked ? this.#whole(step) : this.#without(step, place);
      total.classList.toggle("film-wrong", !box.checked);
    });
    return row;
  }
  #without({ of, plain: plain2 }, place) {
    const [left, whole] = [this.#text(`without:${of}:${place}`), this.#text(`whole:${of}`)];
    return `Without this path: ${left}, which is wrong: ${plain2} is ${whole}.`;
  }
  #light(path2, on) {
    for (const gid of path2.lights) this.#groups().get(gid)?.classList.toggle("film-path-lit", on);
  }
};

// src/prediction.ts
var Prediction = class {
  typed = new Signal();
  given = new Signal();
  // a person asks for the number
  switched = new Signal();
  // whether numbers are to be predicted
  verdict = make("p", { class: "film-verdict", role: "status", "aria-live": "polite" });
  #box = make("input", { type: "checkbox" });
  #answer = make("input", {
    type: "text",
    inputmode: "decimal",
    size: 9,
    title: "Your value, or + or − for its sign",
    "aria-label": "Your prediction"
  });
  choice = make(
    "label",
    { title: "Hide each number until you have predicted it" },
    this.#box,
    " Predict first"
  );
  form = make(
    "form",
    { class: "film-asking" },
    make("label", {}, "Your value, or its sign ", this.#answer),
    make("button", { type: "submit" }, "Check"),
    make("button", { type: "button", onclick: () => this.given.emit() }, "Show")
  );
  constructor() {
    this.form.hidden = true;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.typed.emit(this.#answer.value);
    });
    this.#box.addEventListener("change", () => this.switched.emit());
  }
  get isOn() {
    return this.#box.checked;
  }
  say(text) {
    this.verdict.textContent = text;
  }
  // Another step: nothing has been typed and nothing said.
  clear() {
    this.#answer.value = "";
    this.say("");
  }
};

// src/step_card.ts
var WAYS2 = [
  ["first", "First step of the epoch"],
  ["rewind", "Previous block"],
  ["previous", "Previous step (arrow up)"],
  ["next", "Next step (arrow down)"],
  ["forward", "Next block"],
  ["last", "Last step of the epoch"]
];
var note = () => make("p", { class: "film-note" });
var StepCard = class {
  pressed = new Signal();
  chosen = new Signal();
  // symbol of a step
  wants = new Signal();
  copies = new Signal();
  prediction = new Prediction();
  #text;
  #asks;
  // whether there is a kernel to ask
  #where = make("span", { class: "film-where", "aria-live": "polite" });
  #list = make("select", { title: "Go to a step", "aria-label": "Go to a step" });
  #copy = textButton(
    "Copy as notes",
    "Copy this step as a plain paragraph",
    () => this.copies.emit()
  );
  #sentence = make("p", { class: "film-sentence" });
  #equation = make("div", { class: "film-equation" });
  #result = make("div", { class: "film-result" });
  #honesty = note();
  #exact = note();
  #check = note();
  #plot = make("div", { class: "film-plot" });
  #ledger;
  element = make("section", {
    class: "film-steps",
    "aria-label": "Step inside the epoch",
    tabindex: 0
  });
  constructor(text, groups, asks) {
    this.#text = text;
    this.#asks = asks;
    this.#ledger = new Ledger(text, groups);
    const { prediction } = this;
    const buttons = WAYS2.map(([way, title]) => iconButton(way, title, () => this.pressed.emit(way)));
    this.element.append(
      make("div", { class: "film-bar" }, ...buttons, this.#where),
      make("div", { class: "film-bar" }, this.#list, prediction.choice, this.#copy),
      ...[this.#sentence, this.#equation, this.#result, prediction.form, prediction.verdict],
      ...[this.#honesty, this.#exact, this.#check, this.#plot, this.#ledger.element]
    );
    this.element.hidden = true;
    this.#list.addEventListener("change", () => this.chosen.emit(this.#list.value));
  }
  load(list) {
    const groups = list.blocks().map(([label, steps]) => {
      const options = steps.map(({ symbol, plain: plain2 }) => make("option", { value: symbol }, plain2));
      return make("optgroup", { label }, ...options);
    });
    this.#list.replaceChildren(...groups);
  }
  // Says why there are no steps.
  refuse(why) {
    this.#where.textContent = why;
  }
  show(view) {
    const { step, place, count, hides } = view;
    this.#where.textContent = `Step ${place + 1} of ${count}: ${step.block}`;
    this.#list.value = step.symbol;
    this.#sentence.textContent = step.sentence;
    this.#equation.innerHTML = `<div>${step.name} = ${step.equation}</div><div>= ${step.numbers}</div>`;
    this.#fill();
    this.#result.innerHTML = `= <b>${hides ? "?" : this.#text(step.symbol)}</b>`;
    this.prediction.form.hidden = !hides;
    this.#copy.disabled = hides;
    this.#showHonesty(view);
    this.#showCheck(view);
    this.#ledger.show(hides || !view.complete ? null : step);
  }
  // Puts the numbers into the equation.
  #fill() {
    for (const place of this.#equation.querySelectorAll("[data-value]")) {
      const value = this.#text(place.dataset.value ?? "");
      place.textContent = value.startsWith("−") && "factor" in place.dataset ? `(${value})` : value;
    }
  }
  // What the digits shown come to, where that is another number.
  withTheDigitsShown({ symbol }) {
    const digits = this.#text(`digits:${symbol}`);
    return digits === SAME ? this.#text(symbol) : digits;
  }
  #showHonesty({ step, complete, hides }) {
    const value = this.#text(step.symbol);
    const digits = this.withTheDigitsShown(step);
    this.#exact.replaceChildren();
    if (this.#asks && complete && !hides) {
      const title = "Show this equation with every digit the computer keeps";
      this.#exact.append(textButton("All digits", title, () => this.wants.emit("digits")));
    }
    this.#honesty.hidden = hides || !complete || digits === value;
    this.#honesty.textContent = `With the digits shown it comes to ${digits}: the last digit differs, because the computer keeps all of them (${value}).`;
  }
  #showCheck({ step, complete, hides }) {
    const difference = this.#text(`check:${step.symbol}`);
    this.#check.hidden = hides || !complete || !difference;
    this.#plot.replaceChildren();
    if (this.#check.hidden) return;
    const agreeing = this.#text(`agree:${step.symbol}`);
    const digits = agreeing === "1" ? "1 digit" : `${agreeing} digits`;
    this.#check.textContent = `Gradient check: nudging ${step.of_plain} both ways gives ${difference}; ${digits} agree.`;
    if (this.#asks) {
      const title = "Plot the loss against this parameter, with the tangent";
      this.#plot.append(textButton("Plot the loss around it", title, () => this.wants.emit("nudge")));
    }
  }
  // The equation in numbers, as it stands there.
  get numbers() {
    return this.#equation.lastElementChild?.textContent ?? "";
  }
  showDigits(text) {
    this.#exact.textContent = `= ${text}`;
  }
  showPlot(svg) {
    this.#plot.innerHTML = svg;
  }
  // Keeps the keyboard on the card, so that the arrow keys go on.
  focus() {
    this.element.focus({ preventScroll: true });
  }
};

// src/step_lights.ts
var StepLights = class {
  #scene;
  #lit = [];
  constructor(scene) {
    this.#scene = scene;
  }
  // Hides the numbers that the steps behind one give, and its own where that is to be predicted.
  hide({ reveal }, place, hidesNow) {
    const visibility = (at) => at > place || at === place && hidesNow ? "hidden" : "";
    const groups = this.#scene.groups();
    for (const [gid, at] of reveal) {
      const group = groups.get(gid);
      if (group) group.style.visibility = visibility(at);
    }
    for (const cell of this.#scene.cells()) {
      cell.style.visibility = visibility(reveal.get(cell.dataset.value ?? "") ?? -1);
    }
  }
  // Shows all numbers again.
  uncover(list) {
    this.hide(list, Number.POSITIVE_INFINITY, false);
  }
  light({ used, lights, of, moves, symbol }) {
    for (const gid of used) this.#mark(gid, "film-used");
    for (const gid of lights) this.#mark(gid, "film-lit");
    const row = of || moves || symbol;
    for (const element of this.#scene.rows()) {
      element.classList.toggle("film-now", element.dataset.symbol === row);
    }
  }
  // A number is marked on the paper behind it.
  #mark(gid, name2) {
    const groups = this.#scene.groups();
    const group = groups.get(gid.includes(":") ? gid : `box:${gid}`);
    if (!group) return;
    group.classList.add(name2);
    this.#lit.push([group, name2]);
  }
  get lit() {
    return this.#lit.map(([group]) => group);
  }
  dark() {
    for (const [group, name2] of this.#lit) group.classList.remove(name2);
    this.#lit = [];
    for (const group of this.#scene.groups().values()) group.classList.remove("film-path-lit");
    for (const row of this.#scene.rows()) row.classList.remove("film-now");
  }
};

// src/step_list.ts
var AWAITED = "…";
var first = (map, keys, place) => {
  for (const key of keys) if (!map.has(key)) map.set(key, place);
};
var StepList = class {
  steps;
  reveal = /* @__PURE__ */ new Map();
  // gid of a number -> place of the step that gives it
  #places = /* @__PURE__ */ new Map();
  // gid of the picture -> place of the step that it stands for
  #updates;
  // steps before those of the update
  constructor(list) {
    this.steps = list.map((step) => ({
      name: step.plain,
      equation: AWAITED,
      words: AWAITED,
      numbers: AWAITED,
      sentence: "",
      used: [],
      lights: [step.symbol],
      ...step
    }));
    for (const [place, { symbol, reveals }] of this.steps.entries()) {
      first(this.reveal, [symbol, ...reveals], place);
      first(this.#places, [symbol, ...reveals].flatMap(numberGids), place);
    }
    for (const [place, { of }] of this.steps.entries()) {
      if (of) first(this.#places, [...lineGids(of), ...numberGids(of)], place);
    }
    this.#updates = this.steps.findIndex(({ block }) => block === "update");
  }
  // How many there are; the last epoch is followed by no update.
  count(isLast) {
    return isLast && this.#updates >= 0 ? this.#updates : this.steps.length;
  }
  at(place) {
    const step = this.steps[place];
    if (!step) throw new Error(`there is no step ${place}`);
    return step;
  }
  // The place of the step that gives a symbol, or −1.
  find(symbol) {
    return this.steps.findIndex((step) => step.symbol === symbol);
  }
  // The place of the step that a gid of the picture stands for, or −1.
  placeOf(gid) {
    return this.#places.get(gid) ?? -1;
  }
  // The first step of the next block, or of this one, or of the one before; −1 before the first.
  block(way, from, count) {
    const start = (place) => {
      let at = place;
      while (at > 0 && this.at(at - 1).block === this.at(at).block) at--;
      return at;
    };
    if (way > 0) {
      let at = from;
      while (at < count && this.at(at).block === this.at(from).block) at++;
      return at;
    }
    if (start(from) < from) return start(from);
    return from === 0 ? -1 : start(from - 1);
  }
  // Whether the equation of a step is here.
  describes(place) {
    return this.steps[place]?.equation !== AWAITED;
  }
  // The equations of some steps.
  describe(from, described) {
    for (const [place, step] of described.entries()) Object.assign(this.at(from + place), step);
  }
  // The blocks in their order, each with its steps.
  blocks() {
    const names = [...new Set(this.steps.map(({ block }) => block))];
    return names.map((name2) => [name2, this.steps.filter(({ block }) => block === name2)]);
  }
};

// src/step_player.ts
var StepPlayer = class {
  reached = new Signal();
  // another step is shown
  lit = new Signal();
  // what it lights up
  card;
  #shown;
  #lights;
  #outline = null;
  // the steps as they came
  #list = new StepList([]);
  #refusal = "";
  // why there are none
  #place = 0;
  #isOn = false;
  #complete = true;
  // what the card shows is all here
  #given = false;
  // the number of this step has been given or asked for
  #shownAt = "";
  // film, frame and step that the card shows
  constructor(shown, scene) {
    this.#shown = shown;
    shown.describes = (place) => this.#list.describes(place);
    this.#lights = new StepLights(scene);
    this.card = new StepCard((gid) => this.#text(gid), scene.groups, shown.ask !== null);
    const { card } = this;
    card.pressed.on((way) => this.#press(way));
    card.chosen.on((symbol) => {
      this.#to(Math.min(this.#list.find(symbol), this.#count() - 1));
      this.show();
    });
    card.wants.on((want) => this.#request(want));
    card.copies.on(() => {
      if (this.isHere) copyText(this.#words(), (said) => card.prediction.say(said));
    });
    card.prediction.typed.on((typed) => this.#judge(typed));
    card.prediction.given.on(() => this.#give(""));
    card.prediction.switched.on(() => {
      this.#given = false;
      card.prediction.say("");
      this.show();
    });
  }
  get isOn() {
    return this.#isOn;
  }
  get isHere() {
    return this.#list.steps.length > 0;
  }
  get #now() {
    return this.#list.at(this.#place);
  }
  #count(frame = this.#shown.frame) {
    return this.#list.count(frame === this.#shown.lastFrame);
  }
  #text(gid) {
    return this.#shown.number(gid, this.#place) ?? AWAITED;
  }
  // The steps of a film, or why they are refused; the step stays where it was.
  load({ steps, refusal }) {
    this.#refusal = refusal;
    this.card.element.classList.toggle("film-empty", !steps.length);
    if (steps === this.#outline) return;
    this.#outline = steps;
    this.#list = new StepList(steps);
    this.card.load(this.#list);
  }
  turn(on) {
    this.#isOn = on;
    this.card.element.hidden = !on;
    if (on) {
      this.show();
      return;
    }
    this.#shownAt = "";
    this.#lights.dark();
    this.#lights.uncover(this.#list);
  }
  // Puts the current step on the card and on the picture.
  show() {
    if (!this.#isOn) return;
    this.card.element.hidden = false;
    if (!this.isHere) {
      this.card.refuse(this.#refusal || "Loading the steps …");
      return;
    }
    this.#place = Math.max(0, Math.min(this.#place, this.#count() - 1));
    this.#complete = this.#shown.reach(this.#place) && this.#list.describes(this.#place);
    const comes = this.#comes();
    const view = this.#view();
    this.card.show(view);
    this.#lights.dark();
    this.#lights.hide(this.#list, this.#place, view.hides);
    if (comes) this.reached.emit(view.step);
    this.#lights.light(view.step);
    if (comes) this.lit.emit(this.#lights.lit);
    const told2 = view.hides ? `Step ${this.#place + 1}: predict ${view.step.plain}` : this.#words();
    this.card.element.setAttribute("aria-label", told2);
  }
  // Whether the step is another one; else the same is shown again, because a person points at something or answers.
  #comes() {
    const at = `${this.#shown.film.number}/${this.#shown.frame}/${this.#place}/${this.#complete}`;
    if (at === this.#shownAt) return false;
    this.#shownAt = at;
    this.#given = false;
    this.card.prediction.clear();
    return true;
  }
  // What is not here yet is not asked, and what is not finite cannot be predicted.
  #view() {
    const step = this.#now;
    const asks = this.card.prediction.isOn && !this.#given;
    const hides = asks && Number.isFinite(numberOf(this.#text(step.symbol)));
    return { step, place: this.#place, count: this.#count(), complete: this.#complete, hides };
  }
  #press(way) {
    if (!this.isHere) return;
    const block = (by) => this.#list.block(by, this.#place, this.#count());
    if (way === "first") this.#to(0);
    else if (way === "last") this.#to(this.#count() - 1);
    else if (way === "rewind") this.#to(block(-1));
    else if (way === "forward") this.#to(block(1));
    else this.move(way === "next" ? 1 : -1);
  }
  move(by) {
    this.#to(this.#place + by);
  }
  // Goes to a step; before the first is the last of the epoch before, behind the last the first of the next epoch.
  #to(wanted) {
    if (!this.isHere) return;
    const { frame, lastFrame } = this.#shown;
    if (wanted < 0) {
      if (frame === 0) return;
      this.#place = this.#count(frame - 1) - 1;
      this.#shown.go(frame - 1);
    } else if (wanted >= this.#count()) {
      if (frame === lastFrame) return;
      this.#place = 0;
      this.#shown.go(frame + 1);
    } else {
      this.#place = wanted;
      this.show();
    }
  }
  // Shows the step of a gid of the picture; says whether there is one.
  choose(gid) {
    const place = this.#list.placeOf(gid);
    if (place >= 0) this.#to(Math.min(place, this.#count() - 1));
    return place >= 0;
  }
  // The equations of some steps, and that their numbers are here: the card shows them if it waits for them.
  take({ from, steps = [] }) {
    this.#list.describe(from, steps);
    if (!this.#complete) this.show();
    else if (this.#isOn) this.#shown.reach(this.#place);
  }
  // Asks Python for more about the current step.
  #request(want, details = {}) {
    const { film, frame, ask } = this.#shown;
    ask?.({ want, film: film.number, frame, symbol: this.#now.symbol, ...details });
  }
  // What Python answered about a step; it may have been left in the meantime.
  told(answer) {
    if (!this.#isOn || !this.isHere) return;
    if (this.#now.symbol !== answer.symbol || this.#shown.frame !== answer.frame) return;
    if (answer.kind === "diagnosis") this.card.prediction.say(answer.hint);
    if (answer.kind === "digits") this.card.showDigits(answer.text);
    if (answer.kind === "nudge") this.card.showPlot(answer.svg);
    if (answer.kind !== "diagnosis") this.card.focus();
  }
  #judge(typed) {
    const step = this.#now;
    const verdict = judge(typed, this.#text(step.symbol), this.card.withTheDigitsShown(step));
    if (verdict.kind === "right") this.#give(verdict.text);
    else this.card.prediction.say(verdict.text);
    if (verdict.kind === "wrong") this.#request("diagnosis", { answer: verdict.given, unit: verdict.unit });
  }
  // Shows the number, and says something about it.
  #give(said) {
    this.#given = true;
    this.card.prediction.say(said);
    this.show();
    this.card.focus();
  }
  // The step as one plain paragraph.
  #words() {
    const step = this.#now;
    const where = `Epoch ${this.#shown.epoch()}, step ${this.#place + 1} of ${this.#count()} (${step.block}).`;
    const equation = `${step.plain} = ${step.words} ${this.card.numbers} = ${this.#text(step.symbol)}.`;
    return `${where} ${step.sentence} ${equation}`;
  }
};

// src/values_table.ts
var ValuesTable = class {
  element = make("table", { class: "film-values" });
  #shown;
  #shape = "";
  // of the table that is written
  #changes = [];
  #printed = {};
  #printedAt = null;
  // epoch whose printed figures stand there
  constructor(shown) {
    this.#shown = shown;
  }
  load({ table, epochs }) {
    const shape = JSON.stringify([table.derivative, table.rows, epochs.counts]);
    if (this.#shape !== shape) this.#write(table, epochs.counts);
    this.#shape = shape;
    this.#printed = table.printed;
    this.#printedAt = null;
    const filmed = this.cells().filter(({ dataset: { value = "" } }) => this.#has(value));
    this.#changes = filmed.map((cell) => {
      const text = cell.firstChild;
      const set = (value) => {
        text.data = value;
      };
      return new Change("text", cell.dataset.value ?? "", set, text.data);
    });
  }
  #has(gid) {
    return gid === "epoch" || this.#shown.overview.changes("text", gid);
  }
  #write({ derivative, rows }, counts) {
    const caption = make("caption", {
      html: `${capital(counts)} <b data-value="epoch"></b>: every value`
    });
    const heads = ["symbol", "value", derivative, "printed in the source"];
    const titles = heads.map((html) => make("th", { scope: "col", html }));
    const cell = (gid) => make("td", gid ? { "data-value": gid } : {});
    const lines = rows.map(({ symbol, html, derivative: its }) => {
      const printed = make("td", { class: "film-printed", "data-row": symbol });
      const head = make("th", { scope: "row", html });
      return make("tr", { "data-symbol": symbol }, head, cell(symbol), cell(its), printed);
    });
    this.element.replaceChildren(
      caption,
      make("thead", {}, make("tr", {}, ...titles)),
      make("tbody", {}, ...lines)
    );
    for (const one of this.cells()) one.append(document.createTextNode(""));
  }
  cells() {
    return [...this.element.querySelectorAll("[data-value]")];
  }
  rows() {
    return [...this.element.querySelectorAll("tbody tr")];
  }
  apply() {
    for (const change of this.#changes) change.apply((channel, gid) => this.#shown.value(channel, gid));
    this.#showPrinted(this.#shown.epoch(this.#shown.here.frame));
  }
  #showPrinted(epoch) {
    const before = this.#printedAt;
    if (before === epoch) return;
    this.#printedAt = epoch;
    if (before !== null && !(before in this.#printed) && !(epoch in this.#printed)) return;
    for (const cell of this.element.querySelectorAll("[data-row]")) {
      const figures = this.#printed[epoch]?.[cell.dataset.row ?? ""] ?? [];
      cell.replaceChildren(...figures.map(told));
    }
  }
};
var told = ({ html, badge, why, note: note2 }) => make("div", {
  html: `${html} <span class="film-badge" title="${why}">${badge}</span> <small>${note2}</small>`
});

// src/film.ts
var REST = 250;
var FilmView = class {
  rested = new Signal();
  // the frame that the user stopped on
  chose;
  // layers of the network's picture
  stepped = new Signal();
  // whether the steps are open
  files;
  // asks for files
  #shown;
  #layers;
  #pictures;
  #readout;
  #values;
  #history;
  #steps;
  #pointing;
  #player;
  #stage;
  #inside = textButton(
    "Step inside",
    "Walk through the steps inside an epoch",
    () => this.step(!this.#steps.isOn),
    {
      class: "film-inside",
      "aria-pressed": "false"
    }
  );
  #restTimer;
  constructor(root, { ask, saves }) {
    this.#shown = new Shown(ask);
    this.#pictures = new Pictures(this.#shown);
    this.#layers = new Layers(() => this.#pictures.groups);
    this.chose = this.#layers.chose;
    this.#readout = new Readout(this.#shown, this.#pictures);
    this.#values = new ValuesTable(this.#shown);
    this.#history = new HistoryTable(this.#shown);
    this.files = new FileBar({ saves, makes: ask !== null });
    this.#player = new Player(this.#shown, this.#layers.element, this.#inside);
    this.#stage = this.#laidOut();
    this.#steps = new StepPlayer(this.#shown, {
      groups: () => this.#pictures.groups,
      rows: () => this.#values.rows(),
      cells: () => [
        ...this.#stage.element.querySelectorAll(
          "tbody [data-value], .film-readout [data-value]"
        )
      ]
    });
    this.#pictures.element.append(this.#steps.card.element);
    this.#pointing = new Pointing(this.#shown, this.#pictures, this.#readout, this.#steps);
    root.append(this.#stage.element);
    this.#connect();
    this.#listen();
  }
  #laidOut() {
    return new Stage(
      {
        bar: this.#player.element,
        pictures: this.#pictures.element,
        readout: this.#readout.element,
        values: this.#values.element,
        history: this.#history.element,
        files: this.files
      },
      () => this.#pictures.description(),
      (said) => this.#player.tell(said)
    );
  }
  // What follows from what.
  #connect() {
    const shown = this.#shown;
    shown.moved.on(() => this.#apply());
    shown.went.on(() => {
      clearTimeout(this.#restTimer);
      this.#restTimer = setTimeout(() => this.rested.emit(shown.frame), REST);
    });
    this.#steps.reached.on(({ moves, symbol }) => this.#layers.takeTurn(moves || symbol));
    this.#steps.lit.on((groups) => this.#pictures.bringIntoView(groups));
    this.#readout.told.on(() => this.#steps.show());
    this.#pointing.opens.on(() => this.step(true));
  }
  #listen() {
    const shown = this.#shown;
    this.#stage.listen({
      step: (by) => {
        if (this.#steps.isOn) this.#steps.move(by);
        return this.#steps.isOn;
      },
      go: (to) => shown.go(to),
      play: () => this.#player.play.play(this.#player.play.way ? 0 : 1),
      frame: () => shown.frame,
      lastFrame: () => shown.lastFrame
    });
  }
  // Draws the frame in every view; while its part is on its way, the nearest of the overview under its own epoch.
  #apply() {
    this.#pictures.apply();
    this.#stage.apply(this.#shown.film.number, this.#shown.epoch(this.#shown.here.frame));
    this.#player.apply();
    this.#values.apply();
    this.#history.apply();
    this.#readout.write();
    this.#steps.show();
  }
  // A new film; the epoch stays where it was, as far as there is one.
  load(film) {
    this.#steps.load(this.#shown.load(film));
    this.#player.load(film);
    this.#stage.load(film);
    this.#pictures.load(film);
    this.#layers.load(film);
    this.#readout.load(film);
    this.#values.load(film);
    this.#history.load(film);
    this.#layers.show();
    this.#shown.draw();
    this.#readout.tell();
    this.#pointing.takeWanted();
  }
  // The steps of the film that is here.
  walk(steps, walked) {
    this.#steps.load(this.#shown.walk(steps, walked));
    this.#steps.show();
    this.#pointing.takeWanted();
  }
  // Opens or closes the steps.
  step(on) {
    this.#stage.steps(on);
    this.#inside.setAttribute("aria-pressed", String(on));
    if (on === this.#steps.isOn) return;
    this.#steps.turn(on);
    if (!on) this.#layers.takeTurn("");
    this.stepped.emit(on);
    this.#shown.draw();
  }
  told(answer) {
    if (answer.kind !== "stretch") {
      this.#steps.told(answer);
      return;
    }
    this.#shown.takeStretch(answer.stretch);
    this.#steps.take(answer.stretch);
  }
  receive(part) {
    this.#shown.receive(part);
  }
  // A question that was asked at a time has been answered: what was asked for before it and is not here got lost.
  lose(since) {
    if (!this.#shown.lose(since)) return;
    this.#history.refresh();
    this.#shown.draw();
  }
  layers(names) {
    this.#layers.choose(names);
  }
  go(frame) {
    this.#shown.go(frame);
  }
  goTo(epoch) {
    this.#shown.goTo(epoch);
  }
  // The state that is shown, as an address tells it.
  shown() {
    return { epoch: this.#shown.epoch(), show: this.#layers.chosen(), steps: this.#steps.isOn };
  }
  // The number of the film and the frame that a file is asked for.
  get place() {
    return { film: this.#shown.film.number, frame: this.#shown.frame };
  }
  say(text) {
    this.#player.say(text);
  }
  waits(on) {
    this.files.waits(on);
  }
  // The page is about to be left.
  leave() {
    this.#player.play.play(0);
    clearTimeout(this.#restTimer);
  }
};

// src/model.ts
function listen(model, heard) {
  for (const [event, listener] of Object.entries(heard)) model.on(event, listener);
  return () => {
    for (const [event, listener] of Object.entries(heard)) model.off(event, listener);
  };
}

// src/film_widget.ts
var TOUCHES = ["keydown", "input", "change", "pointerdown", "pointerup"];
var FilmWidget = class {
  #model;
  #view;
  #files;
  #kernel;
  #agreed;
  // the frame that kernel and page were at last
  #loaded = 0;
  // number of the film that is here
  #words = "";
  // about it
  #silent = false;
  // whether the kernel has not answered for too long
  constructor(model, el) {
    this.#model = model;
    this.#agreed = model.get("frame");
    this.#view = new FilmView(el, { ask: (request) => this.#send(request), saves: true });
    this.#files = new Downloads({
      send: (request) => this.#send(request),
      waits: (on) => this.#view.waits(on),
      say: (text) => {
        this.#words = text;
        this.#view.say(text);
      }
    });
    this.#kernel = new Watch({
      ask: () => this.#send({ want: "alive" }),
      looked: (waiting) => {
        if (this.#files.some) this.#kernel.begin();
        this.#files.look(waiting);
      },
      told: (silent) => {
        this.#silent = silent;
        this.#tell();
      }
    });
    this.#connect();
    this.#open();
  }
  #send(request) {
    try {
      this.#model.send(request);
    } catch {
    }
  }
  #connect() {
    const [model, view] = [this.#model, this.#view];
    view.files.wants.on((format) => this.#files.ask({ want: "file", format, ...view.place }));
    view.files.stops.on(() => this.#files.stop());
    view.rested.on((frame) => {
      this.#agreed = frame;
      model.set("frame", frame);
      model.save_changes();
    });
    view.chose.on((layers) => {
      model.set("layers", layers);
      model.save_changes();
    });
    view.stepped.on((on) => {
      model.set("stepping", on);
      model.save_changes();
    });
  }
  #open() {
    const [model, view] = [this.#model, this.#view];
    view.layers(model.get("layers"));
    this.#load();
    view.step(model.get("stepping"));
    view.go(model.get("frame"));
  }
  #tell() {
    this.#view.say(this.#silent ? SILENT : this.#words);
  }
  // Words are about a film: those of one that has not come are not said over the pictures of another.
  #hear() {
    const { film, text } = this.#model.get("message");
    if (film <= this.#loaded) this.#words = text;
    this.#tell();
  }
  #load() {
    const model = this.#model;
    const reel = model.get("reel");
    const stills = model.get("pictures").map((name2) => [name2, model.get(`still_${name2}`)]);
    this.#loaded = reel.number;
    this.#view.load({ ...reel, stills: Object.fromEntries(stills), ...this.#steps() });
    this.#follow();
    this.#hear();
  }
  // The steps inside the epoch, where they are those of the film that is here.
  #steps() {
    const walked = this.#model.get("walked");
    if (walked.film !== this.#loaded) return void 0;
    return { steps: this.#model.get("steps"), walked };
  }
  #walk() {
    const found = this.#steps();
    if (found) this.#view.walk(found.steps, found.walked);
  }
  // A frame belongs to the film that comes with it, whichever of the two is told first.
  #follow() {
    const frame = this.#model.get("frame");
    if (this.#model.get("reel").number !== this.#loaded || frame === this.#agreed) return;
    this.#agreed = frame;
    this.#view.go(frame);
  }
  #answer(answer, buffers) {
    this.#kernel.answered();
    if (answer.kind === "file") this.#files.take(answer, buffers);
    else if (answer.kind === "alive") this.#view.lose(this.#kernel.since);
    else if (answer.film !== this.#model.get("reel").number) return;
    else if (answer.kind === "part") this.#view.receive(answer.part);
    else this.#view.told(answer);
  }
  // Hears the model and the page; gives what ends it.
  begin(el) {
    const silence = listen(this.#model, {
      "change:reel": () => this.#load(),
      "change:walked": () => this.#walk(),
      "change:frame": () => this.#follow(),
      "change:layers": () => this.#view.layers(this.#model.get("layers")),
      "change:stepping": () => this.#view.step(this.#model.get("stepping")),
      "change:message": () => {
        this.#kernel.answered();
        this.#hear();
      },
      "msg:custom": (answer, buffers) => this.#answer(answer, buffers)
    });
    const touched = ({ target }) => {
      if ((el.closest(".ann-dashboard") ?? el).contains(target)) this.#kernel.begin();
    };
    for (const event of TOUCHES) document.addEventListener(event, touched, true);
    const leave = () => {
      this.#kernel.end();
      this.#view.leave();
    };
    addEventListener("beforeunload", leave);
    return () => {
      this.#kernel.end();
      removeEventListener("beforeunload", leave);
      for (const event of TOUCHES) document.removeEventListener(event, touched, true);
      silence();
    };
  }
};
var film_widget_default = {
  render({ model, el }) {
    return new FilmWidget(model, el).begin(el);
  }
};
export {
  FilmView,
  film_widget_default as default
};
