// Two versions of a text: once a person has chosen, the one kept on this device is not put back any more.

const who = document.querySelector("[data-visitor]")?.textContent.trim() ?? "";

for (const choice of document.querySelectorAll("[data-forget]")) {
  choice.addEventListener(choice.matches("form") ? "submit" : "click", () => {
    try {
      localStorage.removeItem(`pme:${who}:${choice.dataset.forget}`);
    } catch { /* nothing is kept there */ }
  });
}
