// What this device keeps: modules for reading, and what is not yet sent. Enhancement only.

const { mine, store } = globalThis.pme;
const account = document.querySelector("[data-sign-out]").dataset.account;

async function list_pages() {
  const list = document.querySelector("[data-kept]");
  const cache = list && globalThis.caches ? await caches.open(`pme-pages-${account}`) : null;
  const rows = [];
  for (const request of cache ? await cache.keys() : []) {
    const { pathname } = new URL(request.url);
    if (pathname === "/without-a-link") continue;
    const link = document.createElement("a");
    link.href = pathname;
    const name = document.createElement("textarea"); // reads what a title escapes
    name.innerHTML = decodeURIComponent((await cache.match(request)).headers.get("X-Title"));
    link.textContent = name.value;
    const row = document.createElement("li");
    row.append(link);
    rows.push(row);
  }
  if (rows.length) list.replaceChildren(...rows);
}

const place = document.querySelector("[data-unsent]");

function list_unsent() {
  const rows = store.keys().filter((key) => key.startsWith(mine)).map((key) => JSON.parse(store.get(key))).filter(({ url, title }) => url && title);
  place.hidden = rows.length === 0;
  document.querySelector("[data-none]").hidden = !place.hidden;
  place.querySelector("ul").replaceChildren(...rows.map(({ title, mine: said }) => {
    const row = document.createElement("li");
    row.textContent = said ? `${title}: ${said}` : title;
    return row;
  }));
}

// All that waits goes, with a practice that is carried: what was decided in it rests on what is discarded.
place.querySelector("[data-discard]").addEventListener("click", (event) => {
  if (!confirm(event.target.dataset.discard)) return;
  store.keys().filter((key) => key.startsWith(mine)).forEach(store.drop);
  list_unsent();
  document.querySelector("h1").scrollIntoView();
});

list_pages();
list_unsent();
document.addEventListener("pme:sent", () => setTimeout(list_unsent));
