/* Only what needs a script; every page works without this file. htmx 2 and 4 spell their events differently: both are heard. */
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const on = (names, act) => names.split(" ").forEach((name) => document.addEventListener(name, act));
  let said = "", before = null;

  /* The status region stands outside every swapped part, so that readers hear a change of its text. */
  const say = (text) => {
    const box = $("#status");
    if (!box || !text) return;
    box.textContent = "";
    setTimeout(() => { box.textContent = text; }, 50);
  };
  const words = (selector) => ($(selector)?.textContent ?? "").replace(/\s+/g, " ").trim();

  on("htmx:beforeSwap htmx:before:swap", () => { before = document.activeElement; });

  on("htmx:afterSettle htmx:after:settle htmx:after:swap", () => {
    const problems = $("#error-summary");
    if (problems && !problems.dataset.seen) {
      problems.dataset.seen = "yes";
      problems.focus();
      return;
    }
    const now = [words("#flashes"), words("#results-count")].filter(Boolean).join(". ");
    if (now !== said) say(said = now);
    /* The button that was pressed may be gone: stay where the reader was rather than jump to the top. */
    if (before && before !== document.body && !before.isConnected) {
      const home = (before.id && document.getElementById(before.id)) || $("#flashes .notice") || $("h1");
      if (home && document.activeElement === document.body) {
        if (!home.matches("a, button, input, select, textarea, summary, [tabindex]")) home.tabIndex = -1;
        home.focus({ preventScroll: home.tagName === "H1" });
      }
    }
    before = null;
  });

  on("htmx:sendError htmx:timeout", () => say("The connection was lost. Reload the page to see what was saved."));
  on("htmx:responseError htmx:response:error", () => say("That did not work. Please reload the page and try again."));
  on("htmx:error", (event) => say(event.detail?.ctx?.response
    ? "That did not work. Please reload the page and try again."
    : "The connection was lost. Reload the page to see what was saved."));

  /* Attendance: up and down go to the same control of the next person; left and right stay the browser's in a radio group. */
  on("keydown", (event) => {
    const row = event.target.closest?.(".attendance tbody tr");
    const stops = "button, input:not([type=hidden]), select, a[href]";
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = [...row.parentNode.rows];
    const next = rows[rows.indexOf(row) + step];
    const at = [...row.querySelectorAll(stops)].indexOf(event.target);
    const target = next && next.querySelectorAll(stops)[at];
    if (at < 0) return;
    event.preventDefault();
    target?.focus();
  });

  /* One menu open at a time; Escape and a click elsewhere close it. */
  const close = (except) => document.querySelectorAll(".menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  on("click", (event) => close(event.target.closest?.(".menu")));
  on("keydown", (event) => {
    const menu = event.key === "Escape" && $(".menu[open]");
    if (menu) { close(); $("summary", menu).focus(); }
  });
})();
