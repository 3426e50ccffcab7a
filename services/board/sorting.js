// The menu of a line gets the form that sorts it when it is opened first; until then the board carries it once for all.
(() => {
  "use strict";
  const form = document.getElementById("sorting");
  if (!form) return;
  const fill = menu => {
    if (!menu.dataset.sorts || menu.querySelector("form")) return;
    const own = form.content.cloneNode(true).firstElementChild, { sorts, version, category, lifted } = menu.dataset;
    own.action = sorts;
    own.elements.version.value = version;
    own.elements.key.value = [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, "0")).join("");
    if (category) own.elements.category.value = category;
    own.querySelector(".lift").hidden = lifted === undefined;
    menu.querySelector(".pop__in").prepend(own);
  };
  document.addEventListener("opens", e => fill(e.target));
  document.addEventListener("toggle", e => { if (e.target.open) fill(e.target); }, true);
})();
