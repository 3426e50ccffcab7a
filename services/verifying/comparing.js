// The page that compares a sheet with the log: reads the code on a photograph, and reckons the answer once more itself.
(() => {
  const at = (id) => document.getElementById(id), { must, same } = trail;
  const whole = (size) => 2 ** Math.round(Math.log2(size)) === size;
  // Throws unless the tree `now` begins with the tree `old` (RFC 9162, 2.1.4.2).
  const goesOn = async (old, now, proof) => {
    must(old.origin === now.origin && old.size && old.size <= now.size, "other_log");
    if (old.size === now.size) return must(same(old.root, now.root) && !proof.length, "other_history");
    let place = old.size - 1, last = now.size - 1;
    const path = whole(old.size) ? [old.root, ...proof] : proof;
    while (place % 2) { place = (place - 1) / 2; last = Math.floor(last / 2); }
    must(path.length, "wrong_length");
    const [low, high] = await trail.climbed(place, last, path[0], path.slice(1));
    must(same(low, old.root) && same(high, now.root), "other_history");
  };
  trail.goesOn = goesOn;
  const shows = at("shows"), own = at("own-answer");
  const reckoned = async () => {
    const { old, note, proof } = JSON.parse(shows.textContent);
    const now = await trail.believed(await trail.policy(at("policy").value), note);
    await goesOn({ ...old, root: trail.hash(old.root) }, now, proof.map(trail.hash));
  };
  if (shows && own) reckoned().then(() => { own.textContent = own.dataset.holds; }, () => {
    own.textContent = own.dataset.fails;
    own.classList.add("said--bad");
  });
  // What anybody may send is small: the photograph goes grey, and as large as its code needs.
  const shrunk = async (file) => {
    const picture = await createImageBitmap(file), canvas = document.createElement("canvas"), drawing = canvas.getContext("2d");
    for (const side of [1800, 1300, 900]) for (const quality of [.8, .5, .2]) {
      const scale = Math.min(1, side / Math.max(picture.width, picture.height));
      canvas.width = picture.width * scale;
      canvas.height = picture.height * scale;
      drawing.filter = "grayscale(1)";
      drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const found = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (found.size < 400000) return found;
    }
    throw new Error("too large");
  };
  const reading = async (file, note) => {
    note.textContent = note.dataset.reading;
    const headers = { "Content-Type": "application/octet-stream", Accept: "application/json" };
    const answer = await fetch("/audit/photo", { method: "POST", body: await shrunk(file), headers }), said = await answer.json();
    if (!answer.ok) return note.textContent = said.detail;
    at("text").value = said.text;
    at("compare").submit();
  };
  at("photo").addEventListener("change", ({ target: { files: [file] } }) => {
    const note = at("photo-said");
    if (file) reading(file, note).catch(() => { note.textContent = note.dataset.failed; });
  });
})();
