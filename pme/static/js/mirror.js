// What is typed into a field stands at once where it will be shown. Enhancement only.

for (const place of document.querySelectorAll("[data-mirrors]")) {
  const field = document.querySelector(`[name="${place.dataset.mirrors}"]`);
  field?.addEventListener("input", () => { place.textContent = field.value; });
}
