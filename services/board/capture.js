// Quick capture: who reported it stands apart while the sentence is typed, and what was reported already can be chosen.
(() => {
  "use strict";
  const form = document.querySelector("#capture");
  if (!form) return;
  const more = form.querySelector("#capture-more"), who = form.querySelector(".capture__who"), twins = form.querySelector(".capture__twins");
  const own = new Set();  // fields that the clerk wrote in: they are left alone
  const clear = () => {
    own.clear(); more.hidden = who.hidden = twins.hidden = true;
    form.elements.lifted.disabled = true;
    for (const name of ["reporter", "phone"]) form.elements[name].value = "";
    twins.replaceChildren(twins.firstElementChild);
  };
  for (const name of ["reporter", "phone"]) form.elements[name].addEventListener("input", () => own.add(name));
  form.addEventListener("guessed", e => {
    const { reporter, phone, twins: found } = e.detail, chosen = form.elements.into?.value;
    for (const [name, value] of Object.entries({ reporter, phone })) if (!own.has(name)) form.elements[name].value = value || "";
    who.hidden = !(reporter || phone || own.size);
    form.elements.lifted.disabled = who.hidden; form.elements.lifted.value = who.hidden ? "" : "1";
    twins.replaceChildren(twins.firstElementChild, ...(found || []).map(each => {
      const label = document.createElement("label"), box = document.createElement("input"), act = document.createElement("b");
      box.type = "checkbox"; box.name = "into"; box.value = each.issue; box.checked = each.issue === chosen;
      box.addEventListener("change", () => { for (const other of twins.querySelectorAll("input")) if (other !== box) other.checked = false; });
      act.textContent = each.act;
      label.append(box, act, ` ${each.about}`);
      return label;
    }));
    twins.hidden = !found?.length;
    more.hidden = who.hidden && twins.hidden;
  });
  form.addEventListener("mended", e => {  // a note that waited comes back with what stood in its fields
    for (const name of ["reporter", "phone"]) if (e.detail[name]) { form.elements[name].value = e.detail[name]; own.add(name); }
    if (!own.size) return;
    more.hidden = who.hidden = false;
    form.elements.lifted.disabled = false; form.elements.lifted.value = "1";
  });
  form.addEventListener("reset", clear);
  form.elements.text.addEventListener("input", () => { if (!form.elements.text.value.trim()) clear(); });
})();
