// The console's own script. Every page works without it; with it, choices show at once and numbers stay fresh.
(() => {
  const root = document.documentElement;
  root.classList.add("has-script");

  // ⌘K, Ctrl-K or / : the search.
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select");
    const isCalled = (event.key === "k" && (event.metaKey || event.ctrlKey)) || (event.key === "/" && !isTyping);
    const search = document.querySelector("[data-search]");
    if (!isCalled || !search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // In a row of tabs that is wider than the screen, the one of this page stands in view.
  for (const here of document.querySelectorAll(".tabs > [aria-current]"))
    here.parentElement.scrollLeft = here.offsetLeft - (here.parentElement.clientWidth - here.offsetWidth) / 2;

  // While somebody types in the search, what is found stands below; arrows walk through it, Enter goes there.
  const field = document.querySelector("[data-search]");
  const finds = document.querySelector("[data-finds]");
  if (field && finds) {
    const PAUSE = 120;
    let waiting = 0;
    let asked = null;
    let here = -1;
    const links = () => [...finds.querySelectorAll("a")];
    const hide = () => {
      finds.hidden = true;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
      here = -1;
    };
    const point = (to) => {
      const all = links();
      if (!all.length) return;
      here = (to + all.length) % all.length;
      all.forEach((link, place) => link.classList.toggle("is-here", place === here));
      all[here].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", all[here].id);
    };
    const look = async () => {
      asked?.abort();
      if (!field.value.trim()) return hide();
      asked = new AbortController();
      const body = new FormData(field.form);
      try {
        const answer = await fetch(field.form.action, { method: "POST", body, headers: { "X-Part": "finds" }, signal: asked.signal });
        if (!answer.ok || answer.redirected) return hide();
        finds.innerHTML = await answer.text();
      } catch (stopped) {
        return;
      }
      links().forEach((link, place) => (link.id = `find-${place}`));
      finds.hidden = false;
      field.setAttribute("aria-expanded", "true");
      here = -1;
    };
    for (const [name, value] of [["role", "combobox"], ["aria-controls", finds.id], ["aria-expanded", "false"]]) field.setAttribute(name, value);
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(look, PAUSE);
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return hide();
      if (finds.hidden) return;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        point(event.key === "ArrowDown" ? here + 1 : here < 0 ? -1 : here - 1);
      }
      if (event.key === "Enter" && here >= 0) {
        event.preventDefault();
        links()[here].click();
      }
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest(".search")) hide();
    });
  }

  // What was typed into a form stands there again after it was refused; it is kept in this tab until the next page.
  const fields = (form) => [...form.elements].filter((one) => one.name && one.matches("input:not([type=hidden], [type=file], [type=password]), select:not([multiple]), textarea"));
  const alike = (action) => [...document.forms].filter((form) => form.method === "post" && form.action === action);
  const typed = JSON.parse(sessionStorage.getItem("typed"));
  sessionStorage.removeItem("typed");
  const refused = typed && document.querySelector("[data-refused]") && alike(typed.action)[typed.place];
  if (refused && fields(refused).map((one) => one.name).join() === typed.names) {
    fields(refused).forEach((one, place) => {
      if (one.matches("[type=checkbox], [type=radio]")) one.checked = typed.values[place];
      else one.value = typed.values[place];
    });
    for (let around = refused; around; around = around.parentElement.closest("details")) around.open = true;
  }
  document.addEventListener("submit", ({ target }) => {
    if (target.method !== "post") return;
    const all = fields(target);
    const values = all.map((one) => (one.matches("[type=checkbox], [type=radio]") ? one.checked : one.value));
    const kept = { action: target.action, place: alike(target.action).indexOf(target), names: all.map((one) => one.name).join(), values };
    sessionStorage.setItem("typed", JSON.stringify(kept));
  });

  // What is wider or taller than its frame is scrolled by keys too, also where nothing in it can be chosen.
  const framed = (frame) => {
    const isCut = frame.scrollWidth > frame.clientWidth || frame.scrollHeight > frame.clientHeight;
    frame.toggleAttribute("tabindex", isCut);
    if (isCut) frame.tabIndex = 0;
  };
  const frames = new ResizeObserver((all) => all.forEach(({ target }) => framed(target)));
  const watch = () => document.querySelectorAll(".scroll").forEach((frame) => frames.observe(frame));
  watch();
  document.addEventListener("console:fresh", watch);

  // A menu or an explanation closes when one goes elsewhere.
  const close = (all, besides) => {
    for (const open of document.querySelectorAll(all)) if (open !== besides) open.open = false;
  };
  document.addEventListener("click", (event) => {
    close(".menu[open], .card-means[open]", event.target.closest(".menu, .card-means"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(".menu[open], .card-means[open]");
  });

  // Shop, period and comparison: a choice shows at once; other dates wait for the button.
  const scope = document.querySelector("[data-scope]");
  if (scope) {
    const period = scope.querySelector("[data-period]");
    const dates = scope.querySelector("[data-dates]");
    // Where a page is about all days there is neither.
    const settle = () => {
      if (!period) return true;
      const isCustom = period.value === "custom";
      dates.hidden = !isCustom;
      for (const input of dates.querySelectorAll("input")) input.disabled = !isCustom;
      scope.classList.toggle("is-custom", isCustom);
      return isCustom;
    };
    settle();
    scope.addEventListener("change", (event) => {
      if (!settle() || event.target.name === "shop" || event.target.name === "compare") scope.requestSubmit();
    });
  }

  // A running period asks every second whether it is outdated, and puts the fresh page in place of the old.
  const EVERY = 1000;
  const ask = async () => {
    const live = document.querySelector("[data-live]");
    // What has come to its end says no version any longer.
    if (!live?.dataset.live) return;
    try {
      if (!document.hidden) await freshen(live);
    } catch (unreachable) {
      live.dataset.stale = "true";
    }
    setTimeout(ask, EVERY);
  };
  const freshen = async (live) => {
    const answer = await fetch(location.href, { headers: { "X-Known": live.dataset.live }, credentials: "same-origin" });
    if (answer.redirected) return location.reload();
    if (answer.status !== 200) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (!fresh) return;
    const open = new Set([...live.querySelectorAll("details[id][open]")].map((one) => one.id));
    for (const one of fresh.querySelectorAll("details[id]")) one.open = open.has(one.id);
    live.replaceWith(document.adoptNode(fresh));
    document.dispatchEvent(new CustomEvent("console:fresh"));
  };
  if (document.querySelector("[data-live]")) setTimeout(ask, EVERY);
})();
