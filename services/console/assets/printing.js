// What is printed says when it was printed, however long the page has been open.
addEventListener("beforeprint", () => {
  const line = document.querySelector(".printed"), drawn = document.querySelector('meta[name="server-time"]');
  if (!line || !drawn) return;
  const now = new Date(Number(drawn.content) * 1000 + performance.now() + 8 * 3600000).toISOString();
  line.textContent = line.dataset.said.replace("{t}", `${now.slice(0, 10)} ${now.slice(11, 16)}`);
});
