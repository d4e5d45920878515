// The preview of a design while one changes it. Enhancement only: “Keep and preview” does the same without this file.
// When changing rests, the form is sent to be drawn; nothing is kept, and nothing that was typed is touched.

const QUIET = 400;
const form = document.querySelector("[data-live]");
const says = document.querySelector("[data-live-says]");
let shown = document.querySelector("[data-shown]");
let asked = null;
let timer = 0;

async function show(picture) {
  const bits = await createImageBitmap(picture);
  if (shown.tagName !== "CANVAS") {
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", shown.alt);
    shown.replaceWith(canvas);
    shown = canvas;
  }
  shown.width = bits.width;
  shown.height = bits.height;
  shown.getContext("2d").drawImage(bits, 0, 0);
}

async function look() {
  asked?.abort();
  const mine = asked = new AbortController();
  try {
    const answer = await fetch(form.dataset.live, { method: "POST", body: new FormData(form), credentials: "same-origin", signal: mine.signal });
    if (answer.ok) {
      await show(await answer.blob());
      says.textContent = "";
    } else if (answer.status === 422) says.textContent = await answer.text();
  } catch { /* it is tried again when something is changed */ }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, QUIET);
});
