// Enhancement only: every journey works without this file.
// Keeps text and saves it, moves rows of an ordering, stops double sending,
// opens glossary terms in place, counts words, and moves the focus to a summary of errors.

const IDLE = 1500;
const RETRY = 15000;
const REFUSED = new Set([409, 413, 422]); // the server has read it and said no: trying again is of no use
const who = document.querySelector("[data-visitor]")?.textContent.trim() ?? "";

// ---- Autosave: <form data-autosave="/where"> with an <output data-saved> inside.
// Each change is kept on the device at once and sent when typing rests; what the
// server has taken is removed from the device. A field with data-autosave works too.

class Autosave {
  constructor(form, url) {
    this.form = form;
    this.url = url || form.getAttribute("action") || location.pathname;
    this.key = `pme:${who}:${this.url}`;
    this.note = form.querySelector("[data-saved]");
    this.version = 0;
    this.put_back();
    const changed = () => this.changed();
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", () => this.stop());
    addEventListener("online", () => this.waiting && this.send());
    addEventListener("pagehide", () => this.waiting && this.send(true));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.waiting) this.send(true);
    });
  }

  say(text) {
    if (this.note && this.note.textContent !== text) this.note.textContent = text;
  }

  fields() {
    return [...new FormData(this.form)].filter(([name, value]) => name !== "csrf_token" && typeof value === "string");
  }

  changed() {
    this.version += 1;
    this.waiting = true;
    this.keep();
    this.later(IDLE);
  }

  later(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.fields()));
      this.kept = true;
    } catch {
      this.kept = false;
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.key);
    } catch { /* a browser without storage has nothing to forget */ }
  }

  stop() {
    clearTimeout(this.timer);
    this.waiting = false;
  }

  settle(text) {
    this.stop();
    this.forget();
    this.say(text);
  }

  async send(leaving = false) {
    if (this.busy && !leaving) return this.later(IDLE);
    const version = this.version;
    this.busy = true;
    try {
      const answer = await fetch(this.url, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json", "X-Autosave": "1" },
        credentials: "same-origin",
        redirect: "error",
        keepalive: leaving,
      });
      const { saved_at: at, seen_at: seen, total, error, left, ends } = await answer.json();
      const sum = this.form.querySelector("[data-total]");
      if (sum && total) sum.textContent = total;
      if (seen && this.form.elements.seen_at) this.form.elements.seen_at.value = seen;
      if (left != null) document.dispatchEvent(new CustomEvent("pme:time", { detail: { left, ends } }));
      if (answer.ok && at) {
        if (version === this.version) this.settle(`Saved at ${at}`);
      } else if (error && REFUSED.has(answer.status)) {
        this.stop();
        this.say(`Not saved. ${error}`);
      } else throw new Error(String(answer.status));
    } catch {
      this.say(this.kept === false
        ? "Not saved yet: the connection failed. It will be tried again."
        : "Not sent yet. Your text is kept on this device and will be sent.");
      if (this.waiting) this.later(RETRY);
    } finally {
      this.busy = false;
    }
  }

  // Text that never reached the server comes back when the page is opened again.
  put_back() {
    let kept;
    try {
      kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    } catch {
      kept = null;
    }
    if (!kept) return;
    if (JSON.stringify(kept) === JSON.stringify(this.fields())) return this.forget();
    const values = new Map();
    for (const [name, value] of kept) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      const mine = values.get(field.name) ?? [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = mine.includes(field.value);
      else if (mine.length) field.value = mine.shift();
    }
    for (const list of this.form.querySelectorAll("[data-order]")) sort(list, values);
    this.waiting = true;
    this.say("Text kept on this device was put back and will be sent.");
    this.later(IDLE);
  }
}

// ---- Ordering: rows of <ol data-order> move by their buttons, without a page.

const name_of = (row) => row.querySelector("input[type=hidden]");

function sort(list, values) {
  const order = values.get(name_of(list)?.name) ?? [];
  const rows = new Map([...list.children].map((row) => [name_of(row).value, row]));
  for (const value of order) if (rows.has(value)) list.append(rows.get(value));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-order] [data-move]");
  if (!button) return;
  event.preventDefault();
  const row = button.closest("li");
  const list = row.parentElement;
  const other = button.dataset.move === "1" ? row.nextElementSibling : row.previousElementSibling;
  if (other) list.insertBefore(...(button.dataset.move === "1" ? [other, row] : [row, other]));
  button.focus();
  const place = [...list.children].indexOf(row) + 1;
  const status = list.parentElement.querySelector("[data-order-status]");
  const text = row.querySelector("span").textContent;
  status.textContent = `${text}: ${other ? "now" : "already"} ${place} of ${list.children.length}`;
  if (other) name_of(row).dispatchEvent(new Event("change", { bubbles: true }));
});

