// A page that hears of news by itself: [data-live] names where the events come from. Each part marked [data-live-part] is then asked
// for anew. While the line is open, parts that poll do so seldom; where there is no line, or it fails, they go on as ever.
(() => {
  "use strict";

  const place = document.querySelector("[data-live]");
  if (!place || !window.EventSource || !window.htmx) return;

  const TRUSTED_AFTER = 4000; // a server without open lines ends each one at once: that is no line to rely on
  const SELDOM = 20000;
  let source = null;
  let trusted = false;
  let opened = 0;
  let polled = 0;

  const close = () => {
    window.clearTimeout(opened);
    trusted = false;
    source?.close();
    source = null;
  };

  // What a page shows already is no news; one that does not say what it shows is asked each time.
  const isNews = (said) => {
    const shown = place.querySelector("[data-live-state]");
    return !shown || shown.dataset.liveState !== `${said.status} ${said.paymentStatus} ${said.payment?.confirmations ?? 0}`;
  };

  const open = () => {
    if (source || document.hidden) return;
    source = new EventSource(place.dataset.live);
    source.addEventListener("open", () => {
      opened = window.setTimeout(() => { trusted = true; }, TRUSTED_AFTER);
    });
    source.addEventListener("order", (event) => {
      if (!isNews(JSON.parse(event.data))) return;
      for (const part of place.querySelectorAll("[data-live-part]")) window.htmx.trigger(part, "live-news");
    });
    source.addEventListener("error", () => {
      window.clearTimeout(opened);
      trusted = false;
    });
  };

  // A request without an event of its own is one by the clock.
  place.addEventListener("htmx:beforeRequest", (event) => {
    const config = event.detail.requestConfig;
    if (config.triggeringEvent || config.verb !== "get") return;
    const now = Date.now();
    if (trusted && now - polled < SELDOM) event.preventDefault();
    else polled = now;
  });

  // A browser opens few connections to one shop, so pages that nobody looks at hold none; they poll.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
})();
