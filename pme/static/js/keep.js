// Keeps what is written, decided and answered until the server has it. Joined to app.js, whose names it uses, on
// every page but those of the editor, which keeps texts in its own way.

const REFUSED = new Set([409, 413, 422]); // the server has read it and said no: trying again is of no use
const LONGEST = 20000;
const RETRY = 15000;
const SOON = 3000;
const IDLE = 1500;
// ---- Autosave: <form data-autosave="/where"> with an <output data-saved> inside.
// Each change is kept on the device at once and sent when typing rests; what the
// server has taken is removed from the device. A field with data-autosave works too.
// A form with data-key says which page an answer comes from and the how-manieth change it is, so that what
// is sent twice is stored once, and what comes late (data-seen, data-by) undoes nothing done elsewhere.

class Autosave {
  constructor(form, url) {
    this.form = form;
    this.url = url || form.getAttribute("action") || location.pathname;
    this.key = mine + this.url;
    this.note = form.querySelector("[data-saved]");
    this.words = words_of(this.note);
    this.version = 0;
    this.seen = form.dataset.seen;
    form.addEventListener("formdata", ({ formData: data }) => {
      for (const [name, value] of Object.entries(this.stamp())) data.set(name, value);
    });
    this.put_back();
    const changed = () => this.changed();
    form.addEventListener("input", changed);
    form.addEventListener("change", changed);
    form.addEventListener("submit", (event) => this.submit(event));
    addEventListener("online", () => this.waiting && this.send());
    addEventListener("pagehide", () => this.waiting && this.send(true));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.waiting) this.send(true);
    });
  }

  say(name, values = {}) {
    const text = fill(this.words[name] ?? "", values);
    if (this.note && this.note.textContent !== text) this.note.textContent = text;
  }

  // Which page this is, and what it has seen; what was put back says what it said when it was kept.
  stamp() {
    const { key: form } = this.form.dataset;
    if (!form) return {};
    return { ...(this.version ? { form, turn: this.version, seen: this.seen } : this.old ?? { form, turn: 0, seen: this.seen }), late: this.late ? 1 : 0 };
  }

  fields() {
    const own = ["csrf_token", ...Object.keys(this.stamp())];
    return [...new FormData(this.form)].filter(([name, value]) => !own.includes(name) && typeof value === "string");
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
    this.kept = store.set(this.key, { url: this.url, fields: this.fields(), stamp: this.stamp(), title: title(), says: this.words, at: Date.now() });
  }

  stop() {
    clearTimeout(this.timer);
    this.waiting = false;
  }

  // While the link is down a button leads nowhere: the answer stays here, and goes on with the link.
  submit(event) {
    if (!this.form.dataset.key || (navigator.onLine && !(this.late && this.waiting))) {
      this.stop();
      const kept = json(store.get(this.key));
      if (kept) store.set(this.key, { ...kept, sent: true }); // by the button; the page that follows drops it
      return;
    }
    event.preventDefault();
    this.then = event.submitter;
    this.late = true;
    if (!this.waiting) this.changed();
    this.say("kept");
    this.send();
  }

  settle(at) {
    this.stop();
    this.late = false;
    store.drop(this.key);
    this.say("saved", { at });
    if (this.then) this.form.requestSubmit(this.then);
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
      const { saved_at: at, seen_at, seen, total, error, elsewhere, left, ends } = await answer.json();
      const sum = this.form.querySelector("[data-total]");
      if (sum && total) sum.textContent = total;
      if (seen_at && this.form.elements.seen_at) this.form.elements.seen_at.value = seen_at;
      if (seen) this.seen = seen;
      if (left != null) document.dispatchEvent(new CustomEvent("pme:time", { detail: { left, ends } }));
      if (answer.ok && at) {
        if (version === this.version) this.settle(at);
      } else if (elsewhere) {
        this.stop();
        location.reload(); // shows both
      } else if (error && REFUSED.has(answer.status)) {
        this.stop();
        this.say("refused", { error });
      } else throw new Error(String(answer.status));
    } catch {
      this.late = true;
      this.say(this.kept === false ? "lost" : "kept");
      if (this.waiting) this.later(RETRY);
    } finally {
      this.busy = false;
    }
  }

  // Text that never reached the server comes back when the page is opened again; but what was saved on another
  // page or device meanwhile counts, and this is only told.
  put_back() {
    const kept = json(store.get(this.key));
    if (!kept?.fields) return;
    if (JSON.stringify(kept.fields) === JSON.stringify(this.fields())) return store.drop(this.key);
    const { form: from, seen } = kept.stamp ?? {};
    if (from && from !== this.form.dataset.by && seen !== this.seen) {
      return this.say("elsewhere", { mine: this.told(kept.fields) });
    }
    const values = new Map();
    for (const [name, value] of kept.fields) values.set(name, [...(values.get(name) ?? []), value]);
    for (const field of this.form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      const mine = values.get(field.name) ?? [];
      if (field.type === "radio" || field.type === "checkbox") field.checked = mine.includes(field.value);
      else if (mine.length) field.value = mine.shift();
    }
    for (const list of this.form.querySelectorAll("[data-order]")) sort(list, values);
    this.old = kept.stamp;
    this.late = true;
    this.waiting = true;
    this.say("back");
    this.later(IDLE);
  }

  told(fields) {
    return fields.map(([name, value]) => {
      const field = [...this.form.elements].find((each) => each.name === name && (each.value === value || each.options));
      return field?.selectedOptions ? [...field.options].find((each) => each.value === value)?.text : field?.labels?.[0]?.innerText ?? value;
    }).filter(Boolean).join("; ");
  }
}