// ---- The clock of a timed attempt: <span data-clock="seconds left" data-then="over|reload">.
// The server keeps the time; this only shows it, on a clock that no setting of the device moves. Screen
// readers hear 5 minutes and 1 minute. At the end what is typed is sent, then the page hands itself in.

const clock = document.querySelector("[data-clock]");
const REST = [[300, "5 minutes left."], [60, "1 minute left."]];

function count_down() {
  const says = document.querySelector("[data-clock-says]");
  let left = Number(clock.dataset.clock);
  let from = { left, steady: performance.now(), wall: Date.now() };
  const tick = () => {
    const gone = Math.max(performance.now() - from.steady, Date.now() - from.wall) / 1000;
    const before = left;
    left = Math.max(0, Math.ceil(from.left - gone));
    clock.textContent = left > 300 ? `(${Math.ceil(left / 60)} min left)` : `(${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")} left)`;
    for (const [rest, text] of REST) if (before > rest && left <= rest) says.textContent = text;
    if (left <= 2) for (const form of document.forms) if (form.autosave?.waiting) form.autosave.send();
    if (left > 0) return;
    clearInterval(timer);
    if (clock.dataset.then === "reload") location.reload();
    else document.querySelector("[data-over]")?.submit();
  };
  const timer = setInterval(tick, 1000);
  tick();
  document.addEventListener("pme:time", ({ detail }) => {
    from = { left: detail.left, steady: performance.now(), wall: Date.now() };
    left = Math.max(left, detail.left);
    const ends = document.querySelector("[data-ends]");
    if (ends && detail.ends) ends.textContent = detail.ends;
  });
}

if (clock) count_down();

// ---- Glossary: <a class="term" href="#term-x"> opens the definition that stands at the end of the page.

const note = document.createElement("div");
note.className = "term-note";
note.popover = "auto";
note.tabIndex = -1;
note.setAttribute("role", "dialog");
let asked = null;
note.addEventListener("toggle", (event) => asked?.setAttribute("aria-expanded", String(event.newState === "open")));

function explain(term) {
  const heading = document.getElementById(decodeURIComponent(term.hash.slice(1)));
  if (!heading?.nextElementSibling) return false;
  const title = document.createElement("b");
  const text = document.createElement("p");
  title.textContent = heading.textContent;
  text.textContent = heading.nextElementSibling.textContent;
  note.replaceChildren(title, text);
  note.ariaLabel = heading.textContent;
  term.after(note);
  asked = term;
  note.showPopover();
  note.focus();
  return true;
}

if (note.showPopover) {
  for (const term of document.querySelectorAll("a.term")) {
    term.setAttribute("role", "button");
    term.setAttribute("aria-expanded", "false");
    const open = (event) => explain(term) && event.preventDefault();
    term.addEventListener("click", open);
    term.addEventListener("keydown", (event) => event.key === " " && open(event));
  }
}

// ---- Double sending: a second press within four seconds does nothing; no button is disabled.

document.addEventListener("submit", (event) => {
  const form = event.target;
  const now = Date.now();
  if (now - Number(form.dataset.sent ?? 0) < 4000) event.preventDefault();
  else if (!event.defaultPrevented) form.dataset.sent = String(now);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

// ---- Signing out leaves nothing of this person on the device.

document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith("pme:")) localStorage.removeItem(key);
  } catch { /* nothing kept */ }
});

// ---- Words: <textarea data-words="250"> with a [data-count] beside it.

for (const area of document.querySelectorAll("textarea[data-words]")) {
  const note = area.parentElement.querySelector("[data-count]");
  const limit = Number(area.dataset.words);
  const count = () => {
    const words = area.value.trim().split(/\s+/).filter(Boolean).length;
    note.textContent = words > limit
      ? `${words} words: ${words - limit} over the ${limit} asked for.`
      : `${words} of up to ${limit} words.`;
  };
  area.addEventListener("input", count);
  count();
}

for (const field of document.querySelectorAll("[data-autosave]")) {
  const form = field.form ?? field.closest("form");
  if (form && !form.autosave) form.autosave = new Autosave(form, field.dataset.autosave);
}

document.querySelector("[data-focus]")?.focus();
