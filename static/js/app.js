// What every page shares. Pages work without any of this.
(() => {
  "use strict";

  const announce = (text) => {
    const region = document.getElementById("announcer");
    if (!region) return;
    region.textContent = "";
    window.setTimeout(() => { region.textContent = text; }, 50);
  };

  const complain = (text) => {
    const list = document.getElementById("messages");
    if (!list) return;
    const notice = document.createElement("p");
    notice.className = "notice notice--error";
    notice.textContent = text;
    list.replaceChildren(notice);
    announce(text);
  };

  // An answer that never came is said, not swallowed; but of what a page asks by itself nobody waits for an answer, and it asks again.
  const asksByItself = (event) => event.target.matches("[data-live-part]");
  document.addEventListener("htmx:sendError", (event) => {
    if (asksByItself(event)) return;
    complain("The shop could not be reached. Check your connection and try again.");
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (asksByItself(event)) return;
    complain("That did not work. Reload the page and try again.");
  });

  // What a swapped-in part wants to be heard is told to screen readers.
  document.addEventListener("htmx:afterSwap", (event) => {
    const words = event.target.querySelector?.("[data-announce]");
    if (words) announce(words.textContent.trim().replace(/\s+/g, " "));
  });

  // When what had the focus was swapped away, reading goes on where the new part begins.
  document.addEventListener("htmx:afterSettle", (event) => {
    const focused = document.activeElement;
    if (focused && focused !== document.body) return;
    event.target.querySelector?.("[data-focus-after]")?.focus({ preventScroll: true });
  });

  // The summary of a form's errors takes the focus, so that it is read first.
  const summary = document.querySelector("[data-focus-first]");
  if (summary) summary.focus();
})();
