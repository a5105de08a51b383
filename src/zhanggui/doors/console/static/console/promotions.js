// The editor of promotions: what the sentence does is shown while it is written. Without this, a button shows it.
(() => {
  const form = document.querySelector("[data-preview]");
  const place = document.querySelector("#preview");
  if (!form || !place) return;
  const PAUSE = 500;
  let waiting = 0;
  let asked = null;
  const show = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(form);
    body.set("do", "preview");
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "preview" }, signal: asked.signal });
      if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
    } catch (stopped) {
      return;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  });
})();
