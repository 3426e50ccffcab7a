// Verifies receipts of a transparency log in the browser: C2SP notes, RFC 6962 proofs, RFC 9901 disclosures. Asks no server.
"use strict";
const trail = (() => {
  const must = (holds, code = "malformed") => { if (!holds) throw { code }; return holds; };
  const bytes = (text) => new TextEncoder().encode(text);
  const text = (data) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
  const written = (data) => btoa(String.fromCharCode(...data));
  const unwritten = (said) => { // Base 64, in the one way in which it is spelt
    const data = atob(said);
    must(btoa(data) === said);
    return Uint8Array.from(data, (sign) => sign.charCodeAt());
  };
  const apart = (data) => written(data).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  const number = (said) => must(/^(0|[1-9]\d{0,14})$/.test(said)) && +said;
  const hash = (said) => must(unwritten(said).length === 32) && unwritten(said);
  const sha = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer()));
  const node = (left, right) => sha(Uint8Array.of(1), left, right);

  // -- keys, notes, policies

  const key = async (vkey, kind) => {
    const [, name, id, said] = must(/^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey)), data = unwritten(said);
    must(data[0] === kind && data.length === 33);
    const found = (await sha(bytes(name + "\n"), data)).slice(0, 4);
    must([...found].map((byte) => byte.toString(16).padStart(2, 0)).join("") === id);
    return { name, id: found, data: data.slice(1) };
  };
  const signed = async (by, message, signature) => {
    const imported = await crypto.subtle.importKey("raw", by.data, "Ed25519", false, ["verify"]).catch(() => must(0, "no_crypto"));
    must(await crypto.subtle.verify("Ed25519", imported, signature, bytes(message)), "bad_signature");
  };
  const policy = async (said) => {
    const logs = [], witnesses = [], groups = [], free = new Set(), names = new Set(["none"]);
    let quorum;
    const named = (name) => { must(!names.has(name)); names.add(name); free.add(name); return name; };
    const once = (list, it) => { must(!list.some((other) => same(other.data, it.data))); list.push(it); };
    for (const line of said.split("\n")) {
      const [kind, a, b, ...rest] = line.split(/[ \t]+/).filter(Boolean);
      if (!kind || kind[0] === "#") continue;
      if (kind === "log" && a && !rest.length) once(logs, await key(a, 1));
      else if (kind === "witness" && b && rest.length < 2) once(witnesses, { ...await key(b, 4), by: named(a) });
      else if (kind === "group" && rest.length) {
        for (const member of rest) must(free.delete(member));
        const least = b === "any" ? 1 : b === "all" ? rest.length : number(b);
        must(least > 0 && least <= rest.length);
        groups.push({ name: named(a), least, rest });
      } else {
        must(kind === "quorum" && names.has(a) && !b && !quorum);
        quorum = a;
      }
    }
    must(quorum);
    return { logs, witnesses, groups, quorum };
  };
  const checkpoint = (said) => {
    const [origin, size, root, ...rest] = said.split("\n");
    must(origin && rest.pop() === "" && rest.every(Boolean));
    return { origin, size: number(size), root: hash(root) };
  };
  // What a note says, and who vouches for it; a bad signature of a known key refuses everything.
  const believed = async (trusted, said) => {
    const at = said.lastIndexOf("\n\n"), body = said.slice(0, at + 1), times = {};
    must(at > 0 && said.endsWith("\n") && !/[\0-\t\v-\x1f]/.test(said));
    const lines = said.slice(at + 2, -1).split("\n").map((line) => {
      const [, name, data] = must(/^— ([^\s+]+) (\S+)$/.exec(line));
      return { name, data: must(unwritten(data).length > 4) && unwritten(data) };
    });
    must(lines.length < 101);
    const by = ({ name, id }) => lines.filter((it) => it.name === name && same(it.data.slice(0, 4), id)).map((it) => it.data.slice(4));
    const now = checkpoint(body), logs = trusted.logs.filter(({ name }) => name === now.origin);
    must(logs.length, "other_log");
    must(logs.some((log) => by(log).length), "no_known_signature");
    for (const log of logs) for (const data of by(log)) await signed(log, body, data);
    for (const witness of trusted.witnesses) for (const data of by(witness)) {
      const time = must(data.length === 72, "bad_signature") && Number(new DataView(data.buffer).getBigUint64(0));
      await signed(witness, `cosignature/v1\ntime ${time}\n${body}`, data.slice(8));
      times[witness.by] = Math.max(time, times[witness.by] || 0);
    }
    const met = new Set(Object.keys(times));
    for (const { name, least, rest } of trusted.groups) if (rest.filter((it) => met.has(it)).length >= least) met.add(name);
    return { ...now, times, witnessed: met.has(trusted.quorum) };
  };

  // -- proofs and entries

  // The roots to which a proof leads from a place in the last level; of a consistency proof the first is the old tree's.
  const climbed = async (at, last, low, proof) => {
    let high = low;
    for (const sibling of proof) {
      must(last, "wrong_length");
      if (at % 2 || at === last) {
        low = await node(sibling, low);
        high = await node(sibling, high);
        while (at % 2 === 0 && at) { at /= 2; last = Math.floor(last / 2); }
      } else high = await node(high, sibling);
      at = Math.floor(at / 2);
      last = Math.floor(last / 2);
    }
    must(!last, "wrong_length");
    return [low, high];
  };
  const plain = (value) => {
    must(value === null || /string|boolean/.test(typeof value) || Number.isSafeInteger(value));
    return JSON.stringify(value);
  };
  const entry = async (data, disclosures) => {
    const said = text(data), all = JSON.parse(said), shown = {}, { _sd = [], _sd_alg, ...open } = all;
    const form = (name) => plain(name) + ":" + (name === "_sd" ? `[${_sd.map(plain)}]` : plain(all[name]));
    must(`{${Object.keys(all).sort().map(form)}}` === said);
    for (const disclosure of disclosures) {
      const data = disclosure.replace(/-/g, "+").replace(/_/g, "/"), [, name, value] = JSON.parse(text(unwritten(data + "===".slice((data.length + 3) % 4))));
      must(_sd.includes(apart(await sha(bytes(disclosure)))), "not_of_entry");
      must(!Object.hasOwn(all, name) && !Object.hasOwn(shown, name), "field_twice");
      plain(value);
      shown[name] = value;
    }
    return { open, shown };
  };
  // A whole receipt: {index, checkpoint, open, shown}. What it throws has a `code` where it is a refusal of ours.
  const receipt = async (trusted, said) => {
    const gap = said.indexOf("\n\n"), [first, extra, place, ...lines] = said.slice(0, gap).split("\n");
    must(gap > 0 && first === "c2sp.org/tlog-proof@v1" && /^extra /.test(extra) && /^index /.test(place) && lines.length < 64);
    const index = number(place.slice(6)), proof = lines.map(hash), now = await believed(trusted, said.slice(gap + 2));
    const { leaf, disclosures } = JSON.parse(text(unwritten(extra.slice(6)))), data = unwritten(leaf);
    must(index < now.size, "not_in_tree");
    must(same((await climbed(index, now.size - 1, await sha(Uint8Array.of(0), data), proof))[1], now.root), "not_included");
    return { index, checkpoint: now, ...await entry(data, disclosures) };
  };
  return { policy, receipt, believed, checkpoint, climbed, same, must, hash };
})();
