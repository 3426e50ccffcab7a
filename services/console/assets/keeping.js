// What is typed and not yet sent stays in this browser, sealed so that only pages of its writer can open it.
// Where the browser seals nothing (without https, away from this machine) it keeps nothing either.
const keeping = (() => {
  "use strict";
  const mine = document.querySelector('meta[name="keeper"]'), subtle = globalThis.crypto?.subtle;
  const tag = mine?.content || "", utf8 = new TextEncoder(), plain = new TextDecoder();
  const key = mine && subtle ? subtle.importKey("raw", Uint8Array.from(atob(mine.dataset.key), c => c.charCodeAt(0)), "AES-GCM", false, ["encrypt", "decrypt"]) : null;
  mine?.removeAttribute("data-key");
  const how = (name, iv) => ({ name: "AES-GCM", iv, additionalData: utf8.encode(`${tag}|${name}`) });
  const seal = async (name, value) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, sealed: new Uint8Array(await subtle.encrypt(how(name, iv), await key, utf8.encode(JSON.stringify(value)))) };
  };
  const unseal = async (name, { iv, sealed }) => JSON.parse(plain.decode(await subtle.decrypt(how(name, iv), await key, sealed)));

  // -- in this tab: drafts, and what the next page shall say
  const written = bytes => btoa(bytes.reduce((all, byte) => all + String.fromCharCode(byte), ""));
  const read = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const named = name => `kept:${tag}:${name}`;
  const inTab = own => { try { return Object.keys(sessionStorage).filter(own); } catch { return []; } };
  const drop = own => { for (const name of inTab(own)) sessionStorage.removeItem(name); };
  const OLD = /^(draft:|said$)/;  // as earlier versions kept them, for anybody to read
  drop(name => OLD.test(name) || (tag && name.startsWith("kept:") && !name.startsWith(named(""))));
  if (!mine) drop(name => name.startsWith("kept:") && name.endsWith(":sent"));  // the session had ended: what was sent was not taken
  let last = Promise.resolve();  // one after the other: what was typed last is what is kept
  const put = (name, value) => (last = last.then(async () => {
    if (value === null) sessionStorage.removeItem(named(name));
    else if (key) {
      const { iv, sealed } = await seal(name, value);
      sessionStorage.setItem(named(name), `${written(iv)} ${written(sealed)}`);
    }
  }).catch(() => { /* full, or a private window */ }));
  const get = name => last.then(async () => {
    const [iv, sealed] = sessionStorage.getItem(named(name)).split(" ").map(read);
    return await unseal(name, { iv, sealed });
  }).catch(() => null);

  // -- in this browser: notes that wait for a connection, in order, each under its own key
  const open = () => new Promise((ok, no) => {
    const r = indexedDB.open("jinlin-console", 2);
    r.onupgradeneeded = () => {
      if (r.result.objectStoreNames.contains("outbox")) r.result.deleteObjectStore("outbox");  // nobody knows whose they were
      r.result.createObjectStore("sealed", { keyPath: "key" });
    };
    r.onsuccess = () => ok(r.result); r.onerror = () => no(r.error);
  });
  const box = async (mode, work) => {
    const db = await open();
    return new Promise((ok, no) => {
      const tx = db.transaction("sealed", mode), req = work(tx.objectStore("sealed"));
      tx.oncomplete = () => { db.close(); ok(req.result); }; tx.onerror = () => no(tx.error);
    });
  };
  const all = () => box("readonly", s => s.getAll()).then(items => items.sort((a, b) => a.at - b.at)).catch(() => []);
  const outbox = {
    add: async item => { const { iv, sealed } = await seal(item.key, item); await box("readwrite", s => s.put({ key: item.key, tag, at: item.at, iv, sealed })); },
    drop: name => box("readwrite", s => s.delete(name)),
    mine: async () => {
      const found = [];
      if (key) for (const item of await all()) if (item.tag === tag) await unseal(item.key, item).then(opened => found.push(opened), () => { /* sealed by another installation */ });
      return found;
    },
    others: async () => (await all()).filter(item => item.tag !== tag).length,
  };

  // -- signing out, here or in another tab: nothing of the person stays open
  const tabs = globalThis.BroadcastChannel ? new BroadcastChannel("jinlin") : null;
  const leave = () => {
    drop(name => name.startsWith("kept:"));
    try { sessionStorage.setItem("left", "1"); } catch { /* private window */ }
  };
  if (tag) try { sessionStorage.removeItem("left"); } catch { /* private window */ }
  document.addEventListener("submit", e => { if (e.target.matches?.('form[action="/sign-out"]')) { leave(); tabs?.postMessage(tag); } });
  tabs?.addEventListener("message", e => { if (tag && e.data === tag) { leave(); location.replace("/sign-in"); } });
  addEventListener("pageshow", e => { if (e.persisted && sessionStorage.getItem("left")) { document.body.hidden = true; location.reload(); } });
  return { can: !!key, put, get, outbox };
})();
