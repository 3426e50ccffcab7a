// New HTML in the place of old: what is the same stays, with its focus and with what was typed into it.
const morphing = (() => {
  "use strict";
  const chosen = list => list.selectedIndex !== Math.max(0, [...list.options].findIndex(each => each.defaultSelected));
  const typed = el => ("defaultValue" in el && el.value !== el.defaultValue) || ("defaultChecked" in el && el.checked !== el.defaultChecked);
  const stays = (name, el) => name === "open" || (name === "selected" ? chosen(el.closest("select")) : (name === "value" || name === "checked") && typed(el));
  const put = (old, now, morphStyle) => Idiomorph.morph(old, now, { morphStyle, callbacks: { beforeAttributeUpdated: (name, el) => !stays(name, el) } });
  const read = text => new DOMParser().parseFromString(text, "text/html").body;

  // all of a live part, and what stands elsewhere on the page and belongs to it
  const whole = (region, text) => {
    const sent = read(text);
    for (const part of sent.querySelectorAll("[data-aside]")) {
      const old = document.getElementById(part.id);
      part.remove();
      if (old) put(old, part, "outerHTML");
    }
    put(region, [...sent.childNodes], "innerHTML");
  };

  // what has changed: the pieces that are others now, and the order of each list where one came or went
  const changes = text => {
    const sent = read(text), fresh = new Map();
    const orders = [...sent.children].filter(each => each.dataset.list);
    for (const piece of [...sent.children].filter(each => !each.dataset.list)) {
      const old = document.getElementById(piece.id);
      if (old) put(old, piece, "outerHTML");
      else fresh.set(piece.id, document.adoptNode(piece));
    }
    const lists = orders.map(order => [document.getElementById(order.dataset.list), order.textContent.split(" ").filter(Boolean).map(id => fresh.get(id) || document.getElementById(id))]);
    if (lists.some(([list, all]) => !list || all.includes(null))) throw new Error("a piece is missing");
    for (const [list, all] of lists) {
      const stay = new Set(all);
      for (const gone of [...list.children]) if (!stay.has(gone)) gone.remove();
      let next = list.firstElementChild;
      for (const each of all) if (each === next) next = next.nextElementSibling; else list.insertBefore(each, next);
    }
  };

  // parts that a page asks for by itself, some of them again and again until they say no more where to ask
  const ask = async part => {
    try {
      const answer = await fetch(part.dataset.part, { headers: { "HX-Request": "true", Accept: "text/html" }, redirect: "error" });
      if (answer.status !== 200 || !part.isConnected) return;
      if (part.dataset.again) put(part, [...read(await answer.text()).children], "outerHTML"); else part.innerHTML = await answer.text();
    } catch { /* no connection: what stood there stays */ }
  };
  const again = part => setTimeout(async () => {
    await ask(part);
    const now = document.getElementById(part.id);
    if (now?.dataset.again) again(now);
  }, Number(part.dataset.again));
  for (const part of document.querySelectorAll("[data-part]")) if (part.dataset.again) again(part); else ask(part);
  return { whole, changes };
})();
