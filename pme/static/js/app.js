// Enhancement only: every journey works without this file.
// Moves rows of an ordering, stops double sending, opens glossary terms in place, counts words, and moves the
// focus to a summary of errors. What keeps and saves texts is in keep.js.
// What it says stands on the page, in the page's language: data-say holds the sentences by name.

const DAYS_KEPT = 14;
const leaving_form = document.querySelector("[data-sign-out]");
const mine = `pme:${leaving_form?.dataset.account ?? ""}:`;

const apart = (value) => document.dir === "rtl" && typeof value === "string" ? `\u2068${value}\u2069` : value;
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => apart(values[name] ?? all));
const words_of = (place) => JSON.parse(place?.dataset.say ?? "{}");
const json = (text) => { try { return JSON.parse(text); } catch { return null; } };
const store = { // a browser may have none
  get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
  set: (key, value) => { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
  drop: (key) => { try { localStorage.removeItem(key); } catch { /* nothing is kept */ } },
  keys: () => { try { return Object.keys(localStorage).filter((key) => key.startsWith("pme:")).sort(); } catch { return []; } },
};

globalThis.pme = { mine, store, fill, words_of };

for (const key of store.keys()) {
  if (!(json(store.get(key))?.at > Date.now() - DAYS_KEPT * 864e5)) store.drop(key);
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
  status.textContent = fill(words_of(status)[other ? "now" : "already"], { what: text, place, of: list.children.length });
  if (other) name_of(row).dispatchEvent(new Event("change", { bubbles: true }));
});

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

// ---- A device that keeps modules for reading (asked for at /device) has a worker for it.

if (leaving_form?.dataset.worker) navigator.serviceWorker?.register(leaving_form.dataset.worker).catch(() => {});

// ---- Signing out leaves nothing of this person on the device; what was never sent is asked about first.

leaving_form?.addEventListener("submit", (event) => {
  const own = store.keys().filter((key) => key.startsWith(mine));
  const is_lost = own.some((key) => !key.startsWith(`${mine}carried:`) && !json(store.get(key))?.sent); // a carried practice is sent, or unsent beside
  if (is_lost && !confirm(leaving_form.dataset.ask)) return event.preventDefault();
  own.forEach(store.drop);
  navigator.serviceWorker?.controller?.postMessage("forget");
});

// ---- Words: <textarea data-words="250"> with a [data-count] beside it.

for (const area of document.querySelectorAll("textarea[data-words]")) {
  const note = area.parentElement.querySelector("[data-count]");
  const limit = Number(area.dataset.words);
  const says = words_of(note);
  const count = () => {
    const words = area.value.trim().split(/\s+/).filter(Boolean).length;
    note.textContent = fill(words > limit ? says.over : says.within.replace("#", "{words}"), { words, limit, over: words - limit });
  };
  area.addEventListener("input", count);
  count();
}

document.querySelector("[data-focus]")?.focus();
