// Findings while one types. Enhancement only: the button “Check” does the same without this file.
// When typing rests, the form is sent to be checked; what the answer says is put beside the fields, and nothing
// that was typed is touched.

const QUIET = 900;
const form = document.querySelector("[data-check]");
let asked = null;
let timer = 0;

function tell(list) {
  const place = document.getElementById(list.dataset.told);
  if (!place) return;
  const legend = place.querySelector("legend");
  if (legend) legend.after(list);
  else (place.closest("label") ?? place).before(list);
  const fold = place.closest("details");
  if (fold) fold.open = true;
}

function show(page) {
  for (const old of document.querySelectorAll("[data-told]")) old.remove();
  for (const list of page.querySelectorAll("[data-told]")) tell(document.adoptNode(list));
  for (const part of page.querySelectorAll("[data-looked]")) {
    const here = document.querySelector(`[data-looked="${part.dataset.looked}"]`);
    if (here && here.innerHTML !== part.innerHTML) here.replaceChildren(...part.childNodes);
  }
}

async function look() {
  asked?.abort();
  const mine = asked = new AbortController();
  const data = new FormData(form);
  const is_get = form.method === "get";
  if (!is_get) data.set("act", "check");
  const address = is_get ? `${form.action}?${new URLSearchParams(data)}` : form.action;
  try {
    const answer = await fetch(address, { method: form.method, body: is_get ? undefined : data, credentials: "same-origin", signal: mine.signal });
    const text = await answer.text();
    if (mine === asked && (answer.ok || answer.status === 422)) show(new DOMParser().parseFromString(text, "text/html"));
  } catch { /* it is tried again when something is typed */ }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(look, QUIET);
}

form.addEventListener("input", later);
form.addEventListener("submit", () => { clearTimeout(timer); asked?.abort(); });
look();
