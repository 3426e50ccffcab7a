// Photos: several at once, each seen before it travels, and large ones made small here, where they were taken.
(() => {
  "use strict";
  const MOST_PIXELS = 12e6, MOST_BYTES = 4e6, SIDE = 2400;
  const smaller = async file => {
    const picture = await createImageBitmap(file);  // turned upright as it was held
    try {
      const { width, height } = picture, share = Math.min(1, SIDE / Math.max(width, height));
      if (width * height <= MOST_PIXELS && file.size <= MOST_BYTES) return file;
      const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
      canvas.width = Math.round(width * share); canvas.height = Math.round(height * share);
      pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height);  // what is transparent lies on white
      pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise(ok => canvas.toBlob(ok, "image/jpeg", 0.86));
      return blob && new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } finally { picture.close(); }
  };
  const forms = new WeakMap();  // form -> the pictures that will travel, in order, and what is still being done
  const of = form => forms.get(form) || (forms.set(form, { files: [], work: Promise.resolve(), busy: 0 }), forms.get(form));
  const shown = (form, state) => {
    const list = form.querySelector("[data-preview]");
    list.replaceChildren(...state.files.map((file, at) => {
      const item = document.createElement("li"), picture = document.createElement("img"), drop = document.createElement("button");
      picture.src = URL.createObjectURL(file); picture.alt = file.name;
      picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true });
      drop.type = "button"; drop.className = "link link--final"; drop.textContent = form.dataset.drop || "\u00d7"; drop.setAttribute("aria-label", file.name);
      drop.addEventListener("click", () => { state.files.splice(at, 1); shown(form, state); });
      item.append(picture, drop);
      return item;
    }));
  };
  document.addEventListener("change", e => {
    const form = e.target.closest?.("form[data-photos]");
    if (!form || e.target.type !== "file") return;
    const state = of(form), chosen = [...e.target.files];
    e.target.value = "";  // what is chosen stands below, where it can be taken out again
    state.busy++;
    state.work = state.work.then(async () => {
      for (const file of chosen) { state.files.push(await smaller(file).catch(() => null) || file); shown(form, state); }
    }).finally(() => { state.busy--; });
  });
  document.addEventListener("submit", e => {
    const state = e.target.matches?.("form[data-photos]") && of(e.target);
    if (!state?.busy) return;
    e.preventDefault(); e.stopImmediatePropagation();
    state.work.then(() => e.target.requestSubmit());
  }, true);
  document.addEventListener("formdata", e => {
    if (!e.target.matches?.("form[data-photos]")) return;
    const { files } = of(e.target);
    if (!files.length) return;
    e.formData.delete("photo");
    for (const file of files) e.formData.append("photo", file, file.name);
  });
  document.addEventListener("close", e => {
    const form = e.target.querySelector?.("form[data-photos]");
    if (form) { forms.delete(form); shown(form, of(form)); }
  }, true);
})();
