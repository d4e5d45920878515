// A practice that a device carries: played here by the rules of the server (pme/content/play.py). What is decided is
// kept first, then sent in order; the server takes each once, and what was decided elsewhere meanwhile counts.

const { mine, store, fill, words_of, send_all, title } = globalThis.pme;

const stage = document.querySelector("[data-carried]");
const note = document.querySelector("[data-saved]");
const says = words_of(stage);
const given = Object.fromEntries(["start", "state", "flags", "path", "step"].map((name) => [name, JSON.parse(stage.dataset[name])]));
const log = `${mine}carried:${stage.dataset.post}`;
const place_of = (number) => document.querySelector(`[data-place="${number}"]`);
const option_of = (place, position) => place.content.querySelector(`[data-option="${position}"]`);
const part = (name) => document.querySelector(`template[data-${name}]`).content.cloneNode(true);

// ---- Conditions, as pme/content/conditions.py tells them.

const COMPARE = {
  "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b, "==": (a, b) => a === b, "!=": (a, b) => a !== b,
};

function value(told, values) {
  if (!Array.isArray(told)) return told;
  const [act, ...parts] = told;
  if (act === "value") return values[parts[0]];
  if (act === "not") return Number(!value(parts[0], values));
  if (act === "minus") return -value(parts[0], values);
  if (act === "and") return Number(parts.every((each) => value(each, values)));
  if (act === "or") return Number(parts.some((each) => value(each, values)));
  let [left, ...rest] = parts;
  left = value(left, values);
  while (rest.length) {
    const right = value(rest[1], values);
    if (!COMPARE[rest[0]](left, right)) return 0;
    left = right;
    rest = rest.slice(2);
  }
  return 1;
}

// ---- Where a path leads: the scenes since the last decision, and the decision or ending that is reached.

function arrive(number, values) {
  const scenes = [];
  for (;;) {
    const place = place_of(number);
    const shown = [...place.content.querySelectorAll("[data-when]")].find((each) => value(JSON.parse(each.dataset.when), values));
    if (shown) scenes.push(shown.cloneNode(true));
    const ways = JSON.parse(place.dataset.ways);
    if (!ways.length) return { place, scenes };
    number = ways.find(([when]) => value(when, values))[1];
  }
}

function follow(path) {
  const values = [...given.state.map(([start]) => start), ...Array(given.flags).fill(0)];
  let here = arrive(given.start, values);
  let last = null;
  for (const [, , position] of path) {
    last = option_of(here.place, position);
    for (const [at, by] of JSON.parse(last.dataset.effects)) {
      const [, least, most] = given.state[at];
      values[at] = Math.min(most, Math.max(least, values[at] + by));
    }
    for (const at of JSON.parse(last.dataset.raises)) values[at] = 1;
    here = arrive(Number(last.dataset.to), values);
  }
  return { ...here, last };
}

// ---- What was decided: by the page's own account, then by what this device kept since.

const moves = () => JSON.parse(store.get(log) ?? "null")?.moves ?? [];

function path() {
  const taken = new Map(given.path.map((each) => [each[0], each]));
  for (const { step, place, position } of moves()) {
    if (position === null) taken.delete(step);
    else if (step > given.step) taken.set(step, [step, place, position]);
  }
  return [...taken.values()].sort(([a], [b]) => a - b);
}

const latest = () => Math.max(given.step, ...moves().map(({ step }) => step));
const new_key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const words = (option) => option.querySelector("p").textContent.trim();

function keep(move, url, fields, said) {
  const at = Date.now();
  const before = { moves: moves() };
  const key = new_key();
  const record = { url, fields: [...fields, ["key", key]], chain: log, mine: said, title: title(), says, at };
  if (!store.set(log, { moves: [...before.moves, move], at }) || !store.set(`${mine}unsent:${at}:${key}`, record)) {
    store.set(log, before);
    note.textContent = fill(says.lost ?? "", {});
    return;
  }
  show(true);
  note.textContent = fill(says.kept, record);
  send_all();
}

function decide(event) {
  event.preventDefault();
  const chosen = event.target.querySelector("input:checked");
  if (!chosen) return event.target.querySelector("input").focus();
  const { place } = follow(path());
  const step = latest() + 1;
  const position = Number(chosen.value);
  keep({ step, place: Number(place.dataset.place), position }, stage.dataset.post, [["step", step], ["choice", position]], chosen.labels[0].querySelector("span").innerText);
}

function take_back() {
  const [step] = path().at(-1);
  keep({ step, position: null }, stage.dataset.back, [["step", step]], fill(says.back, { mine: words(follow(path()).last) }));
}

function show(is_moved = false) {
  const { place, scenes, last } = follow(path());
  const parts = [];
  if (last) {
    const box = part("feedback");
    box.querySelector("h2").after(...last.cloneNode(true).childNodes);
    box.querySelector("[data-take-back]").addEventListener("click", take_back);
    parts.push(box);
  }
  parts.push(...scenes);
  if (place.dataset.kind === "decision") {
    const form = place.content.querySelector("[data-decision]").cloneNode(true);
    form.addEventListener("submit", decide);
    parts.push(form);
  } else {
    parts.push(place.content.cloneNode(true), part("ending"));
  }
  stage.replaceChildren(...parts);
  if (is_moved) (stage.querySelector("#feedback-title") ?? stage.querySelector("input"))?.focus();
}

document.addEventListener("pme:sent", (event) => {
  const { chain, error } = event.detail;
  if (chain !== log) return;
  event.preventDefault();
  note.textContent = fill(error == null ? says.saved : says.unused, event.detail);
  if (error == null) return;
  store.drop(log);
  stage.replaceChildren(part("stop"));
  stage.querySelector("a").focus();
});

document.addEventListener("pme:gone", ({ detail }) => detail?.chain === log && location.reload());

show();
const waiting = store.keys().map((key) => JSON.parse(store.get(key))).filter(({ chain }) => chain === log).at(-1);
if (waiting) note.textContent = fill(says.kept, waiting);
