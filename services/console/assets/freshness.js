// Whether what a live page shows is known to be current: only then its dot says so, else it says as of when it stood.
const freshness = (() => {
  "use strict";
  const SILENT = 10000, LATE = 5000; // ms: the stream is heard every 3 s, and what is new is shown within one
  const dot = document.getElementById("live-state");
  const began = Date.now();
  let skew = 0, words = {}, lost = "wait", heard = 0, shown = 0, stands = 0, news = 0, odd = { t: 0, said: 0 }, asks = () => {}, again = () => {}, tried = began;
  const put = (text, facts) => (text || "").replace(/\{(\w+)\}/g, (all, name) => facts[name] ?? all);
  const clock = ms => {
    const parts = at => new Date(at + skew + 8 * 3600000).toISOString();
    const then = parts(ms), today = parts(Date.now()).slice(0, 10);
    return then.slice(0, 10) === today ? then.slice(11, 16) : `${then.slice(5, 10)} ${then.slice(11, 16)}`;
  };
  const judge = () => {
    const t = Date.now();
    if (t - heard > SILENT && t - tried > SILENT) { tried = t; again(); } // a line that is cut without a word stays open here
    if (!dot) return;
    const alive = !lost && t - heard < SILENT, late = news && t - news > LATE;
    const state = alive && !late && !stands && shown ? "on" : lost === "wait" && t - began < LATE ? "wait" : "old";
    if (state === "on" && !news) shown = Math.max(shown, heard);
    const why = lost === "gone" ? "live-gone" : navigator.onLine ? "live-old" : "live-off";
    const text = state === "old" ? put(words[why], { t: clock(stands ? Math.min(stands, shown || stands) : shown || began) }) : words[`live-${state}`];
    dot.hidden = false;
    if (dot.dataset.state !== state) dot.dataset.state = state;
    const slot = dot.querySelector("span");
    if (slot.textContent !== text) slot.textContent = text;
    document.body.classList.toggle("is-old", state === "old");
  };
  const start = (said, by, ask, listen) => {
    words = said; skew = by; asks = ask; again = listen;
    shown = Number(document.querySelector('meta[name="server-time"]').content) * 1000 - skew;
    setInterval(judge, 1000);
    for (const name of ["online", "offline", "focus", "pageshow"]) addEventListener(name, judge);
    for (const name of ["visibilitychange", "resume"]) document.addEventListener(name, judge);
    judge();
  };
  return {
    start,
    // the stream said when it spoke, by the server's clock, and as of when its views stand if they stand still
    hear(data) {
      const [said, at] = String(data).split(" ").map(Number), t = Date.now();
      if (Math.abs(t + skew - said * 1000) > SILENT) { // spoken long ago: this page or machine slept
        const paced = t - odd.t > 2000 && Math.abs(t - odd.t - (said - odd.said) * 1000) < 1500;
        odd = { t, said }; news ||= t; asks();
        if (!paced) return;
        skew = said * 1000 - t; // no: it speaks now, and somebody set this machine's clock
      }
      if (lost || t - heard > SILENT) { news ||= t; asks(); } // what was said meanwhile was not heard
      heard = t; lost = ""; stands = at ? at * 1000 - skew : 0;
      judge();
    },
    changed() { news ||= Date.now(); },
    current(asked) { shown = asked; news = 0; judge(); }, // what is shown is as of when it was asked for
    lose(why) { if (lost !== "gone") lost = why; judge(); },
    found() { if (lost === "gone") lost = "wait"; },
  };
})();
