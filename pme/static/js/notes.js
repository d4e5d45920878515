// What is selected in the text of a page is offered as a highlight, in one press. Without this, it is pasted.

const CONTEXT = 32;
const marker = document.getElementById("marker");
const form = document.getElementById("highlight");
const text = document.querySelector(".reader article");

function words(range) {
  const copy = range.cloneContents();
  for (const sign of copy.querySelectorAll("sup.cite")) sign.remove();
  return copy.textContent.replace(/\s+/g, " ");
}

function around(range) {
  const before = document.createRange();
  const after = document.createRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(text, text.childNodes.length);
  return [words(before).slice(-CONTEXT), words(after).slice(0, CONTEXT)];
}

function offer() {
  const chosen = getSelection();
  const range = chosen.rangeCount ? chosen.getRangeAt(0) : null;
  const inside = range && !range.collapsed && text.contains(range.commonAncestorContainer);
  const passage = inside ? chosen.toString().trim() : "";
  if (!passage) {
    if (marker.matches(":popover-open") && !marker.contains(document.activeElement)) marker.hidePopover();
    return;
  }
  form.elements.quote.value = passage;
  [form.elements.before.value, form.elements.after.value] = around(range);
  if (!marker.matches(":popover-open")) marker.showPopover();
}

if (marker?.showPopover && form && text) {
  let timer = 0;
  marker.hidden = false;
  document.addEventListener("selectionchange", () => {
    clearTimeout(timer);
    timer = setTimeout(offer, 200);
  });
}
