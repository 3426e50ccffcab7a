// The palette: Ctrl+K, some letters, Enter. What is found comes from the server as links; without it the form goes to the search page.
(() => {
  "use strict";
  const palette = document.getElementById("palette");
  if (!palette) return;
  const box = document.getElementById("palette-q"), found = document.getElementById("palette-found"), go = document.getElementById("palette-go");
  let timer = 0, asking = null;
  const links = () => [...palette.querySelectorAll("a.hit")].filter(a => a.offsetParent);
  const look = async () => {
    const wanted = box.value.trim();
    asking?.abort();
    go.hidden = Boolean(wanted);
    if (!wanted) { found.replaceChildren(); return; }
    asking = new AbortController();
    try {
      const answer = await fetch(`/search?q=${encodeURIComponent(wanted)}`, { headers: { "HX-Request": "true", Accept: "text/html" }, signal: asking.signal, redirect: "error" });
      if (answer.ok) found.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
    } catch { /* a newer question, or no connection: what was found stays */ }
  };
  const show = () => {
    if (palette.open) { palette.close(); return; }
    if (document.querySelector("dialog[open]")) return;
    palette.showModal();
    box.select();
  };
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 120); });
  palette.addEventListener("click", e => { if (e.target === palette) palette.close(); });
  palette.addEventListener("keydown", e => {
    if (e.isComposing || (e.key !== "ArrowDown" && e.key !== "ArrowUp")) return;
    const all = links(), at = all.indexOf(document.activeElement), to = e.key === "ArrowDown" ? at + 1 : at - 1;
    e.preventDefault();
    (to < 0 ? box : all[Math.min(to, all.length - 1)])?.focus();
  });
  addEventListener("keydown", e => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === "k" && !e.isComposing) { e.preventDefault(); show(); }
  });
  document.querySelector(".find kbd")?.addEventListener("click", show);
})();
