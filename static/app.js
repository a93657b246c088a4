/* Only what needs a script; every page works without this file. htmx 2 and 4 spell their events differently: both are heard. */
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const on = (names, act) => names.split(" ").forEach((name) => document.addEventListener(name, act));
  const words = (selector) => ($(selector)?.textContent ?? "").replace(/\s+/g, " ").trim();
  const heard = { "#flashes": words("#flashes"), "#results-count": words("#results-count") };
  let before = null;
  let timer = 0;

  /* The status region stands outside every swapped part, so that screen readers notice its text change. */
  const say = (text) => {
    $("#status").textContent = "";
    setTimeout(() => { $("#status").textContent = text; }, 50);
  };

  const settled = () => {
    const problems = $("#error-summary");
    if (problems && !problems.dataset.seen) {
      problems.dataset.seen = "yes";
      problems.focus();
      return;
    }
    const news = Object.keys(heard).filter((part) => words(part) !== heard[part]);
    news.forEach((part) => { heard[part] = words(part); });
    if (news.length) say(news.map(words).join(" "));
    /* Where the pressed button is gone, stay near rather than fall back to the top of the page. */
    if (before && !before.isConnected && document.activeElement === document.body) {
      const home = (before.id && document.getElementById(before.id)) || $("#flashes .notice") || $("h1");
      if (home.tabIndex < 0) home.tabIndex = -1;
      home.focus({ preventScroll: home.tagName === "H1" });
    }
    before = null;
  };
  on("htmx:beforeSwap htmx:before:swap", () => { before ??= document.activeElement; });
  on("htmx:afterSwap htmx:afterSettle htmx:after:swap", () => { clearTimeout(timer); timer = setTimeout(settled, 40); });

  const lost = "The connection was lost. Reload the page to see what was saved.";
  const failed = "That did not work. Please reload the page and try again.";
  on("htmx:sendError htmx:timeout", () => say(lost));
  on("htmx:responseError", () => say(failed));
  on("htmx:response:error htmx:error", ({ detail }) => {
    const status = detail?.ctx?.response?.status;
    if (status !== 422) say(status ? failed : lost);
  });

  /* In the attendance sheet up and down lead to the same control of the next person; left and right stay the browser's. */
  on("keydown", (event) => {
    const row = event.target.closest?.(".attendance tbody tr");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!row || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    const stops = (line) => [...line.querySelectorAll("button, input:not([type=hidden]), select, a[href]")];
    const at = stops(row).indexOf(event.target);
    const next = [...row.parentNode.rows][row.sectionRowIndex + step];
    event.preventDefault();
    if (next) stops(next)[at]?.focus();
  });

  /* One menu at a time; Escape and a click elsewhere close it. */
  const close = (except) => document.querySelectorAll(".menu[open]").forEach((menu) => { menu.open = menu === except; });
  on("click", (event) => close(event.target.closest?.(".menu")));
  on("keydown", (event) => {
    const menu = event.key === "Escape" && $(".menu[open]");
    if (!menu) return;
    close();
    $("summary", menu).focus();
  });
})();
