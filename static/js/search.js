// Suggestions while typing in the search box, and the filters that stand open where there is room. The form works without any of this.
(() => {
  "use strict";

  const WAIT = 150; // ms after the last letter
  const FEWEST = 2; // letters

  const wide = window.matchMedia("(min-width: 60rem)");
  const unfold = (root) => {
    if (!wide.matches) return;
    root.querySelectorAll?.("[data-open-when-wide]").forEach((one) => { one.open = true; });
  };
  unfold(document);
  document.addEventListener("htmx:load", (event) => unfold(event.detail.elt.parentNode || event.detail.elt));
  wide.addEventListener("change", () => unfold(document));

  const form = document.querySelector("[data-suggestions]");
  const input = form?.querySelector("input[name=q]");
  if (!input) return;

  const list = document.createElement("ul");
  list.id = "search-suggestions";
  list.className = "search__list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  form.append(list);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  let timer = 0;
  let asked = null;
  let chosen = -1;

  const options = () => Array.from(list.children);

  const choose = (index) => {
    const all = options();
    chosen = index;
    all.forEach((one, place) => one.setAttribute("aria-selected", String(place === index)));
    if (all[index]) {
      input.setAttribute("aria-activedescendant", all[index].id);
      all[index].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  };

  const close = () => {
    window.clearTimeout(timer);
    asked?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(-1);
  };

  const say = (count) => {
    const region = document.getElementById("announcer");
    if (region) region.textContent = count ? `${count} suggestion${count === 1 ? "" : "s"}, use the arrow keys` : "";
  };

  const show = (html) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const found = Array.from(page.querySelectorAll("li[data-url]"));
    found.forEach((one, place) => {
      one.id = `search-suggestion-${place}`;
      one.setAttribute("role", "option");
      one.setAttribute("aria-selected", "false");
    });
    list.replaceChildren(...found);
    chosen = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    say(found.length);
  };

  const ask = async () => {
    const words = input.value.trim();
    asked?.abort();
    if (words.length < FEWEST) return close();
    asked = new AbortController();
    const { signal } = asked;
    try {
      const answer = await fetch(`${form.dataset.suggestions}?q=${encodeURIComponent(words)}`, { signal });
      // Whoever went on to something else in the meantime is not interrupted.
      if (answer.ok && document.activeElement === input) show(await answer.text());
    } catch {
      // Without suggestions the form still searches.
      if (!signal.aborted) close();
    }
    return undefined;
  };

  const open = (option) => { window.location.assign(option.dataset.url); };

  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(ask, WAIT);
  });

  input.addEventListener("keydown", (event) => {
    const all = options();
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!all.length) return;
      event.preventDefault();
      if (list.hidden) {
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
      }
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than there are options: the box itself, with what was typed.
      const places = all.length + 1;
      choose(((chosen + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && !list.hidden && all[chosen]) {
      event.preventDefault();
      open(all[chosen]);
    }
  });

  // Before the box loses the focus.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[data-url]");
    if (option) open(option);
  });
  input.addEventListener("blur", close);
  form.addEventListener("submit", close);
})();
