// The editor of pages. Enhancement only: the page is written, saved and previewed without this file.
// Puts text in at the caret, shows the page beside the text, marks problems at their line, and saves while
// one writes. What is typed is kept on the device until the server has it.

const IDLE = 1500;
const QUIET = 500;
const RETRY = 15000;
const form = document.querySelector("[data-editor]");
const area = form.elements.content;
const note = form.querySelector("[data-saved]");
const seen = document.querySelector("[data-seen]");
const says = document.querySelector("[data-preview-says]");
const { fill, mine: own, words_of } = globalThis.pme;
const key = own + form.dataset.save;
const words = words_of(note);

const tell = (place, text) => { if (place.textContent !== text) place.textContent = text; };
const show = (root) => { for (const each of root.querySelectorAll("[data-scripted]")) each.hidden = false; };

// ---- Text at the caret, in a way that the browser can undo.

function put(before, words = "", after = "", block = false) {
  area.focus();
  const { selectionStart: start, selectionEnd: end, value } = area;
  const chosen = value.slice(start, end) || words;
  let lead = "";
  if (block && start > 0) lead = value.slice(0, start).endsWith("\n\n") ? "" : value[start - 1] === "\n" ? "\n" : "\n\n";
  const tail = block && value[end] !== "\n" ? "\n\n" : "";
  const text = lead + before + chosen + after + tail;
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const from = start + lead.length + before.length;
  area.setSelectionRange(from, from + chosen.length);
}

function use(button) {
  const { before, words, after, block } = button.dataset;
  put(before, words, after, block !== undefined);
}

function go_to(line) {
  const lines = area.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  area.focus();
  area.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  area.scrollTop = height_of(line) - area.clientHeight / 3;
}

document.querySelector("main").addEventListener("click", (event) => {
  const button = event.target.closest("[data-before], [data-put], [data-line]");
  if (!button) return;
  event.preventDefault();
  if (button.dataset.line) go_to(Number(button.dataset.line));
  else if (button.dataset.put) put(button.dataset.put, "", "", /^[!{]/.test(button.dataset.put));
  else use(button);
});

area.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  const pressed = event.key.toLowerCase();
  const tool = form.querySelector(`[data-key="${CSS.escape(pressed)}"]`);
  if (tool) use(tool);
  else if (pressed === "s") send();
  else if (pressed === "enter") look();
  else return;
  event.preventDefault();
});

// ---- Problems beside their line: signs in the margin of the text, which move with it.

const margin = document.createElement("div");
margin.className = "margin";
margin.ariaHidden = "true";
area.after(margin);
const mirror = document.createElement("div");
mirror.className = "mirror";
margin.after(mirror);
let problems = [];

function height_of(line) {
  const style = getComputedStyle(area);
  for (const name of ["font", "letterSpacing", "wordSpacing", "lineHeight"]) mirror.style[name] = style[name];
  mirror.style.inlineSize = `${area.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)}px`;
  mirror.textContent = area.value.split("\n").slice(0, line - 1).join("\n");
  return line > 1 ? mirror.getBoundingClientRect().height : 0;
}

function mark() {
  const top = parseFloat(getComputedStyle(area).paddingTop);
  margin.replaceChildren(...problems.map(({ line, says: text, severity }) => {
    const sign = document.createElement("span");
    sign.textContent = severity === "error" ? "▲" : "●";
    sign.title = fill(words.line, { line, problem: text });
    sign.dataset.severity = severity;
    sign.style.top = `${height_of(line) + top}px`;
    return sign;
  }));
  follow();
}

function follow() {
  for (const sign of margin.children) sign.style.translate = `0 ${-area.scrollTop}px`;
}

area.addEventListener("scroll", follow);
new ResizeObserver(mark).observe(area);

// ---- Preview, when typing rests for a moment. An answer that was overtaken is not shown.

let asked = null;
let looking = 0;

