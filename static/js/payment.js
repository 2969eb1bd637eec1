// The payment panel: a running clock, copy buttons, the tab's title, one spoken line when the state changes, and that change in sight.
// Without this file the panel is complete: values can be selected, the time is that of the page, a link refreshes it.
(() => {
  "use strict";

  const panel = document.querySelector("[data-pay]");
  if (!panel) return;

  const announcer = panel.querySelector("[data-pay-announce]");
  const offline = panel.querySelector("[data-pay-offline]");
  let spoken = panel.querySelector("#pay-state")?.dataset.headline ?? "";
  // The page's own title may begin with the state; it is kept once, in front.
  const plainTitle = document.title.startsWith(spoken) ? document.title.slice(spoken.length).replace(/^ · /, "") : document.title;
  let deadline = 0;
  let openDetails = false;
  let hadFocus = false;

  const plural = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;

  const left = () => Math.max(0, Math.round((deadline - Date.now()) / 1000));

  const showTime = () => {
    const box = panel.querySelector("[data-pay-seconds]");
    if (!box) return;
    const seconds = left();
    const text = seconds === 0
      ? "No time"
      : seconds >= 60
        ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} minutes`
        : plural(seconds, "second");
    box.querySelector("[data-pay-clock]").textContent = text;
    box.querySelector("progress").value = seconds;
    box.classList.toggle("pay__time--short", seconds < 120);
  };

  // A panel that became shorter moves up and away from whoever stands at its foot. The jump is at once, together with the change.
  const bringIntoSight = (headline) => {
    const { top, bottom } = headline.getBoundingClientRect();
    if (top < 0 || bottom > document.documentElement.clientHeight) headline.scrollIntoView({ behavior: "instant" });
  };

  const show = () => {
    const state = panel.querySelector("#pay-state");
    if (!state) return;
    const headline = state.dataset.headline;
    document.title = `${headline} · ${plainTitle}`;
    if (spoken !== headline) {
      announcer.textContent = headline;
      bringIntoSight(state.querySelector("#pay-headline"));
    }
    spoken = headline;
    const box = state.querySelector("[data-pay-seconds]");
    if (box) deadline = Date.now() + Number(box.dataset.paySeconds) * 1000;
    for (const button of state.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
    const refresh = state.querySelector("[data-pay-refresh]");
    if (refresh) refresh.hidden = Boolean(window.htmx);
    const details = state.querySelector("details");
    if (details) details.open = details.open || openDetails;
    showTime();
  };

  const flash = (button, text) => {
    const label = button.firstChild;
    if (!button.dataset.label) button.dataset.label = label.textContent;
    label.textContent = text;
    announcer.textContent = text;
    window.setTimeout(() => {
      label.textContent = button.dataset.label;
    }, 2000);
  };

  panel.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      flash(button, "Copied");
    } catch {
      flash(button, "Please select and copy by hand");
    }
  });

  panel.addEventListener("toggle", (event) => {
    if (event.target.matches("details")) openDetails = event.target.open;
  }, true);

  panel.addEventListener("htmx:beforeSwap", () => {
    hadFocus = panel.querySelector("#pay-state")?.contains(document.activeElement) ?? false;
  });
  panel.addEventListener("htmx:afterSwap", show);
  // Where the button that had the focus is gone, reading goes on at the new state; whoever reads elsewhere is left there.
  panel.addEventListener("htmx:afterSettle", () => {
    if (hadFocus && document.activeElement === document.body) panel.querySelector("#pay-headline")?.focus({ preventScroll: true });
  });
  // A look that does not reach the shop is tried again in two seconds; it is said once, and quietly.
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    panel.addEventListener(name, (event) => {
      event.stopPropagation();
      offline.hidden = false;
    });
  }
  panel.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful) offline.hidden = true;
  });
  // A page that comes back from sleep or from the history shows the time as it is, not as it was.
  window.addEventListener("pageshow", showTime);
  window.setInterval(showTime, 1000);
  show();
})();