for (const key of store.keys()) {
  const kept = key.startsWith(mine) ? json(store.get(key)) : null;
  if (kept?.sent && document.referrer.endsWith(kept.url)) store.drop(key);
}

const title = () => document.querySelector("h1")?.textContent.trim() ?? "";

// ---- What this device could not send: decisions (kept under “unsent”), and answers whose page was closed. Each
// is sent when the link is back, in order, by whichever page is open; the server knows what it has stored.

const unsent = () => store.keys().filter((key) => key.startsWith(mine)).map((key) => [key, store.get(key)])
  .map(([key, text]) => ({ key, text, ...json(text) })).filter(({ key, url, stamp }) => key.startsWith(`${mine}unsent:`)
    || (stamp?.form && ![...document.forms].some((form) => form.autosave?.url === url)));

async function post({ url, fields, stamp = {} }) {
  const data = new URLSearchParams([...fields, ...Object.entries(stamp)]);
  data.set("late", 1);
  data.set("csrf_token", leaving_form.elements.csrf_token.value);
  try {
    const answer = await fetch(url, { method: "POST", body: data, headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout?.(LONGEST) });
    if (answer.ok || REFUSED.has(answer.status)) return await answer.json();
    return answer.status === 404 ? { error: "" } : null;
  } catch {
    return null;
  }
}

let sending = false;
let again = false;
async function send_all() {
  again = sending;
  if (sending || !leaving_form) return;
  sending = true;
  for (const each of unsent()) {
    if (each.told || store.get(each.key) !== each.text) continue;
    const answer = await post(each);
    if (!answer) { setTimeout(send_all, RETRY); break; }
    document.querySelector("[data-offline]")?.remove();
    if (answer.elsewhere) store.set(each.key, { ...json(each.text), told: true }); // its question shows both
    else if (store.get(each.key) === each.text) store.drop(each.key);
    if (answer.error != null && each.chain) { // what was decided after it rests on it
      for (const later of unsent()) if (later.chain === each.chain) store.drop(later.key);
      store.drop(each.chain);
    }
    const values = { ...each, ...answer, at: answer.saved_at };
    const event = new CustomEvent("pme:sent", { detail: values, cancelable: true });
    if (document.dispatchEvent(event) && !each.sent) announce(fill(each.says[answer.error == null ? "sent" : "unused"] ?? "", values));
  }
  sending = false;
  if (again) send_all(); // something was kept meanwhile
}

function announce(text) {
  const notice = document.createElement("p");
  notice.className = "notice";
  notice.setAttribute("role", "status");
  document.querySelector("main").prepend(notice);
  notice.textContent = text;
}

Object.assign(globalThis.pme, { send_all, title });
// Another tab has sent it: whoever waits for it is told.
addEventListener("storage", ({ key, oldValue, newValue }) => {
  if (key?.startsWith(`${mine}unsent:`) && newValue === null) document.dispatchEvent(new CustomEvent("pme:gone", { detail: json(oldValue) }));
});
addEventListener("online", () => { send_all(); setTimeout(send_all, SOON); });

for (const field of document.querySelectorAll("[data-autosave]")) {
  const form = field.form ?? field.closest("form");
  if (form && !form.autosave) form.autosave = new Autosave(form, field.dataset.autosave);
}
send_all();