async function look() {
  asked?.abort();
  const mine = asked = new AbortController();
  const data = new FormData();
  for (const name of ["content", "csrf_token"]) data.set(name, form.elements[name].value);
  try {
    const answer = await fetch(form.dataset.preview, {
      method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin", signal: mine.signal,
    });
    const told = await answer.json();
    if (mine !== asked) return;
    if (!answer.ok) throw new Error(told.error);
    seen.innerHTML = told.html;
    problems = told.problems;
    mark();
    const errors = problems.filter((each) => each.severity === "error").length;
    tell(says, errors ? `${errors} to put right before it can be published.` : "");
  } catch (error) {
    if (mine === asked && error.name !== "AbortError") tell(says, "The preview could not be made just now. It is tried again when you type.");
  }
}

// ---- Saving while one writes. `seen` says which revision one has before them; where somebody saved another,
// nothing is sent any more, and the button shows both versions.

let version = 0;
let waiting = false;
let busy = null;
let stopped = false;
let timer = 0;

function keep() {
  try {
    localStorage.setItem(key, JSON.stringify({ content: area.value, seen: form.elements.seen.value, base: form.elements.base.value, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

function forget() {
  try {
    localStorage.removeItem(key);
  } catch { /* nothing is kept there */ }
}

function send(leaving = false) {
  clearTimeout(timer);
  if (stopped || (busy && !leaving)) return busy;
  busy = save(leaving).finally(() => { busy = null; if (waiting && !stopped) timer = setTimeout(send, IDLE); });
  return busy;
}

async function save(leaving) {
  const mine = version;
  const content = area.value;
  const data = new FormData();
  data.set("content", content);
  for (const name of ["csrf_token", "seen"]) data.set(name, form.elements[name].value);
  waiting = false;
  try {
    const answer = await fetch(form.dataset.save, {
      method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin",
      redirect: "error", keepalive: leaving,
    });
    const told = await answer.json();
    if (answer.ok) {
      form.elements.seen.value = told.seen;
      form.elements.base.value = content.length > 60000 ? "" : content;
      if (mine === version) forget();
      else keep();
      tell(note, fill(words.saved, { at: told.saved_at }));
    } else if (answer.status === 409) {
      stopped = true;
      form.querySelector("[data-conflict]").hidden = false;
      tell(note, fill(words.conflict, told));
    } else if (answer.status === 422) {
      tell(note, fill(words.refused, told));
    } else throw new Error(told.error);
  } catch {
    waiting = true;
    tell(note, keep() ? words.kept : words.lost);
    timer = setTimeout(send, RETRY);
  }
}

function changed() {
  version += 1;
  waiting = true;
  keep();
  clearTimeout(timer);
  clearTimeout(looking);
  timer = setTimeout(send, IDLE);
  looking = setTimeout(look, QUIET);
}

area.addEventListener("input", changed);
addEventListener("online", () => waiting && send());
document.addEventListener("visibilitychange", () => document.hidden && waiting && send(true));
addEventListener("pagehide", () => waiting && send(true));

// A form that is sent while the text is being saved would meet its own save: it waits for that.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  waiting = false;
  if (!busy) return;
  event.preventDefault();
  busy.finally(() => { stopped = true; waiting = false; form.requestSubmit(event.submitter); });
});

// What never reached the server comes back, with the revision it was written on, so that nobody's is overwritten.
function put_back() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? "null");
  } catch { /* not ours */ }
  if (typeof kept?.content !== "string") return;
  if (kept.content === area.value) return forget();
  area.value = kept.content;
  form.elements.seen.value = kept.seen;
  form.elements.base.value = kept.base;
  changed();
  tell(note, words.back);
}

// ---- Looking up, as one types.

const wanted = form.querySelector("[data-look-up]");
const found = form.querySelector("[data-found]");
let searching = 0;

async function search() {
  const text = wanted.value;
  const answer = await fetch(`${form.dataset.inserts}?part=1&q=${encodeURIComponent(text)}`, { credentials: "same-origin" });
  if (!answer.ok || text !== wanted.value) return;
  found.innerHTML = await answer.text();
  show(found);
}

wanted?.addEventListener("input", () => {
  clearTimeout(searching);
  searching = setTimeout(() => search().catch(() => {}), 300);
});

show(form);
if (!area.readOnly) put_back();
const line = location.hash.match(/^#line-(\d+)$/);
if (line) go_to(Number(line[1]));
look();
