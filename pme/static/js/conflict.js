// Two versions of a text: once a person has chosen, the one kept on this device is not put back any more.

const { mine } = globalThis.pme;

for (const choice of document.querySelectorAll("[data-forget]")) {
  choice.addEventListener(choice.matches("form") ? "submit" : "click", () => {
    try {
      localStorage.removeItem(mine + choice.dataset.forget);
    } catch { /* nothing is kept there */ }
  });
}
