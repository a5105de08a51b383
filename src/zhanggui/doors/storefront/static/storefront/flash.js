// Counts down by the server's clock, and keeps a place in line: the page carries the server's time as it was sent, the
// browser's own clock only measures how long ago that was.
(() => {
  const root = document.querySelector("[data-flash-now]");
  if (!root) return;
  const [walk] = performance.getEntriesByType("navigation");
  let ahead = Number(root.dataset.flashNow) - (performance.timeOrigin + (walk ? walk.responseStart : 0));
  const now = () => Date.now() + ahead;

  const two = (number) => String(number).padStart(2, "0");
  const words = (left, days) => {
    const s = Math.max(0, Math.ceil(left / 1000));
    const time = `${two(Math.floor(s / 3600) % 24)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
    return s < 86400 ? time : `${Math.floor(s / 86400)} ${days} ${time}`;
  };

  // Everybody's clock strikes at once; their browsers come one after the other.
  let isLeaving = false;
  const again = (within) => {
    if (isLeaving) return;
    isLeaving = true;
    setTimeout(() => location.reload(), 300 + Math.random() * within);
  };

  const clocks = [...document.querySelectorAll("[data-flash-clock]")].map((node) => [node, () => Number(node.dataset.flashClock)]);
  const line = document.querySelector("[data-flash-line]");
  if (line) clocks.push([line, () => Number(line.dataset.opens)]);

  const tick = () => {
    for (const [node, at] of clocks) {
      const digits = node.querySelector("[data-flash-digits]");
      if (!digits) continue;
      node.querySelector("[data-flash-counted]").hidden = false;
      node.querySelector("[data-flash-stated]").hidden = true;
      const left = at() - now();
      digits.textContent = words(left, digits.dataset.days);
      if (left <= 0) again(node === line ? 700 : 3000);
    }
  };
  tick();
  setInterval(tick, 1000);

  const ask = async () => {
    try {
      const answer = await fetch(line.dataset.flashLine, { headers: { Accept: "application/json" } });
      if (answer.status === 404) return again(500);
      const said = await answer.json();
      ahead = said.now - Date.now();
      line.dataset.opens = said.opens;
      const before = line.querySelector("[data-flash-before]");
      if (before) before.textContent = said.before.toLocaleString(document.documentElement.lang);
      if (!said.is_still) return again(500);
      setTimeout(ask, said.again * 1000);
    } catch {
      setTimeout(ask, 5000);
    }
  };
  if (line) setTimeout(ask, Number(line.dataset.again) * 1000);
})();
