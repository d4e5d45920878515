// Choosing rows of a list: a box for all rows of the page, how many are chosen, and rows taken along with Shift.
// <form data-pick> with a tick in each row; without this file every tick is there all the same.

for (const form of document.querySelectorAll("form[data-pick]")) {
  const ticks = [...form.querySelectorAll("td.pick input")];
  const head = form.querySelector("th.pick");
  const said = form.querySelector("[data-chosen]");
  if (!ticks.length || !head) continue;
  const all = document.createElement("input");
  all.type = "checkbox";
  const label = document.createElement("label");
  label.className = "pick";
  label.append(all, ...head.childNodes);
  head.append(label);
  head.querySelector("span").textContent = form.dataset.pick;
  let last = null;

  const tell = () => {
    const number = ticks.filter((tick) => tick.checked).length;
    all.checked = number === ticks.length;
    all.indeterminate = number > 0 && number < ticks.length;
    if (said) said.textContent = said.dataset.chosen.replace("#", number);
  };
  const take = (from, to, checked) => {
    const [a, b] = [ticks.indexOf(from), ticks.indexOf(to)].sort((x, y) => x - y);
    for (const tick of ticks.slice(a, b + 1)) tick.checked = checked;
  };

  all.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = all.checked;
    tell();
  });
  for (const tick of ticks) {
    tick.addEventListener("click", (event) => {
      if (event.shiftKey && last) take(last, tick, tick.checked);
      last = tick;
      tell();
    });
    tick.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const next = step && ticks[ticks.indexOf(tick) + step];
      if (!next || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      if (event.shiftKey) next.checked = tick.checked;
      next.focus();
      last = next;
      tell();
    });
  }
  tell();
}
