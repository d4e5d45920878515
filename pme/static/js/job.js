// A job's page looks again by itself while the job is under way. Enhancement only: a link does the same.

const EVERY = 3000;
const box = document.querySelector("[data-job]");
const acts = document.querySelector("[data-job-acts]");

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = fresh.querySelector("[data-job]");
  if (!found) return location.reload(); // it is over, and another page tells what came of it
  if (found.innerHTML !== box.innerHTML) box.replaceChildren(...found.childNodes);
  if (found.dataset.job === "over") {
    clearInterval(timer);
    if ("jobAnew" in box.dataset) return location.reload();
    const last = fresh.querySelector("[data-job-acts]");
    if (last && !acts.contains(document.activeElement)) acts.replaceChildren(...last.childNodes);
  }
}

const timer = box?.dataset.job === "open" && acts ? setInterval(look, EVERY) : 0;
