// The step player: walks through the steps inside an epoch, forwards and backwards, across the borders of epochs.
// One module with film.js, which is put behind it. Equations and numbers come from Python (walkthrough.py).

// `screen` is what the player needs of the film. To read: text(gid, step), null where it is not here yet, reach(step), which says whether it is
// and asks for what is not, groups(), rows(), cells(), frame(), lastFrame(), epoch(), number().
// To act: make, icon, copy, go(frame), ask, reached(symbol) and follow(groups), which hear of each step once.
const AWAITED = "…"; // stands for what is on its way
const SAME = "="; // what the digits shown lead to, where that is the value itself

function stepPlayer(screen) {
  const { make } = screen;
  let outline = null; // of the steps, as it came
  let steps = []; // with what has come of their equations
  let refusal = ""; // why there are none
  let complete = true; // what the card shows is all here
  let reveal = new Map(); // gid of a number -> index of the step that gives it
  let index = 0;
  let on = false;
  let lit = [];
  let shownAgain = false; // the answer of this step has been given or asked for
  let shownAt = ""; // film, frame and step that the card shows

  const press = (name, title, act) => make("button", { type: "button", title, "aria-label": title, html: screen.icon(name), onclick: act });
  const where = make("span", { class: "film-where", "aria-live": "polite" });
  const list = make("select", { title: "Go to a step", "aria-label": "Go to a step" });
  const sentence = make("p", { class: "film-sentence" });
  const equation = make("div", { class: "film-equation" });
  const result = make("div", { class: "film-result" });
  const honesty = make("p", { class: "film-note" });
  const exact = make("p", { class: "film-note" });
  const check = make("p", { class: "film-note" });
  const plot = make("div", { class: "film-plot" });
  const ledger = make("div", { class: "film-ledger" });
  const predict = make("input", { type: "checkbox" });
  const answer = make("input", {
    type: "text",
    inputmode: "decimal",
    size: 9,
    title: "Your value, or + or − for its sign",
    "aria-label": "Your prediction",
  });
  const verdict = make("p", { class: "film-verdict", role: "status", "aria-live": "polite" });
  const asking = make(
    "form",
    { class: "film-asking" },
    make("label", {}, "Your value, or its sign ", answer),
    make("button", { type: "submit" }, "Check"),
    make("button", { type: "button", onclick: () => give("") }, "Show"),
  );
  const copy = make(
    "button",
    {
      type: "button",
      title: "Copy this step as a plain paragraph",
      onclick: () => steps.length && screen.copy(words(), (said) => (verdict.textContent = said)),
    },
    "Copy as notes",
  );
  const card = make(
    "section",
    { class: "film-steps", "aria-label": "Step inside the epoch", tabindex: 0 },
    make(
      "div",
      { class: "film-bar" },
      press("first", "First step of the epoch", () => to(0)),
      press("rewind", "Previous block", () => to(block(-1))),
      press("previous", "Previous step (arrow up)", () => to(index - 1)),
      press("next", "Next step (arrow down)", () => to(index + 1)),
      press("forward", "Next block", () => to(block(1))),
      press("last", "Last step of the epoch", () => to(count() - 1)),
      where,
    ),
    make(
      "div",
      { class: "film-bar" },
      list,
      make("label", { title: "Hide each number until you have predicted it" }, predict, " Predict first"),
      copy,
    ),
    sentence,
    equation,
    result,
    asking,
    verdict,
    honesty,
    exact,
    check,
    plot,
    ledger,
  );
  card.hidden = true;
  asking.hidden = true;

  // The last epoch is followed by no update.
  function count(frame = screen.frame()) {
    const updates = steps.findIndex((step) => step.block === "update");
    return frame === screen.lastFrame() && updates >= 0 ? updates : steps.length;
  }
  const now = () => steps[index];
  const text = (gid) => screen.text(gid, index) ?? AWAITED;
  // What is not here yet is not asked, and what is not finite cannot be predicted.
  const hidesNow = () => predict.checked && !shownAgain && Number.isFinite(numberOf(text(now().symbol)));

  // The first step of the next block, or of this one, or of the one before.
  function block(way) {
    let at = index;
    if (way > 0) {
      while (at < count() && steps[at].block === now().block) at++;
      return at;
    }
    const start = (from) => {
      while (from > 0 && steps[from - 1].block === steps[from].block) from--;
      return from;
    };
    return start(index) < index ? start(index) : index === 0 ? -1 : start(index - 1);
  }

  // Goes to a step; before the first is the last of the epoch before, behind the last the first of the next epoch.
  function to(wanted) {
    if (!steps.length) return;
    const frame = screen.frame();
    if (wanted < 0) {
      if (frame === 0) return;
      index = count(frame - 1) - 1;
      screen.go(frame - 1);
    } else if (wanted >= count()) {
      if (frame === screen.lastFrame()) return;
      index = 0;
      screen.go(frame + 1);
    } else {
      index = wanted;
      show();
    }
  }

  function find(symbol) {
    return steps.findIndex((step) => step.symbol === symbol);
  }

  // The step that a gid of the diagram stands for, or -1.
  function stepOf(gid) {
    const symbol = gid.replace(/^(label|box|name|node):/, "").replace(/^(connection|arrow):/, "dL_d");
    const term = /^lambda_\d+_(\d+)_[IHO]\d+$/.exec(symbol);
    if (term) return steps.findIndex((step) => step.reveals.includes(symbol));
    const found = find(symbol);
    return found >= 0 ? found : find(`dL_d${symbol}`);
  }

  // Asks Python for more about the current step.
  function request(want, details = {}) {
    screen.ask({ want, film: screen.number(), frame: screen.frame(), symbol: now().symbol, ...details });
  }

  function light(gid, name) {
    const group = screen.groups().get(gid.includes(":") ? gid : `box:${gid}`);
    if (group) {
      group.classList.add(name);
      lit.push([group, name]);
    }
  }

  function dark() {
    for (const [group, name] of lit) group.classList.remove(name);
    lit = [];
    for (const group of screen.groups().values()) group.classList.remove("film-path-lit");
    for (const row of screen.rows()) row.classList.remove("film-now");
  }

  function fill(element) {
    for (const place of element.querySelectorAll("[data-value]")) {
      const value = text(place.dataset.value);
      place.textContent = value.startsWith("−") && "factor" in place.dataset ? `(${value})` : value;
    }
  }

  // Whether the equation of a step is here.
  const describes = (place) => steps[place].equation !== AWAITED;

  // Puts the current step on the card and on the diagram.
  function show() {
    if (!on) return;
    card.hidden = false;
    if (!steps.length) {
      where.textContent = refusal || "Loading the steps …";
      return;
    }
    index = Math.max(0, Math.min(index, count() - 1));
    const step = now();
    complete = screen.reach(index) && describes(index);
    const at = `${screen.number()}/${screen.frame()}/${index}/${complete}`;
    const comes = at !== shownAt; // else the same step is shown again, because a hand points at something or answers
    if (comes) {
      shownAt = at;
      shownAgain = false;
      answer.value = verdict.textContent = "";
    }
    const value = text(step.symbol);
    where.textContent = `Step ${index + 1} of ${count()}: ${step.block}`;
    list.value = step.symbol;
    sentence.textContent = step.sentence;
    equation.innerHTML = `<div>${step.name} = ${step.equation}</div><div>= ${step.numbers}</div>`;
    fill(equation);
    result.innerHTML = `= <b>${hidesNow() ? "?" : value}</b>`;
    asking.hidden = !hidesNow();
    copy.disabled = hidesNow();
    showHonesty(step, value);
    showCheck(step);
    showLedger(step);
    dark();
    for (const [gid, at] of reveal) {
      const group = screen.groups().get(gid);
      if (group) group.style.visibility = at > index || (at === index && hidesNow()) ? "hidden" : "";
    }
    for (const cell of screen.cells()) {
      const at = reveal.get(cell.dataset.value) ?? -1;
      cell.style.visibility = at > index || (at === index && hidesNow()) ? "hidden" : "";
    }
    if (comes) screen.reached(step.symbol);
    for (const symbol of step.used) light(symbol, "film-used");
    for (const gid of step.lights) light(gid, "film-lit");
    const row = step.symbol.replace(/^dL_d/, "").replace(/_next$/, "");
    for (const element of screen.rows()) element.classList.toggle("film-now", element.dataset.symbol === row);
    if (comes) screen.follow(lit.map(([group]) => group));
    card.setAttribute("aria-label", hidesNow() ? `Step ${index + 1}: predict ${step.plain}` : words());
  }

  function showHonesty(step, value) {
    const digits = withTheDigitsShown(step, value);
    exact.replaceChildren();
    if (screen.ask && complete && !hidesNow()) {
      exact.append(
        make(
          "button",
          { type: "button", title: "Show this equation with every digit the computer keeps", onclick: () => request("digits") },
          "All digits",
        ),
      );
    }
    honesty.hidden = hidesNow() || !complete || digits === value;
    honesty.textContent = `With the digits shown it comes to ${digits}: the last digit differs, because the computer keeps all of them (${value}).`;
  }

  const withTheDigitsShown = (step, value) => {
    const digits = text(`digits:${step.symbol}`);
    return digits === SAME ? value : digits;
  };
  const agreeing = (count) => (count === "1" ? "1 digit" : `${count} digits`);

  function showCheck(step) {
    const difference = text(`check:${step.symbol}`);
    check.hidden = hidesNow() || !complete || !difference;
    plot.replaceChildren();
    if (check.hidden) return;
    check.textContent = `Gradient check: nudging ${step.plain.replace(/^∂.\/∂/, "")} both ways gives ${difference}; ${agreeing(text(`agree:${step.symbol}`))} agree.`;
    if (screen.ask) {
      const title = "Plot the loss against this parameter, with the tangent";
      plot.append(make("button", { type: "button", title, onclick: () => request("nudge") }, "Plot the loss around it"));
    }
  }

  function showLedger(step) {
    ledger.replaceChildren();
    ledger.hidden = hidesNow() || !complete || !step.paths;
    if (ledger.hidden) return;
    const node = step.symbol.replace(/^dL_d/, "");
    const whole = `Sum of all paths: ${text(`whole:${node}`)}`;
    ledger.append(make("h4", { html: `${step.name}, path by path` }));
    step.paths.forEach((path, place) => {
      const box = make("input", { type: "checkbox", checked: true, title: "Leave this path out" });
      const row = make(
        "label",
        { class: "film-path" },
        box,
        make("span", { html: path.nodes }),
        make("b", {}, text(`path:${node}:${place}`)),
        make("div", { html: path.equation }),
      );
      const lightPath = (wanted) => path.lights.forEach((gid) => screen.groups().get(gid)?.classList.toggle("film-path-lit", wanted));
      row.addEventListener("mouseenter", () => lightPath(true));
      row.addEventListener("mouseleave", () => lightPath(false));
      box.addEventListener("focus", () => lightPath(true));
      box.addEventListener("blur", () => lightPath(false));
      box.addEventListener("change", () => {
        for (const other of ledger.querySelectorAll("input")) if (other !== box) other.checked = true;
        total.textContent = box.checked
          ? whole
          : `Without this path: ${text(`without:${node}:${place}`)}, which is wrong: ${step.plain} is ${text(`whole:${node}`)}.`;
        total.classList.toggle("film-wrong", !box.checked);
      });
      ledger.append(row);
    });
    const total = make("p", {}, whole);
    ledger.append(total);
  }

  // The step as one plain paragraph.
  function words() {
    const step = now();
    const numbers = equation.lastElementChild?.textContent ?? "";
    return `Epoch ${screen.epoch()}, step ${index + 1} of ${count()} (${step.block}). ${step.sentence} ${step.plain} = ${step.words} ${numbers} = ${text(step.symbol)}.`;
  }

  // ---------------------------------------------------------------- predict, then reveal

  // Shows the number; the hand stays on the card, so that the arrow keys go on.
  function give(said) {
    shownAgain = true;
    verdict.textContent = said;
    show();
    card.focus({ preventScroll: true });
  }

  // A number as it is written; "1,000" has two readings and is none of them, as everywhere.
  const numberOf = (text) => (/^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i.test(plain(text)) ? Number(plain(text).replace(",", ".")) : NaN);
  const plain = (text) => text.trim().replaceAll("−", "-");
  const twoReadings = (text) => /^[+-]?[1-9]\d{0,2},\d{3}$/.test(plain(text)) && [plain(text).replace(",", ""), plain(text).replace(",", ".")];

  // One unit of the last digit of a number as it is written: 0.01 for −0.32, 0.001 for 1e−3.
  function unitOf(text) {
    const [mantissa, exponent = "0"] = text.replaceAll("−", "-").replace(",", ".").split("e");
    return 10 ** (Number(exponent) - (mantissa.split(".")[1] ?? "").length);
  }

  asking.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = answer.value.trim();
    const [given, value] = [numberOf(typed), text(now().symbol)];
    const digits = withTheDigitsShown(now(), value);
    const near = (number) => Math.abs(given - numberOf(number)) <= 0.5001 * unitOf(number);
    if (/^[+−-]$/.test(typed)) verdict.textContent = judgedSign(typed === "+" ? 1 : -1, Math.sign(numberOf(value)));
    else if (twoReadings(typed)) {
      const either = twoReadings(typed).join(" or ").replaceAll("-", "−");
      verdict.textContent = `“${typed}” could be ${either}: write ${either}.`;
    } else if (typed === "" || Number.isNaN(given)) {
      verdict.textContent = `“${answer.value}” is no number: type a number such as −0.32, or + or − for the sign.`;
    } else if (near(value)) give(`Right: ${value}.`);
    else if (near(digits)) give(`Right with the digits shown; with all digits it is ${value}.`);
    else {
      verdict.textContent = "Not yet: try again, or show it.";
      if (screen.ask) request("diagnosis", { answer: given, unit: unitOf(typed) });
    }
  });

  function judgedSign(given, right) {
    if (right === 0) return "It is zero: it has no sign. And its value?";
    if (given !== right) return "No: look at the signs of the factors again.";
    return `Right, it is ${right > 0 ? "positive" : "negative"}. And its value?`;
  }

  predict.addEventListener("change", () => {
    shownAgain = false;
    verdict.textContent = "";
    show();
  });
  list.addEventListener("change", () => {
    to(Math.min(find(list.value), count() - 1));
    show();
  });

  return {
    card,
    show,
    // The steps of a film, or why they are refused; the step stays where it was.
    load(next, why) {
      refusal = why;
      card.classList.toggle("film-empty", !next.length);
      if (next === outline) return; // those of the network that was here, with all that has come of them
      outline = next;
      steps = next.map((step) => ({ name: step.plain, equation: AWAITED, words: AWAITED, numbers: AWAITED, sentence: "", used: [], lights: [step.symbol], ...step }));
      reveal = new Map();
      steps.forEach((step, place) => {
        for (const gid of [step.symbol, ...step.reveals]) if (!reveal.has(gid)) reveal.set(gid, place);
      });
      list.replaceChildren();
      for (const name of new Set(steps.map((step) => step.block))) {
        const group = make("optgroup", { label: name });
        for (const step of steps.filter(({ block }) => block === name)) group.append(make("option", { value: step.symbol }, step.plain));
        list.append(group);
      }
    },
    turn(wanted) {
      on = wanted;
      card.hidden = !on;
      if (on) show();
      else {
        shownAt = "";
        dark();
        for (const gid of reveal.keys()) {
          const group = screen.groups().get(gid);
          if (group) group.style.visibility = "";
        }
        for (const cell of screen.cells()) cell.style.visibility = "";
      }
    },
    isOn: () => on,
    isHere: () => steps.length > 0,
    describes,
    // The equations of some steps, and that their numbers are here: the card shows them if it waits for them.
    take({ from, steps: described = [] }) {
      for (const [place, step] of described.entries()) Object.assign(steps[from + place], step);
      if (!complete) show();
      else if (on) screen.reach(index);
    },
    move: (by) => to(index + by),
    // A click on the diagram: shows the step of what was clicked.
    choose(gid) {
      const step = stepOf(gid);
      if (step >= 0) to(Math.min(step, count() - 1));
      return step >= 0;
    },
    // What Python answered about a step; it may have been left in the meantime.
    told({ kind, symbol, frame, hint, text, svg }) {
      if (!on || now()?.symbol !== symbol || screen.frame() !== frame) return;
      if (kind === "diagnosis") verdict.textContent = hint;
      if (kind === "digits") exact.textContent = `= ${text}`;
      if (kind === "nudge") plot.innerHTML = svg;
      if (kind !== "diagnosis") card.focus({ preventScroll: true }); // the button that asked is gone
    },
  };
}
