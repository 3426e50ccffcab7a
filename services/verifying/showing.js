// The form in which somebody checks a receipt, on the public page and in the file for offline use: what is read stays on the device.
(() => {
  const at = (id) => document.getElementById(id), said = at("said"), box = at("receipt"), trusted = at("policy");
  const words = JSON.parse(at("words").textContent);
  const say = (key, facts = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => facts[name]);
  const made = (kind, name, ...inside) => {
    const found = document.createElement(kind);
    found.className = name;
    found.append(...inside);
    return found;
  };
  const value = (name, it) => words[`is-${it}`] ?? (/fen$|amount/i.test(name) ? (it / 100).toFixed(2) : String(it ?? ""));
  const lines = (fields) => Object.entries(fields).map(([name, it]) => made("div", "", made("dt", "", say(name.replace("@", ""))), made("dd", "", value(name, it))));
  const step = (good, key, facts) => made("li", good ? "good" : "wait", made("b", "", say(key, facts)), made("span", "", say(`${key}-what`, facts)));
  const verdict = (kind, key) => made("div", `tv ${kind}`, made("strong", "", say(key)), made("p", "", say(`${key}-what`)));
  const shown = ({ index, checkpoint: { times, witnessed, size, origin }, open: { stream, pos, v, ...open }, shown }) => {
    const who = Object.keys(times), when = who.length && new Date(Math.max(...Object.values(times)) * 1000).toLocaleString(document.documentElement.lang);
    return [
      verdict(witnessed ? "good" : "wait", witnessed ? "kept" : "waits"),
      made("dl", "facts", ...lines(open), ...lines(shown)),
      made("ol", "trail-check__steps", step(1, "one"), step(1, "two", { n: index + 1, size, origin }), step(witnessed, who.length ? witnessed ? "three" : "few" : "nobody", { who: who.join(", "), when })),
      made("p", "muted", say("limit")),
    ];
  };
  const WHY = { no_crypto: "old", other_log: "other", no_known_signature: "other", malformed: "unread" };
  const check = async () => {
    const asked = box.value;
    let found = [];
    if (asked.trim()) try {
      if (!globalThis.crypto?.subtle) throw { code: "no_crypto" };
      found = shown(await trail.receipt(await trail.policy(trusted.value).catch(() => { throw { code: "policy" }; }), asked.replace(/\r/g, "").trim() + "\n"));
    } catch ({ code = "malformed" }) {
      found = [verdict("bad", WHY[code] ?? (words[code] ? code : "altered"))];
    }
    if (asked === box.value) said.replaceChildren(...found); // the answer to what was asked last
  };
  box.oninput = trusted.oninput = check;
  at("file").onchange = async ({ target: { files: [file] } }) => {
    box.value = file?.size < 1e6 ? await file.text() : "?";
    check();
  };
  try { // a code on paper may lead here with its receipt behind the address's #, which is sent nowhere
    if (/^#[\w-]{40}/.test(location.hash)) box.value = new TextDecoder().decode(Uint8Array.from(atob(location.hash.slice(1).replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt()));
  } catch { box.value = "?"; }
  check();
})();
