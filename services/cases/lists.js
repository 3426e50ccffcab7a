// Lists with ticks: all at once, how many are ticked, and nothing is sent with none.
(() => {
  "use strict";
  for (const open of document.querySelectorAll(".tabs--pushed [aria-current]")) open.scrollIntoView({ inline: "center", block: "nearest" });
  const form = document.getElementById("bulk");
  if (!form) return;
  const boxes = () => [...form.querySelectorAll("input[name=of]")];
  const said = form.querySelector("[data-picked]"), how = said.textContent, all = form.querySelector("[data-pick-all]");
  const tell = () => {
    const ticked = boxes().filter(b => b.checked).length;
    said.textContent = ticked ? said.dataset.said.replace("{n}", ticked) : how;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
    for (const b of form.querySelectorAll("button[name=act]")) b.disabled = !ticked;
    const whom = form.elements.steward, why = form.elements.reason;
    if (whom) whom.required = false;
    if (why) why.required = false;
  };
  form.addEventListener("change", e => {
    if (e.target === all) for (const b of boxes()) b.checked = all.checked;
    tell();
  });
  let last = null; // a range from the one ticked last, with Shift
  form.addEventListener("click", e => {
    if (e.target.name !== "of") return;
    const list = boxes(), from = list.indexOf(last), to = list.indexOf(e.target);
    if (e.shiftKey && from >= 0) for (const b of list.slice(Math.min(from, to), Math.max(from, to) + 1)) b.checked = e.target.checked;
    last = e.target;
    tell();
  });
  form.addEventListener("submit", e => {
    const act = e.submitter?.value, whom = form.elements.steward, why = form.elements.reason;
    if (whom) whom.required = act === "dispatch";
    if (why) why.required = act === "drop";
    if (!form.reportValidity()) e.preventDefault();
  });
  addEventListener("pageshow", tell);
  tell();
})();
