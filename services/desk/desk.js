// The fee desk and the drawer: sums while one counts, the change to give, what an amount pays, found dwellings while one types.
(() => {
  "use strict";
  const $ = (sel, root = document) => root.querySelector(sel);
  const $$ = (sel, root = document) => [...root.querySelectorAll(sel)];
  const SIGN = "\u00a5";
  const money = fen => `${fen < 0 ? "\u2212" : ""}${SIGN}${Math.trunc(Math.abs(fen) / 100).toLocaleString("en-US")}.${String(Math.abs(fen) % 100).padStart(2, "0")}`;
  const fenOf = text => {
    const found = text.normalize("NFKC").replace(SIGN, "").trim().match(/^(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d{1,2}))?$/);
    return found ? Number(found[1].replaceAll(",", "")) * 100 + Number((found[2] || "").padEnd(2, "0") || 0) : null;
  };

  // -- a key works where it is shown, once each time it is pressed; all of them can be switched off
  const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };  // a private window keeps nothing
  const seen = hint => !!hint?.offsetParent && getComputedStyle(hint).visibility === "visible";
  const plain = e => !e.repeat && !e.ctrlKey && !e.metaKey && !e.altKey && !e.isComposing && !off();

  // -- the drawer: what lies in it, while it is counted
  for (const form of $$("form[data-coins]")) {
    const sum = () => { $("[data-coin-sum]", form).textContent = money($$("[data-coin]", form).reduce((all, each) => all + Number(each.dataset.coin) * (Number(each.value) || 0), 0)); };
    form.addEventListener("input", sum);
    form.addEventListener("keydown", e => {
      if (e.key !== "Enter" || !e.target.matches("[data-coin]")) return;
      const all = $$("[data-coin]", form), next = all[all.indexOf(e.target) + 1];
      if (next) { e.preventDefault(); next.focus(); next.select(); }
    });
    sum();
  }

  // -- the desk: found dwellings while one types, Enter takes the first
  const box = $("#fee-q"), found = $("#fee-found");
  if (box) {
    let timer = 0, asking = null, shown = box.value.trim(), open = false;
    const links = () => $$("a.hit", found);
    const first = () => { const link = links()[0]; if (link) link.click(); else open = false; };
    const look = async () => {
      const wanted = box.value.trim();
      asking?.abort();
      if (wanted === shown) { if (open) first(); return; }
      asking = new AbortController();
      try {
        const answer = await fetch(`${box.dataset.found}?q=${encodeURIComponent(wanted)}`, { headers: { "HX-Request": "true", Accept: "text/html" }, signal: asking.signal, redirect: "error" });
        if (!answer.ok) return;
        found.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
        shown = wanted;
        if (open) first();
      } catch { /* a newer question, or no connection: what was found stays */ }
    };
    box.addEventListener("input", () => { open = false; clearTimeout(timer); timer = setTimeout(look, 90); });
    box.form.addEventListener("submit", e => { e.preventDefault(); open = true; clearTimeout(timer); look(); });
    $(".till").addEventListener("keydown", e => {
      if (e.isComposing || (e.key !== "ArrowDown" && e.key !== "ArrowUp") || !(e.target === box || found.contains(e.target))) return;
      const all = links(), at = all.indexOf(document.activeElement), to = e.key === "ArrowDown" ? at + 1 : at - 1;
      e.preventDefault();
      (to < 0 ? box : all[Math.min(to, all.length - 1)])?.focus();
    });
  }

  // -- taking money: the amount of what is ticked, the change to give, Enter leads to the methods
  const take = $("form[data-take]");
  if (take) {
    const after = $("#after"), far = 10;
    const amount = take.elements.amount, given = take.elements.given, ticks = $$("[data-open]", take);
    const change = () => {
      const due = fenOf(amount.value), got = given.value.trim() ? fenOf(given.value) : null;
      $("#back").textContent = money(due !== null && got !== null && got > due ? got - due : 0);
      const whole = Number(amount.dataset.whole), later = Number(amount.dataset.later), more = due === null ? 0 : due - whole;
      const over = more > later ? more - later : more;  // what is beyond the bills that fall due later
      const how = !due ? "" : more < 0 ? "left" : more === 0 ? "even" : more <= later ? "ahead" : whole && due > far * (whole + later) ? "far" : "over";
      after.dataset.how = how;
      $("span", after).textContent = how && after.dataset[how].replace("{amount}", money(Math.abs(over)));
    };
    take.addEventListener("input", () => { change(); foresee(); });
    take.addEventListener("change", e => {
      if (!e.target.matches("[data-open]")) return;
      const ticked = ticks.filter(each => each.checked);
      const sum = ticked.length ? ticked.reduce((all, each) => all + Number(each.dataset.open), 0) : Number(amount.dataset.whole);
      amount.value = `${Math.trunc(sum / 100)}.${String(sum % 100).padStart(2, "0")}`;
      change();
      foresee();
    });

    const again = take.elements.again, askedIn = $("#e-reference");  // a number that was taken before is asked about
    take.elements.reference.addEventListener("input", () => { again.checked = false; });  // it was said of another one
    new MutationObserver(() => { if (!askedIn.hidden) again.scrollIntoView({ block: "center" }); }).observe(askedIn, { attributeFilter: ["hidden"] });

    // which bills the amount will pay, by the rules that will take it
    const pays = $("#pays");
    let wait = 0, asking = null;
    const look = async () => {
      asking?.abort();
      asking = new AbortController();
      const said = [...new FormData(take)].filter(([name]) => name === "amount" || name === "paid_on" || name === "accept_excess" || name.startsWith("bill-"));
      try {
        const answer = await fetch(`${take.dataset.pays}?${new URLSearchParams(said)}`, { headers: { "HX-Request": "true", Accept: "text/html" }, signal: asking.signal, redirect: "error" });
        if (!answer.ok) return;
        pays.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
        pays.removeAttribute("aria-busy");
      } catch { /* a newer question, or no connection: it stays marked as not known */ }
    };
    const foresee = () => { pays.setAttribute("aria-busy", "true"); clearTimeout(wait); wait = setTimeout(look, 120); };

    // Enter leads from any field to the methods, whose numbers work while one of them has the focus
    const methods = $("[data-methods]", take), all = $$("[data-method]", methods);
    take.addEventListener("keydown", e => {
      if (e.key !== "Enter" || e.isComposing) return;
      if (e.target.matches("input")) { e.preventDefault(); if (!e.repeat) all[0].focus(); }
      else if (e.repeat) e.preventDefault();  // a key held down is no second press
    });
    methods.addEventListener("keydown", e => {
      const at = all.indexOf(e.target), step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
      if (step) { e.preventDefault(); all[(at + step + all.length) % all.length].focus(); return; }
      const to = plain(e) && all.find(each => each.dataset.method === e.key && seen($("kbd", each)));
      if (to) { e.preventDefault(); e.stopPropagation(); to.click(); }
    });
    if (amount.autofocus) { amount.focus(); amount.select(); }
    change();
  }

  // -- a slip is taken back within seconds; then the button goes, and others decide
  for (const form of $$("form[data-until]")) {
    const skew = Number($('meta[name="server-time"]').content) * 1000 - Date.now();
    const count = () => {
      const left = Math.ceil(Number(form.dataset.until) - (Date.now() + skew) / 1000);
      $("[data-seconds]", form).textContent = left > 0 ? left : "";
      if (left <= 0) { clearInterval(timer); form.hidden = true; }
    };
    const timer = setInterval(count, 500);
    count();
  }

  // -- single keys of this page; they can be switched off with all the others
  addEventListener("keydown", e => {
    if (e.repeat && e.key === "Enter" && e.target.closest?.("[data-paid]")) { e.preventDefault(); return; }
    if (!plain(e) || e.target.closest?.("input,textarea,select,[contenteditable],dialog")) return;
    const what = $(`[data-key-now="${CSS.escape(e.key.toLowerCase())}"]`);
    if (what && seen($("kbd", what))) { e.preventDefault(); what.click(); }
  });
})();
