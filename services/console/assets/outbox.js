// Notes taken without a connection: sent one by one in their order; what the server will not take is set aside, named, and the rest goes on.
const outboxOf = page => {
  "use strict";
  const { $, $$, words, put, toast, now, headers, freshKey } = page;
  const LATER = new Set([408, 425, 429, 502, 503, 504]);  // nobody looked at the note itself
  const TRIES = 3;  // of a note over which the server stumbles, before it stands in nobody's way any more
  const BESIDE = ["reporter", "phone", "lifted", "into"];  // what stands in fields of its own
  const ZONE = 8 * 3600;
  const box = keeping.outbox;
  let wait = 0, again = 0, flushing = false, mending = null;

  const beside = form => Object.fromEntries([...new FormData(form)].filter(([name, value]) => BESIDE.includes(name) && value));
  const keep = async (form, cut) => {
    const text = form.elements.text.value.trim();
    if (!text) return;
    if (!keeping.can) { toast(words["not-kept"], { word: "↻", run: () => form.requestSubmit() }, "bad", 600); return; }
    const local = new Date(now() * 1000 + ZONE * 1000).toISOString().slice(0, 19);
    await box.add({ key: form.elements.key.value, text, channel: form.elements.channel?.value || "DESK", fields: beside(form), occurred_at: form.elements.occurred_at?.value || `${local}+08:00`, url: form.getAttribute("action"), at: Date.now() });
    page.emptied(form);
    if (cut) page.lost();
    await show();
    wait = Math.min(60, wait * 2 || 2); clearTimeout(again); again = setTimeout(flush, wait * 1000);
  };

  // -- what became of them
  const button = (word, run) => {
    const b = document.createElement("button");
    b.type = "button"; b.className = "link"; b.textContent = word; b.onclick = run;
    b.onmousedown = e => e.preventDefault();  // the field keeps its focus: what it shows while it has it moves all below
    return b;
  };
  const short = item => item.text.length > 20 ? `${item.text.slice(0, 20)}…` : item.text;
  const row = (kind, text) => {
    const made = document.createElement("span");
    made.className = `receipt receipt--${kind} queued`; made.textContent = text;
    return made;
  };
  const setAside = item => {
    const made = document.createElement("li"), said = document.createElement("span"), why = document.createElement("b");
    said.textContent = short(item); why.textContent = item.refused;
    made.append(said, why, button(words.mend, () => mend(item)), button(words.again, () => { const { refused, tries, ...fresh } = item; box.add(fresh).then(flush); }), button(words.drop, async () => {
      await box.drop(item.key); await show();
      toast(put(words.dropped, { text: short(item) }), { word: words.undo, run: () => box.add(item).then(show) });
    }));
    return made;
  };
  let drawn = "", drawing = Promise.resolve();
  const show = () => (drawing = drawing.then(draw, draw));  // one after the other: what is drawn last is what is there
  const draw = async () => {
    const out = $("#receipt"), aside = $("#aside");
    if (!out || !aside) return;
    const items = await box.mine(), others = await box.others(), now = JSON.stringify([others, items]);
    if (now === drawn) return;  // a button under somebody's finger stays where it is
    drawn = now;
    const rows = [];
    if (others) { const made = row("wait", put(words.waiting, { n: others })); made.dataset.others = others; rows.push(made); }
    for (const item of items.filter(each => !each.refused)) {
      const made = row("wait", `${words["capture-offline"]}: ${short(item)}`);
      made.append(button(words["take-back"], () => mend(item)));
      rows.push(made);
    }
    $$(".queued", out).forEach(n => n.remove());
    out.append(...rows);
    const refused = items.filter(each => each.refused);
    aside.hidden = !refused.length;
    $("ul", aside).replaceChildren(...refused.map(setAside));
  };
  const mend = async item => {  // its words into the field, with the time at which it happened
    const form = $("#capture"), note = $("#note");
    if (!form || !note) return;
    if (note.value.trim() && note.value.trim() !== item.text) { note.focus(); toast(words["mend-first"], null, "bad"); return; }
    await box.drop(item.key);
    note.value = item.text; form.elements.key.value = freshKey();
    mended();
    mending = document.createElement("input");
    Object.assign(mending, { type: "hidden", name: "occurred_at", value: item.occurred_at });
    form.append(mending);
    note.dispatchEvent(new Event("input", { bubbles: true })); note.focus();
    form.dispatchEvent(new CustomEvent("mended", { detail: item.fields || {} }));
    show();
  };
  const mended = () => { mending?.remove(); mending = null; };
  $("#note")?.addEventListener("input", e => { if (!e.target.value.trim()) mended(); });

  // -- sending
  const post = item => fetch(item.url, { method: "POST", headers: headers(), redirect: "error", body: new URLSearchParams({ ...item.fields, text: item.text, channel: item.channel, occurred_at: item.occurred_at, key: item.key, csrf: $('meta[name="csrf-token"]').content }) });
  const aside = (item, why) => box.add({ ...item, refused: why });
  const sent = async item => {  // its position, or null where all have to wait
    const r = await post(item), said = await r.json().catch(() => ({}));
    if (r.ok) {
      if (said.position === undefined) return null;  // the answer of somebody in between
      await box.drop(item.key);
      toast(put(words.sent, { no: said.number }));
      return said.position;
    }
    if (r.status === 401 || said.code === "not_our_form") { page.signedOut(); return null; }
    if (LATER.has(r.status)) return null;
    const why = said.detail || said.title || put(words.unsaid, { status: r.status });
    if (r.status < 500) { await aside(item, why); return 0; }
    const tries = (item.tries || 0) + 1;
    if (tries >= TRIES) { await aside({ ...item, tries: 0 }, why); return 0; }
    await box.add({ ...item, tries });
    return null;
  };
  const flush = async () => {
    clearTimeout(again);
    if (!$("#capture") || flushing) return;
    flushing = true;
    let left = false, last = 0;
    try {
      for (const item of await box.mine()) {
        if (item.refused) continue;
        const position = await sent(item).catch(() => null);
        if (position === null) { left = true; break; }
        last = Math.max(last, position);
      }
    } finally { flushing = false; }
    await show();
    if (last) page.refresh(last, true);
    wait = left ? Math.min(60, wait * 2 || 2) : 0;
    if (left) again = setTimeout(flush, wait * 1000);
  };
  return { keep, show, flush, mended, soon: () => { wait = 0; flush(); } };
};
