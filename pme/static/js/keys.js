// Single keys wherever nothing is typed, unless somebody turned them off: see the page “Keyboard”.

const KEYS = { "?": "[data-keys]", "/": "main [type=search]", n: "a[rel=next]", p: "a[rel=prev]" };
if (document.querySelector("[data-keys]")) document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  const there = document.querySelector(KEYS[event.key]);
  if (!there) return;
  event.preventDefault();
  there.focus();
  there.click();
});
