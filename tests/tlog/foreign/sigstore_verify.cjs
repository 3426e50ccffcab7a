// What npm's @sigstore/verify says of our inclusion proofs and checkpoints. Called with the folder of its modules and the cases.
const { createPublicKey } = require("node:crypto");
const [modules, file] = process.argv.slice(2);
const { verifyMerkleInclusion } = require(`${modules}/@sigstore/verify/dist/tlog/merkle.js`);
const { verifyCheckpoint, LogCheckpoint } = require(`${modules}/@sigstore/verify/dist/tlog/checkpoint.js`);
const cases = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
const hex = (text) => Buffer.from(text, "hex");
const holds = (check) => { try { check(); return true; } catch (refused) { if (refused.name !== "VerificationError") throw refused; return false; } };
const publicKey = createPublicKey({ key: Buffer.concat([hex("302a300506032b6570032100"), hex(cases.log_key)]), format: "der", type: "spki" });
const log = { logID: hex(cases.log_id), baseURL: cases.log.split("+")[0], publicKey };
process.stdout.write(JSON.stringify({
  inclusion: cases.inclusion.map(({ index, size, entry, proof, root }) => holds(() => verifyMerkleInclusion(
    { inclusionProof: { logIndex: String(index), hashes: proof.map(hex) }, canonicalizedBody: Buffer.from(entry, "base64") },
    new LogCheckpoint(log.baseURL, BigInt(size), hex(root), [])))),
  notes: cases.notes.map(({ note }) => holds(() => verifyCheckpoint({ inclusionProof: { checkpoint: { envelope: note } } }, [log]))),
}));
