/* What a visitor does on our pages, told to our own server. No cookie, no third party; silent on GPC and Do Not Track.

<body data-shop data-view data-visitor data-session data-cause data-page data-channel data-campaign>
  shop: code, the only one needed. view: id of this page view, made by the server; cause: of the one before.
  page: its kind. channel, campaign: what the session came from.
<p data-sight='{"event":"Product Viewed","product_id":"7"}'>  told when the page, or htmx, shows it
data-sight-on="click", "submit" (a form's quantity goes along) or "done" (any bubbling event of that name): told then
A "sight" event with such a detail (htmx: HX-Trigger: {"sight": {...}}) tells what only code knows.
<section data-block="proof">  how long half of it, or half a window of it, was in view is told when the page is left or
  hidden: "Blocks Viewed" {blocks: [{block, ms}]}; a name stands once on a page.
data-view is the messageId of the page view and the cause of all else on the page.
What could not be sent waits in sessionStorage; the server counts a messageId once. */
(() => {
  const me = document.body.dataset, KEPT = "sights", MOST = 50;
  if (!me.shop || navigator.globalPrivacyControl || navigator.doNotTrack === "1") return;
  const id = () => {
    const now = Date.now().toString(16).padStart(12, "0"), random = crypto.getRandomValues(new Uint8Array(9));
    const rest = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [now.slice(0, 8), now.slice(8), "7" + rest.slice(0, 3), "a" + rest.slice(3, 6), rest.slice(6)].join("-");
  };
  const kept = () => { try { return JSON.parse(sessionStorage[KEPT] || "[]"); } catch { return []; } };
  const keep = (events) => { try { sessionStorage[KEPT] = JSON.stringify(events.slice(-MOST)); } catch {} };
  const view = me.view || id();
  let waiting = kept(), timer = 0;
  keep([]);

  const add = (event) => waiting.push({
    messageId: id(), anonymousId: me.visitor, timestamp: new Date().toISOString(), ...event,
    context: {
      sessionId: me.session, cause: event.messageId ? me.cause : view,
      origin: {channel: me.channel, campaign: me.campaign},
      page: {path: location.pathname, search: location.search, referrer: document.referrer},
    },
  });
  const track = ({event, properties}) => {
    add({type: "track", event, properties});
    timer ||= setTimeout(() => send(), 1000);
  };
  const send = async (isLeaving) => {
    const events = waiting.splice(0, MOST);
    clearTimeout(timer);
    timer = 0;
    if (!events.length) return;
    const body = JSON.stringify({shop: me.shop, sentAt: new Date().toISOString(), batch: events});
    const isSent = isLeaving ? navigator.onLine && navigator.sendBeacon("/v1/batch", body)
      : await fetch("/v1/batch", {method: "POST", body, keepalive: true}).then(({status}) => status < 429, () => false);
    if (!isSent) keep([...kept(), ...events]);
  };
  const inView = new Set(), stays = new Map();
  let since = 0;
  const tally = () => {
    const now = performance.now();
    if (since) inView.forEach((block) => stays.set(block, (stays.get(block) || 0) + now - since));
    since = document.hidden ? 0 : now;
  };
  const watcher = new IntersectionObserver((entries) => {
    tally();
    for (const {target, intersectionRatio: part, intersectionRect: {height}} of entries)
      inView[part >= 0.5 || height >= innerHeight / 2 ? "add" : "delete"](target.dataset.block);
  }, {threshold: [...Array(21).keys()].map((n) => n / 20)});
  const leave = () => {
    tally();
    const blocks = [...stays].map(([block, ms]) => ({block, ms: Math.round(ms)})).filter(({ms}) => ms > 99);
    stays.clear();
    if (blocks[0]) add({type: "track", event: "Blocks Viewed", properties: {blocks}});
    send(true);
  };
  const tell = (element, on) => {
    if ((element.dataset.sightOn || "view") !== on) return;
    const quantity = +element.elements?.quantity?.value || undefined;
    try {
      const {event, properties, ...rest} = JSON.parse(element.dataset.sight);
      track({event, properties: {quantity, ...rest, ...properties}});
    } catch {}
  };
  const look = (root) => {
    if (root.matches?.("[data-sight]")) tell(root, "view");
    root.querySelectorAll("[data-sight]").forEach((element) => tell(element, "view"));
  };

  add({type: "page", messageId: view, name: me.page});
  look(document);
  document.querySelectorAll("[data-block]").forEach((block) => watcher.observe(block));
  send();
  for (const on of ["click", "submit", "done"]) document.addEventListener(on, ({target}) => {
    const element = target.closest?.("[data-sight]");
    if (element) tell(element, on);
  }, true);
  document.addEventListener("htmx:load", ({target}) => target !== document.body && look(target));
  document.addEventListener("sight", ({detail}) => detail?.event && track(detail));
  document.addEventListener("visibilitychange", () => document.hidden ? leave() : tally());
  addEventListener("pagehide", leave);
})();
