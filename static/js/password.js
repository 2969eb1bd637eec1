// A button beside each password that shows what is being typed. Without script the field is a plain one.
(() => {
  "use strict";

  const addButton = (input) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.setAttribute("aria-controls", input.id);

    const show = (visible) => {
      input.type = visible ? "text" : "password";
      button.textContent = visible ? "Hide" : "Show";
      button.setAttribute("aria-label", visible ? "Hide the password" : "Show the password");
    };

    const row = document.createElement("div");
    row.className = "password";
    input.replaceWith(row);
    row.append(input, button);
    show(false);
    input.autocapitalize = "none";
    input.spellcheck = false;
    button.addEventListener("click", () => show(input.type === "password"));
    // Sent as a password again, so that no browser keeps it among the texts once typed.
    input.form?.addEventListener("submit", () => show(false));
  };

  document.querySelectorAll("input[type=password]").forEach(addButton);
})();
