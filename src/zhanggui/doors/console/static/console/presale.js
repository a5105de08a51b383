// Shows what the sums of a presale come to while somebody types; the server reckons them.
(() => {
  const form = document.querySelector("[data-presale-sums]");
  const place = document.querySelector("#sums");
  if (!form || !place) return;
  let waiting = 0;
  let asked = 0;
  const ask = async () => {
    const nth = (asked += 1);
    const answer = await fetch(form.dataset.presaleSums, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (answer && answer.ok && nth === asked) place.innerHTML = await answer.text();
  };
  form.addEventListener("input", (event) => {
    if (!["price", "first", "credit"].includes(event.target.name)) return;
    clearTimeout(waiting);
    waiting = setTimeout(ask, 250);
  });
})();
