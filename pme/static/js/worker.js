// Keeps opened modules on a device whose owner asked for it, and shows them while there is no link.
// What may be kept the server says (X-Keep), for one account (X-Account): the copies carry no answers and no marks.
// Everything else goes to the server as ever; without a link an honest page stands in its place.

const about = new URL(self.location).searchParams;
const ACCOUNT = about.get("account");
const HONEST = `/without-a-link?lang=${about.get("lang")}`;
const PAGES = `pme-pages-${ACCOUNT}`;
const THINGS = `pme-things-${ACCOUNT}`;
const PATIENCE = 8000;
const NOBODY = "nobody";
let is_forgotten = false;
const LONGEST = 14 * 864e5; // ms that a copy is shown

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(prepare());
});
self.addEventListener("activate", (event) => event.waitUntil(take_over()));
self.addEventListener("message", ({ data }) => data === "forget" && forget());

async function prepare() {
  const page = await fetch(HONEST, { credentials: "omit" });
  if (page.ok) await put(HONEST, page);
}

async function take_over() {
  for (const name of await caches.keys()) if (name.startsWith("pme-") && ![PAGES, THINGS].includes(name)) await caches.delete(name);
  await self.clients.claim();
}

async function forget() {
  is_forgotten = true; // what is still on its way is kept no more
  for (const name of await caches.keys()) if (name.startsWith("pme-")) await caches.delete(name);
  await self.registration.unregister();
}

async function put(address, page) {
  const text = await page.text();
  if (is_forgotten) return;
  const headers = new Headers(page.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Set-Cookie"]) headers.delete(name);
  headers.set("X-Kept-At", String(Date.now()));
  headers.set("X-Title", encodeURIComponent(/<title>([^<]*) - PME<\/title>/.exec(text)?.[1] ?? address));
  await (await caches.open(PAGES)).put(address, new Response(text, { headers }));
  const things = await caches.open(THINGS);
  for (const [, thing] of text.matchAll(/<(?:link|script|img)[^>]+(?:href|src)="(\/(?:static|media)\/[^"]+)"/g)) {
    if (!await things.match(thing)) await things.add(thing).catch(() => {});
  }
}

async function keep(path) {
  const copy = await fetch(`${path}?kept=1`, { credentials: "same-origin", redirect: "error" });
  const is_ours = copy.ok && copy.headers.get("X-Keep") && copy.headers.get("X-Account") === ACCOUNT;
  if (is_ours) await put(path, copy);
}

async function look(event, path) {
  let page;
  try {
    const asked = fetch(event.request);
    page = await Promise.race([asked, patience(event.request, path)]) ?? await asked;
  } catch {
    return event.request.method === "GET" ? await kept(path) : await honest();
  }
  const whose = page.headers.get("X-Account");
  if (whose === NOBODY) event.waitUntil(caches.delete(PAGES).then(prepare)); // the session has ended
  else if (whose && whose !== ACCOUNT) event.waitUntil(forget()); // somebody else is here
  else if (page.ok && page.headers.get("X-Keep")) event.waitUntil(keep(path).catch(() => {}));
  return page;
}

// A link that does not answer counts as none where a copy is kept; where none is, it is waited for.
async function patience({ method }, path) {
  await new Promise((done) => setTimeout(done, PATIENCE));
  return method === "GET" ? found(path) : null;
}

async function found(path) {
  const page = await (await caches.open(PAGES)).match(path);
  return page && Number(page.headers.get("X-Kept-At")) > Date.now() - LONGEST ? page : null;
}

async function kept(path) {
  return await found(path) ?? honest();
}

// The page for what is not kept, with links to what is.
async function honest() {
  const pages = await caches.open(PAGES);
  const page = await pages.match(HONEST);
  if (!page) return Response.error();
  const lines = [];
  for (const { url } of await pages.keys()) {
    const { pathname, search } = new URL(url);
    if (pathname + search === HONEST) continue;
    const named = decodeURIComponent((await pages.match(url)).headers.get("X-Title"));
    lines.push(`<li><a href="${pathname}">${named}</a></li>`);
  }
  const text = (await page.text()).replace(/<ul data-kept>[^]*?<\/ul>/, (list) => lines.length ? `<ul>${lines.join("")}</ul>` : list);
  return new Response(text, { status: 503, headers: page.headers });
}

async function thing(request) {
  return await (await caches.open(THINGS)).match(request.url) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "POST" && ["/sign-out", "/device/forget"].includes(pathname)) return event.waitUntil(forget());
    event.respondWith(look(event, pathname));
  } else if (request.method === "GET" && /^\/(static|media)\//.test(pathname) && !request.headers.has("Range")) {
    event.respondWith(thing(request));
  }
});
