// Where one answers and decides. Enhancement only: both work without this file.
// Shows what is left of the time, and keeps a decision on the device until the server has it.

const { mine, store, fill, words_of, send_all, title } = globalThis.pme;

// ---- The clock of a timed attempt: <span data-clock="seconds left" data-then="over|reload">.
// The server keeps the time; this only shows it, on a clock that no setting of the device moves. Screen
// readers hear 5 minutes and 1 minute. At the end what is typed is sent, then the page hands itself in.

const clock = document.querySelector("[data-clock]");
const REST = [300, 60];

function count_down() {
  const says = document.querySelector("[data-clock-says]");
  const words = words_of(says);
  let left = Number(clock.dataset.clock);
  let from = { left, steady: performance.now(), wall: Date.now() };
  const tick = () => {
    const gone = Math.max(performance.now() - from.steady, Date.now() - from.wall) / 1000;
    const before = left;
    left = Math.max(0, Math.ceil(from.left - gone));
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.textContent = left > 300 ? fill(words.minutes, { minutes: Math.ceil(left / 60) }) : fill(words.time, { time });
    for (const rest of REST) if (before > rest && left <= rest) says.textContent = words[rest];
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

// ---- A decision: <form data-hold="/where"> with an <output data-saved>. It is kept here first, then sent with the
// key of its page: sent twice, it is stored once. Until the server has it, the page says so and shows no way on.

const form = document.querySelector("[data-hold]");

function wait_for(record) {
  form.querySelector("fieldset").disabled = true;
  form.querySelector("[type=submit]")?.remove();
  form.querySelector("[data-saved]").textContent = fill(record.says.kept, record);
}

function hold(event) {
  const chosen = form.querySelector("input:checked");
  if (!chosen) return; // the server says what is missing
  const says = words_of(form.querySelector("[data-saved]"));
  const fields = [["step", form.elements.step.value], ["choice", chosen.value], ["key", form.dataset.key]];
  const record = { url: form.dataset.hold, fields, mine: chosen.labels[0].querySelector("span").innerText, title: title(), says, at: Date.now() };
  if (!store.set(`${mine}unsent:${record.at}:${form.dataset.key}`, record)) return;
  event.preventDefault();
  wait_for(record);
  send_all();
}

document.addEventListener("pme:sent", (event) => {
  const { url, error, says } = event.detail;
  if (!form || url !== form.dataset.hold) return;
  event.preventDefault();
  if (error == null) { // as a form would: the page that was sent stays behind this one
    history.pushState(null, "", url);
    return location.replace(url);
  }
  form.querySelector("[data-saved]").textContent = fill(says.unused, event.detail);
  const on = document.querySelector("[data-go-on]");
  on.hidden = false;
  on.querySelector("a").focus();
});

document.addEventListener("pme:gone", ({ detail }) => form?.querySelector("fieldset").disabled && detail?.url === form.dataset.hold && location.replace(detail.url));

if (form) {
  form.addEventListener("submit", hold);
  for (const key of store.keys()) {
    const record = key.startsWith(`${mine}unsent:`) ? JSON.parse(store.get(key)) : null;
    if (record?.url === form.dataset.hold) wait_for(record);
  }
}
