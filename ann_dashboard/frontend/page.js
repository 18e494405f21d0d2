// A page of its own: the films that it holds, a chooser where there are several, the state in its address, and the CSV.

// A number as Python writes it: the shortest text that is read back as the same float.
function asPython(value) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [, digits, sign, power] = /^(.*)e(.)(.*)$/.exec(value.toExponential());
    return `${digits}e${sign}${power.padStart(2, "0")}`;
  }
  const text = String(value);
  return text.includes(".") ? text : `${text}.0`;
}

// The whole record as CSV, letter for letter as History.to_csv writes it.
function csvText({ index, columns, values }) {
  const names = Object.keys(index);
  const lines = [[...names, ...columns].join()];
  for (const piece of values) {
    const numbers = new DataView(Uint8Array.from(atob(piece), (letter) => letter.charCodeAt(0)).buffer);
    for (let place = 0; place < numbers.byteLength; ) {
      const row = lines.length - 1;
      const cells = names.map((name) => index[name][row]);
      for (let column = 0; column < columns.length; column++, place += 8) cells.push(asPython(numbers.getFloat64(place, true)));
      lines.push(cells.join());
    }
  }
  return `${lines.join("\n")}\n`;
}

const READERS = {
  training: (text, { trainings }) => whole(text, 1, trainings),
  epoch: (text) => whole(text, 0, Infinity),
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

function whole(text, least, most) {
  if (!/^\d{1,9}$/.test(text) || Number(text) < least || Number(text) > most) {
    throw new Error(`give a whole number from ${least}${most < Infinity ? ` to ${most}` : ""}`);
  }
  return Number(text);
}

// What the address asks for, by name, and what of it was left out and why.
function asked(query, there) {
  const wanted = {};
  const ignored = [];
  for (const [name, text] of new URLSearchParams(query)) {
    const short = text.length <= 30 ? text : `${text.slice(0, 29)}…`;
    try {
      if (!Object.hasOwn(READERS, name)) throw new Error("this page has no such choice");
      if (Object.hasOwn(wanted, name)) throw new Error("the first one counts");
      wanted[name] = READERS[name](text, there);
    } catch (error) {
      ignored.push(`${name.slice(0, 30)}=${short} (${error.message})`);
    }
  }
  return [wanted, ignored];
}

// Builds the page; `query` is that of its address.
function openPage({ opens, stills, shared, trainings }, query) {
  const chooser = document.querySelector("#training");
  const download = () => {
    const { record } = trainings[chooser.value];
    save(record.name, "text/csv", [csvText(record)]);
  };
  const film = mount(document.querySelector("main"), { download, rested: keep, chose: keep, stepped: keep });
  const reelOf = (number) => ({ ...shared, ...trainings[number].reel });
  const show = (number) => {
    const named = Object.entries(trainings[number].stills).map(([name, place]) => [name, stills[place]]);
    chooser.value = number;
    document.querySelector("#about").textContent = trainings[number].about;
    film.load({ ...reelOf(number), stills: Object.fromEntries(named), number });
  };
  for (const [number, { label }] of trainings.entries()) chooser.append(make("option", { value: number }, label));
  chooser.closest("label").hidden = trainings.length === 1;
  chooser.addEventListener("change", () => {
    show(Number(chooser.value));
    keep();
  });

  // Lets the address follow what is shown, so that a reload and a copied link open it again; what is as the page opens is left out.
  function keep() {
    const now = { training: Number(chooser.value) + 1, ...film.shown() };
    const parts = Object.entries(now).filter(([name, value]) => String(value) !== String(plain[name]));
    const query = parts.map(([name, value]) => `${name}=${{ true: "yes", false: "no" }[value] ?? value}`).join("&");
    const address = `${location.href.split(/[?#]/)[0]}${query && `?${query}`}${location.hash}`;
    try {
      history.replaceState(null, "", address);
    } catch {
      // inside another page, as in JupyterLab's viewer, it has no address of its own to change
    }
    return address;
  }
  document.querySelector("#link").addEventListener("click", () => {
    copyText(keep(), (said) => (document.querySelector("#copied").textContent = said));
  });

  const layers = Object.keys(reelOf(0).layers);
  const plain = { training: 1, ...opens };
  const [wanted, ignored] = asked(query, { trainings: trainings.length, layers });
  film.layers(wanted.show ?? opens.show);
  show((wanted.training ?? 1) - 1);
  const { last, counts } = reelOf(chooser.value).epochs;
  if (wanted.epoch > last) ignored.push(`epoch=${wanted.epoch} (the last ${counts} is ${last})`);
  film.goTo(wanted.epoch ?? opens.epoch);
  film.step(wanted.steps ?? opens.steps);
  const said = ignored.length ? [`Of the page's address was ignored: ${ignored.join("; ")}.`] : [];
  const { epoch } = film.shown();
  if (wanted.epoch <= last && wanted.epoch !== epoch) said.push(`The address asks for ${counts} ${wanted.epoch}, which is not recorded: ${epoch} is shown.`);
  film.say(said.join(" "));
}
