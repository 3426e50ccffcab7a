// Ways to pages: what waits at each, all areas, the shelf of a large area, and the bar at the foot of a phone.
(() => {
  "use strict";
  const rail = document.querySelector(".rail"), all = rail?.querySelector(".all"), shelf = document.getElementById("shelf"), title = document.querySelector(".ptitle");
  if (!rail) return;
  const each = (sel, run, root = document) => root.querySelectorAll(sel).forEach(run);
  const phone = () => innerWidth <= 720;
  const keep = (name, value) => { document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax`; };

  // -- where tabs do not fit, the one that is open stands in view
  document.querySelector(".views--fees [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

  // -- what waits: it is shown only while it is known to be so
  const LASTS = 90000, AGAIN = 30000; // ms
  let told = 0, timer = 0;
  const badge = (slot, n) => {
    const word = Object.assign(document.createElement("span"), { className: "sr", textContent: ` ${rail.dataset.word}` });
    slot.replaceChildren(...(n ? [n > 99 ? "99+" : String(n), word] : []));
    slot.hidden = !n;
  };
  const put = said => {
    each("[data-waits-of]", slot => badge(slot, said.areas[slot.dataset.waitsOf]));
    each("[data-waits-at]", slot => badge(slot, said.pages[slot.dataset.waitsAt]?.n));
    each("[data-said-at]", slot => { slot.textContent = said.pages[slot.dataset.saidAt]?.said || ""; });
    each("[data-foot-of]", slot => {
      const [line, small] = said.foot[slot.dataset.footOf] || [];
      slot.hidden = !line;
      slot.querySelector("b").textContent = line || ""; slot.querySelector("small").textContent = small || "";
    });
  };
  const forget = () => put({ areas: {}, pages: {}, foot: {} });
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(rail.dataset.waits, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "error", signal: AbortSignal.timeout(10000) });
      if (!answer.ok) throw answer.status;
      put(await answer.json());
      told = Date.now();
    } catch { forget(); }
  };
  const soon = (wait = 300) => { clearTimeout(timer); timer = setTimeout(ask, wait); };
  if (rail.dataset.waits) {
    ask();
    setInterval(() => { if (Date.now() - told > AGAIN) ask(); }, AGAIN);
    setInterval(() => { if (told && Date.now() - told > LASTS) forget(); }, 5000);
    addEventListener("offline", forget);
    for (const name of ["online", "pageshow"]) addEventListener(name, () => soon());
    document.addEventListener("visibilitychange", () => { if (Date.now() - told > LASTS) forget(); soon(); });
    document.addEventListener("settled", () => soon()); // a live page has shown something new
  }

  // -- the shelf: put away to the title, and raised from it
  const lift = up => {
    if (!shelf) return;
    shelf.classList.toggle("is-up", up);
    title.setAttribute("aria-expanded", up);
    if (up) (shelf.querySelector("[aria-current]") || shelf.querySelector("a")).focus(); else if (shelf.contains(document.activeElement)) title.focus();
  };
  const fold = () => {
    const folded = document.body.classList.toggle("is-folded");
    keep("shelf", folded ? "folded" : "");
    lift(false);
    (folded ? title : shelf.querySelector("[data-fold]")).focus();
  };
  if (shelf) {
    title.setAttribute("role", "button");
    title.setAttribute("aria-expanded", "false");
    title.addEventListener("click", e => { e.preventDefault(); lift(!shelf.classList.contains("is-up")); });
    title.addEventListener("keydown", e => { if (e.key === " ") { e.preventDefault(); title.click(); } });
    shelf.querySelector("[data-fold]").addEventListener("click", fold);
  }
  addEventListener("keydown", e => {
    if (e.key === "Escape") {
      if (shelf?.classList.contains("is-up")) lift(false);
      if (all?.open) { all.open = false; all.querySelector("summary").focus(); }
      return;
    }
    let off = false;
    try { off = localStorage.getItem("keys") === "off"; } catch { /* private window */ }
    if (e.key !== "[" || off || !shelf || innerWidth <= 1000 || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.target.closest?.("input,textarea,select,[contenteditable],dialog")) return;
    e.preventDefault();
    fold();
  });

  // -- without a network a way leads nowhere: the page that stands is kept
  document.addEventListener("click", async e => {
    const link = e.target.closest?.("a[href]");
    if (!link || e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || link.target || link.origin !== location.origin || (link.hash && link.pathname === location.pathname)) return;
    const doubted = document.body.classList.contains("is-old");
    if (navigator.onLine && !doubted) return;
    e.preventDefault();
    try {
      if (!navigator.onLine) throw 0;
      await fetch("/health/live", { cache: "no-store", signal: AbortSignal.timeout(3000) });
      location.assign(link.href);
    } catch { document.dispatchEvent(new CustomEvent("say", { detail: rail.dataset.offline })); }
  });

  // -- a page scrolls by keys before anything on it was chosen
  const main = document.getElementById("main");
  addEventListener("keydown", e => {
    if (e.target !== document.body || e.ctrlKey || e.metaKey || e.altKey || main.scrollHeight <= main.clientHeight + 1) return;
    const page = main.clientHeight * 0.9, far = main.scrollHeight;
    const by = { PageDown: page, " ": e.shiftKey ? -page : page, PageUp: -page, ArrowDown: 48, ArrowUp: -48, Home: -far, End: far }[e.key];
    if (by) { e.preventDefault(); main.scrollBy(0, by); }
  });

  // -- a number that is called fills the form; letters of another size
  document.addEventListener("click", e => {
    const called = e.target.closest?.("[data-fills]"), field = called?.closest("form")?.elements[called.dataset.fills];
    if (field) { field.value = called.dataset.fill; field.dispatchEvent(new Event("input", { bubbles: true })); }
    const size = e.target.closest?.("[data-size-to]");
    if (!size) return;
    keep("size", size.dataset.sizeTo);
    location.reload();
  });

  // -- all areas; on a phone a long press, or a button and then a tile, puts one into the bar, where the last of the others makes room
  const how = all?.querySelector(".all__h .muted"), chooses = all?.querySelector("[data-swap]");
  let pressed = 0, swapped = false;
  const choosing = on => { chooses.setAttribute("aria-pressed", on); if (on) how.textContent = how.dataset.how; };
  const swap = tile => {
    const wanted = tile.dataset.tile, bar = [...rail.querySelectorAll(".is-bar")];
    if (!bar.some(li => li.dataset.area === wanted)) {
      const here = bar.filter(li => !li.querySelector("[aria-current]")), gone = here[here.length - 1] || bar[bar.length - 1];
      gone?.classList.remove("is-bar");
      each(`[data-area="${CSS.escape(wanted)}"]`, li => li.classList.add("is-bar"), rail);
      keep("bar", [wanted, ...bar.filter(li => li !== gone).map(li => li.dataset.area)].join("."));
    }
    how.textContent = rail.dataset.swapped.replace("{area}", tile.querySelector("span").textContent);
  };
  const release = () => { clearTimeout(pressed); };
  all?.addEventListener("pointerdown", e => {
    const tile = e.target.closest(".tile");
    swapped = false;
    release();
    if (tile && phone()) pressed = setTimeout(() => { swapped = true; swap(tile); }, 500);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) all?.addEventListener(end, release);
  all?.addEventListener("pointermove", e => { if (e.movementX ** 2 + e.movementY ** 2 > 64) release(); });
  all?.addEventListener("contextmenu", e => { const tile = phone() && e.target.closest(".tile"); if (!tile) return; e.preventDefault(); swapped = true; swap(tile); });
  all?.addEventListener("click", e => {
    const tile = e.target.closest(".tile");
    if (e.target === chooses) choosing(chooses.getAttribute("aria-pressed") === "false");
    else if (tile && chooses.getAttribute("aria-pressed") === "true") { e.preventDefault(); swap(tile); choosing(false); }
    else if (tile && swapped) e.preventDefault();
    swapped = false;
  });
  all?.addEventListener("toggle", () => choosing(false));
  document.addEventListener("click", e => {
    if (all?.open && (e.target === all || !e.target.closest(".all"))) all.open = false;
    if (!shelf?.classList.contains("is-up") || e.target.closest(".shelf,.ptitle")) return;
    if (phone()) { e.preventDefault(); e.stopPropagation(); } // what lies in the dark behind is not meant
    lift(false);
  }, true);
})();
