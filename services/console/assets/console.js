// Console behaviour: ticking clocks, keyboard, acts sent without reloading, offline notes, live regions. 
(() => {
  "use strict";
  const $ = (sel, root = document) => root.querySelector(sel);
  const $$ = (sel, root = document) => [...root.querySelectorAll(sel)];
  const words = JSON.parse(document.body.dataset.words || "{}");
  const put = (text, facts) => (text || "").replace(/\{(\w+)\}/g, (all, name) => facts[name] ?? all);
  const skew = Number($('meta[name="server-time"]').content) * 1000 - Date.now();
  const now = () => (Date.now() + skew) / 1000;
  const root = document.documentElement;
  const store = { get: (k) => { try { return localStorage.getItem(k); } catch { return null; } }, set: (k, v) => { try { localStorage.setItem(k, v); } catch { /* private window */ } } };
  root.classList.add("js");

  // -- clocks: one timer for the page; it goes on from what the server has counted, while the station is open
  const served = (times, from, to) => times.split(" ").reduce((sum, each) => {
    const [opens, closes] = each.split("-").map(Number);
    return sum + Math.max(0, Math.min(to, closes) - Math.max(from, opens));
  }, 0);
  const span = (seconds, dayMinutes) => {
    const m = Math.floor(seconds / 60), d = Math.floor(m / dayMinutes), rest = m % dayMinutes, h = Math.floor(rest / 60);
    if (d) return put(h ? words.days : words.wholeDays, { d, h });
    return h ? put(words.hours, { h, m: String(rest % 60).padStart(2, "0") }) : put(words.minutes, { m: rest });
  };
  const tick = () => {
    const t = now();
    for (const el of $$("time[data-due]")) {
      const d = el.dataset, late = t >= +d.due, left = +d.rest - served(d.open, +d.at, t);
      const soon = !late && left < +d.soon;
      const said = put(late ? words.late : words.left, { span: span(Math.max(0, late ? -left : left), +d.day) });
      const text = d.provisional === undefined ? said : put(words.provisional, { clock: said });
      const slot = $(".sla__t", el), kind = late ? "late" : soon ? "soon" : "ok";
      if (slot.textContent !== text) slot.textContent = text;
      if (!el.classList.contains(`sla--${kind}`)) {
        el.className = `sla sla--${kind}`;
        const use = $("use", el), href = use.getAttribute("href").split("#")[0];
        use.setAttribute("href", `${href}#${late ? "alert-triangle" : "clock"}`);
      }
    }
  };
  setInterval(tick, 5000);

  // -- toasts
  const toast = (text, action, tone, seconds = 8) => {
    const box = document.createElement("div"), said = document.createElement("span");
    box.className = `toast${tone ? ` toast--${tone}` : ""}`;
    said.textContent = text;
    box.append(said);
    if (action) {
      const b = document.createElement("button");
      b.type = "button"; b.textContent = action.word; b.dataset.undo = "";
      b.onclick = () => { action.run(); box.remove(); };
      box.append(b);
    }
    for (const same of $$("#toasts .toast--bad")) if (tone === "bad" && $("span", same)?.textContent === text) same.remove();
    $("#toasts").append(box);
    setTimeout(() => box.remove(), seconds * 1000);
    return box;
  };

  document.addEventListener("say", e => toast(e.detail, null, "bad"));

  // -- live regions: the stream says that something is new, the page asks for its own part and morphs it in
  const region = $("[data-live]");
  const busy = () => pressed || document.querySelector("dialog[open]:not(#help), details.pop[open]") || (region.contains(document.activeElement) && document.activeElement.matches("input:not([type=radio]):not([type=checkbox]),textarea,select") && document.activeElement.value);
  let pressed = false, timer = 0, asking = null, owed = null;
  const paint = (text, changes) => {
    const keep = document.activeElement, inside = region.contains(keep) ? keep.closest("[id]")?.id : null;
    if (changes) morphing.changes(text); else morphing.whole(region, text);
    if (inside && document.activeElement === document.body) document.getElementById(inside)?.querySelector("a[data-nav],button,a")?.focus();
    settled();
  };
  const settled = () => {
    if (location.hash.startsWith("#lane-") || $(".lanes")) lane((location.hash.startsWith("#lane-") ? location.hash : "#lane-inbox").slice(1));
    for (const c of $$("[data-count]")) for (const b of $$(`[data-count-of="${c.dataset.count}"]`)) b.textContent = c.textContent;
    tick();
    document.dispatchEvent(new Event("settled"));
  };
  const refresh = async (after = 0, force = false) => {
    if (!region) return;
    if (!force && busy()) { owed = Math.max(owed || 0, after || 1); return; }
    if (asking) { owed = Math.max(owed || 0, after || 1); return; }
    owed = null;
    let failed = false;
    asking = (async () => {
      const url = new URL(region.dataset.live, location.href);
      if (after > 1) url.searchParams.set("after", after);
      if (region.dataset.shown) url.searchParams.set("since", region.dataset.shown);
      const headers = { "HX-Request": "true", Accept: "text/html" };
      if (region.dataset.etag && !after) headers["If-None-Match"] = region.dataset.etag;
      const asked = Date.now(), answer = await fetch(url, { headers, cache: "no-store", signal: AbortSignal.timeout(20000) });
      if (answer.status === 200 && !answer.redirected) {
        const { headers: said } = answer, shown = said.get("X-Shown") || "";
        region.dataset.etag = region.dataset.shown = "";  // until it stands
        paint(await answer.text(), said.has("X-Changes"));
        region.dataset.etag = said.get("ETag") || "";
        if (shown) region.dataset.shown = shown;
        for (const n of $$("[data-own-share]")) { const own = said.get("X-Own-Share"); if (own !== null) { n.textContent = own; n.hidden = own === "0"; } }
      } else if (answer.status === 401 || answer.redirected) signedOut();
      else if (answer.status === 404) location.reload();
      if (!answer.redirected && (answer.ok || answer.status === 304)) { freshness.found(); freshness.current(asked); }
      else failed = true;
    })();
    try { await asking; } catch { failed = true; } finally { asking = null; if (owed !== null) later(); }
    if (failed) { freshness.lose("off"); clearTimeout(timer); timer = setTimeout(() => refresh(0), 5000); }
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(() => refresh(0), 250); };
  const signedOut = () => {
    freshness.lose("gone");
    if ($(".toast--gone")) return;
    toast(words["session-gone"], { word: words["sign-in"] || "→", run: () => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`) }, "gone", 600);
  };
  if (region?.dataset.stream) {
    addEventListener("pointerdown", () => { pressed = true; }, true);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { pressed = false; if (owed !== null) later(); }, true);
    document.addEventListener("focusout", () => { if (owed !== null) later(); });
    document.addEventListener("close", () => { if (owed !== null) later(); }, true);
    document.addEventListener("toggle", e => { if (!e.target.open && owed !== null) later(); }, true);
    let source = null, again = 0, tries = 0;
    const listen = () => {
      clearTimeout(again);
      source?.close();
      source = new EventSource(region.dataset.stream);
      source.onopen = () => { tries = 0; freshness.changed(); later(); };
      source.onerror = () => {
        freshness.lose("off");
        if (source.readyState === 2) { again = setTimeout(listen, Math.min(30, 3 * ++tries) * 1000); refresh(0, true); } // it was refused: it does not come back by itself
      };
      source.addEventListener("here", e => freshness.hear(e.data));
      source.addEventListener("board", () => { freshness.changed(); later(); });
      source.addEventListener("over", () => { source.close(); freshness.lose("off"); again = setTimeout(listen, 3000); refresh(0, true); });
    };
    freshness.start(words, skew, later, () => listen());
    listen();
    setInterval(() => { if ($("[data-under-way]", region) && !document.hidden) refresh(); }, 1000); // the end of a run is in no view
    document.addEventListener("visibilitychange", () => { if (document.hidden) return; if (source.readyState === 2) listen(); later(); });
    document.addEventListener("resume", () => later());
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", e => { if (e.persisted) listen(); });
    addEventListener("online", () => { if (source.readyState === 2) listen(); later(); });
  }

  // -- what was typed stays until the server has acknowledged it
  const DRAFTED = "form[data-act],form[method=post]:not([action^='/sign-'])";
  const draftKey = form => `draft:${location.pathname}:${form.getAttribute("action")}`;
  const fieldsOf = form => $$("input:not([type=hidden]):not([type=file]):not([type=password]),textarea,select", form).filter(f => f.name);
  const isBox = f => f.type === "checkbox" || f.type === "radio";
  const asSent = f => f.tagName === "SELECT" ? [...f.options].every((o, i) => o.selected === (o.defaultSelected || (i === 0 && !f.multiple && ![...f.options].some(each => each.defaultSelected)))) : isBox(f) ? f.checked === f.defaultChecked : f.value === f.defaultValue;
  const slotOf = f => f.type === "radio" || f.type === "checkbox" ? `${f.name}=${f.value}` : f.name;
  const saveDraft = form => {
    const kept = {};
    for (const f of fieldsOf(form)) if (!asSent(f)) kept[slotOf(f)] = isBox(f) ? f.checked : f.value;
    keeping.put(draftKey(form), Object.keys(kept).length ? kept : null);
  };
  const restoreDraft = async form => {
    const kept = await keeping.get(draftKey(form));
    if (!kept) return;
    const back = fieldsOf(form).filter(f => slotOf(f) in kept && asSent(f));  // what somebody has typed since stays
    for (const f of back) if (isBox(f)) f.checked = kept[slotOf(f)]; else f.value = kept[slotOf(f)];
    for (const f of back) f.dispatchEvent(new Event("input", { bubbles: true }));
    if (back.some(f => f.defaultValue || f.tagName === "SELECT" || isBox(f))) sayBack(form);
  };
  const sayBack = form => {  // it stands in place of what the page would have offered, so it is said, and can be put away
    if ($(".draft-back", form)) return;
    const p = document.createElement("p"), b = document.createElement("button");
    p.className = "draft-back"; p.setAttribute("role", "status"); p.textContent = words["draft-back"];
    b.type = "button"; b.className = "btn btn--s"; b.textContent = words["draft-away"];
    b.onclick = () => { form.reset(); dropDraft(form); p.remove(); form.dispatchEvent(new Event("input", { bubbles: true })); };
    p.append(b); form.prepend(p);
  };
  const dropDraft = form => keeping.put(draftKey(form), null);
  document.addEventListener("input", e => { const form = e.target.closest?.(DRAFTED); if (form) saveDraft(form); });
  // a form without our script's answer: that the next page is one of this person tells that it was taken
  document.addEventListener("submit", e => { if (e.target.matches?.(DRAFTED) && !e.target.matches("[data-act]")) { saveDraft(e.target); keeping.put("sent", draftKey(e.target)); } });
  keeping.get("sent").then(sent => { if (sent) { keeping.put(sent, null); keeping.put("sent", null); } for (const form of $$(DRAFTED)) restoreDraft(form); });

  const postHeaders = () => ({ Accept: "application/json", "X-CSRF-Token": $('meta[name="csrf-token"]').content });

  // -- acts: a form is sent as it is; the answer says what is done, or which field is wrong
  const freshKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map(b => b.toString(16).padStart(2, "0")).join("");
  const SEEN = /[^\s\p{Cf}\u034f\u115f\u1160\u2800\u3164\uffa0]/u;  // a sign that somebody can see
  const wrong = (form, field, text) => {
    for (const p of $$("[data-error-of]", form)) { p.hidden = true; p.textContent = ""; }
    for (const f of $$("[aria-invalid]", form)) f.removeAttribute("aria-invalid");
    const note = form.matches("[data-capture]") ? $("#note-error") : null;
    if (note) { note.hidden = !text; note.textContent = text || ""; }
    if (!text) return;
    const slot = $$("[data-error-of]", form).find(p => p.dataset.errorOf === field) || $('[data-error-of=""]', form);
    if (slot) { slot.textContent = text; slot.hidden = false; }
    const input = field ? form.elements[field] : null, first = input?.length && !input.tagName ? input[0] : input;
    if (first?.tagName && first.type !== "hidden") { first.setAttribute?.("aria-invalid", "true"); const shut = first.closest("details:not([open])"); if (shut) shut.open = true; first.focus(); }
  };
  const send = async (form, submitter) => {
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    const body = new FormData(form, submitter?.name ? submitter : undefined), card = form.closest(".card,.note");
    const buttons = $$("button[type=submit]", form);
    for (const b of buttons) b.setAttribute("aria-busy", "true");
    card?.classList.add("is-sent");
    wrong(form, null, null);
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: form.enctype.startsWith("multipart") ? body : new URLSearchParams(body), headers: postHeaders(), redirect: "error" });
    } catch {
      if (form.matches("[data-capture]")) await outbox.keep(form, true); else toast(words["server-down"], { word: "↻", run: () => form.requestSubmit() }, "bad");
      return;
    } finally {
      delete form.dataset.sending;
      for (const b of buttons) b.removeAttribute("aria-busy");
      if (!answer?.ok) card?.classList.remove("is-sent");
    }
    if (answer.status >= 500) { if (form.matches("[data-capture]")) await outbox.keep(form, false); else toast(words["server-down"], { word: "↻", run: () => form.requestSubmit() }, "bad"); return; }
    const said = await answer.json().catch(() => ({}));
    if (answer.status === 401) { saveDraft(form); signedOut(); return; }
    if (!answer.ok) {
      wrong(form, said.field || said.errors?.[0]?.field || null, said.detail || said.title);
      toast(said.detail || said.title || "", null, "bad");
      if (said.code === "stale") refresh(2, true).then(() => wrong(form, null, said.detail));
      return;
    }
    done(form, said);
  };
  const forgetGuess = () => { $("#guesses").replaceChildren(); $("#danger").hidden = true; };
  const done = (form, said) => {
    dropDraft(form);
    form.closest("dialog")?.close();
    const pop = form.closest("details.pop"); if (pop) pop.open = false;
    if (said.go) { sayThere(said).then(() => location.assign(said.go)); return; }
    if (form.matches("[data-capture]")) {
      emptied(form);
      const p = document.createElement("span");
      p.className = `receipt${said.urgent ? " receipt--bad" : ""}`; p.textContent = said.toast;
      for (const old of $$("#receipt .receipt:not(.queued)")) old.remove();
      $("#receipt").prepend(p);
      setTimeout(() => p.remove(), said.urgent ? 60000 : 12000);
    } else sayDone(said);
    refresh(said.position, true);
  };
  const sayDone = said => { if (said.toast) toast(said.toast, said.undo && { word: words.undo, run: () => undoAct(said.undo) }); };
  const sayThere = ({ toast, undo }) => keeping.put("said", { toast, undo });
  const sayHere = async () => { const said = await keeping.get("said"); keeping.put("said", null); if (said) sayDone(said); };
  const undoAct = async undo => {
    const body = new URLSearchParams({ csrf: $('meta[name="csrf-token"]').content, key: freshKey(), version: undo.version });
    try {
      const answer = await fetch(undo.url, { method: "POST", body, headers: postHeaders() });
      const said = await answer.json();
      if (said.go) { sayThere(said).then(() => location.assign(said.go)); return; }
      toast(answer.ok ? said.toast : said.detail, null, answer.ok ? "" : "bad");
      refresh(said.position || 2, true);
    } catch { toast(words["server-down"], null, "bad"); }
  };
  document.addEventListener("submit", e => {
    const form = e.target;
    if (!form.matches?.("form[data-act]")) return;
    e.preventDefault();
    const { text } = form.elements;
    if (form.matches("[data-capture]") && !SEEN.test(text.value)) { wrong(form, "text", text.dataset.blank); return; }
    send(form, e.submitter);
  });

  const emptied = form => { dropDraft(form); form.reset(); form.elements.key.value = freshKey(); forgetGuess(); outbox.mended(); form.elements.text.focus(); };
  const outbox = outboxOf({ $, $$, words, put, toast, now, headers: postHeaders, freshKey, lost: () => freshness.lose("off"), refresh, signedOut, emptied });
  const capture = $("#capture");
  if (capture) {
    addEventListener("online", outbox.soon);
    outbox.show().then(outbox.flush);
    let asking = 0;
    const ask = async text => {
      try {
        const body = new URLSearchParams({ text, csrf: $('meta[name="csrf-token"]').content });
        const r = await fetch(capture.dataset.guess, { method: "POST", body, headers: postHeaders(), redirect: "error" });
        if (!r.ok || $("#note").value !== text) return;
        const said = await r.json(), { guesses, danger } = said;
        capture.dispatchEvent(new CustomEvent("guessed", { detail: said }));
        $("#guesses").replaceChildren(...guesses.map(t => { const s = document.createElement("span"); s.textContent = t; if (t === "P0") s.className = "bad"; return s; }));
        $("#danger").textContent = danger || ""; $("#danger").hidden = !danger;
        for (const { text, tel } of said.rings) {
          const a = document.createElement(tel ? "a" : "span");
          if (tel) a.href = tel;
          a.className = "capture__ring"; a.textContent = text;
          $("#danger").append(a);
        }
      } catch { /* without a connection nothing is guessed */ }
    };
    const guess = () => {
      clearTimeout(asking);
      const text = $("#note").value;
      if (text.trim()) asking = setTimeout(ask, 150, text); else forgetGuess();
    };
    $("#note").addEventListener("input", () => { guess(); for (const old of $$("#receipt .receipt:not(.queued)")) old.remove(); });
    if ($("#note").value) guess();
  }

  // -- a lift asks whether anybody is inside
  document.addEventListener("change", e => {
    if (e.target.matches("select[data-lift]")) { const q = $(".lift", e.target.closest("form")); if (q) q.hidden = !e.target.value.startsWith("LIFT"); }
  });

  // -- dialogs, menus, phone lanes
  const lane = id => {
    if (!document.getElementById(id)) return;
    for (const c of $$(".col")) { c.classList.toggle("is-on", c.id === id); if (c.tagName === "DETAILS" && innerWidth <= 720) c.open = c.id === id; }
    for (const a of $$(".lanes a")) a.hash === `#${id}` ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current");
  };
  if (location.hash.startsWith("#lane-")) { lane(location.hash.slice(1)); if (innerWidth <= 720) addEventListener("load", () => scrollTo(0, 0)); }
  const show = dialog => { const form = $("form", dialog); if (dialog.open) dialog.close(); dialog.showModal(); if (form) restoreDraft(form); (form && $("textarea,select,input:not([type=hidden])", form))?.focus(); };
  for (const d of $$("dialog[open]")) show(d);
  document.addEventListener("click", e => {
    const tab = e.target.closest(".lanes a");
    if (tab) { e.preventDefault(); history.replaceState(null, "", tab.hash); lane(tab.hash.slice(1)); tab.scrollIntoView({ inline: "center", block: "nearest" }); return; }
    const opener = e.target.closest("[data-opens]"), dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog) { e.preventDefault(); show(dialog); return; }
    const menu = e.target.closest("[data-opens-menu]");
    if (menu) { const d = document.getElementById(menu.dataset.opensMenu); d.dispatchEvent(new Event("opens", { bubbles: true })); d.open = true; $("select", d)?.focus(); return; }
    for (const d of $$("details.pop[open],details.switch[open]")) if (!d.contains(e.target)) d.open = false;
    if (e.target.closest("[data-dismiss]")) { const d = e.target.closest("dialog"); if (d) { e.preventDefault(); d.close(); if (location.search.includes("act=")) history.replaceState(null, "", location.pathname); } }
    if (e.target.closest("[data-print]")) print();
    if (e.target.closest("[data-help]")) $("#help").showModal();
    if (e.target.closest("[data-theme-toggle]")) {
      const dark = getComputedStyle(root).colorScheme === "dark", t = dark ? "light" : "dark";
      root.dataset.theme = t;
      document.cookie = `theme=${t};path=/;max-age=31536000;samesite=lax`;
    }
  });

  // -- keyboard: single keys can be switched off (WCAG 2.1.4) and never fire in a field
  const on = () => store.get("keys") !== "off";
  const box0 = $("#keys-on");
  if (box0) { box0.checked = on(); box0.addEventListener("change", () => store.set("keys", box0.checked ? "on" : "off")); }
  const move = (dx, dy) => {
    const lists = $$(".board .col__list,.visits").filter(c => c.offsetParent), cur = document.activeElement.closest?.(".card,.note");
    if (!lists.length) return;
    let x = lists.findIndex(c => c.contains(cur)), y = x < 0 ? -1 : $$("a[data-nav]", lists[x]).findIndex(a => cur.contains(a));
    if (x < 0) { x = 0; if (dx) y = 0; }
    for (let n = x + dx; dx && n >= 0 && n < lists.length; n += dx) if ($$("a[data-nav]", lists[n]).length) { x = n; break; }
    const links = $$("a[data-nav]", lists[x]);
    const to = links[Math.max(0, Math.min(links.length - 1, y + dy))];
    to?.focus(); to?.scrollIntoView({ block: "nearest" });
  };
  let going = 0;
  addEventListener("keydown", e => {
    if (e.key === "Escape") { for (const d of $$("details.pop[open],details.switch[open]")) { d.open = false; $("summary", d).focus(); } if (e.target.id === "note") e.target.blur(); return; }
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.target.closest?.("input,textarea,select,[contenteditable],dialog") || !on()) return;
    const key = e.key.toLowerCase();
    if (going && Date.now() - going < 1500) { going = 0; const to = $(`.rail [data-go="${CSS.escape(key)}"]`); if (to) { e.preventDefault(); to.click(); return; } }
    const act = { c: () => ($("#note") ? $("#note").focus() : $('.rail [data-go="b"]')?.click()), "/": () => { const seek = $("#fee-q") || $("[data-seek]") || $(".find input"); seek?.matches("a") ? seek.click() : seek?.focus(); }, j: () => move(0, 1), k: () => move(0, -1), h: () => move(-1, 0), l: () => move(1, 0), "?": () => $("#help")?.showModal(), g: () => { going = Date.now(); }, u: () => $$(".toast [data-undo]").pop()?.click(), v: () => $("[data-main]")?.click() }[key];
    if (act) { e.preventDefault(); act(); return; }
    const b = document.activeElement.closest?.(".card,.note")?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (b) { e.preventDefault(); b.click(); }
  });

  for (const p of $$("[data-waiting]")) keeping.outbox.others().then(n => { p.hidden = !n; p.textContent = n ? put(words.waiting, { n }) : ""; });

  tick();
  sayHere();  // what was done on the page before
  if (document.body.classList.contains("wall")) setInterval(() => refresh(0), 60000);
  root.dataset.ready = "1";
  performance.mark("console-ready");
})();
