// The gallery is a strip that scrolls and links that jump; this keeps the page still while it does.
(() => {
  "use strict";

  const strip = document.querySelector(".gallery__strip");
  const links = [...document.querySelectorAll(".gallery__thumbs a")];
  if (!strip || links.length === 0) return;

  const mark = (index) => links.forEach((link, at) => {
    if (at === index) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });

  links.forEach((link, index) => link.addEventListener("click", (event) => {
    event.preventDefault();
    strip.scrollTo({ left: strip.clientWidth * index });
    mark(index);
  }));

  strip.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    strip.scrollTo({ left: strip.clientWidth * (Math.round(strip.scrollLeft / strip.clientWidth) + step) });
  });

  strip.addEventListener("scroll", () => mark(Math.round(strip.scrollLeft / strip.clientWidth)), { passive: true });
  mark(0);
})();
