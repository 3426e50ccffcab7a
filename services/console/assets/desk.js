// The fee desk and the drawer: sums while one counts, the change to give, found dwellings while one types.
(() => {
  "use strict";
  const $ = (sel, root = document) => root.querySelector(sel);
  const $$ = (sel, root = document) => [...root.querySelectorAll(sel)];
  const SIGN = "\u00a5";
  const money = fen => `${fen < 0 ? "\u2212" : ""}${SIGN}${Math.trunc(Math.abs(fen) / 100).toLocaleString("en-US")}.${String(Math.abs(fen) % 100).padStart(2, "0")}`;
  const fenOf = text => {
    const found = text.normalize("NFKC").replace(SIGN, "").replaceAll(",", "").trim().match(/^(\d{1,12})(?:\.(\d{1,2}))?$/);
    return found ? Number(found[1]) * 100 + Number((found[2] || "").padEnd(2, "0") || 0) : null;
  };

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
})();
