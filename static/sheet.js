/* Taps on the attendance sheet are kept on the device until they have arrived. Without this file the sheet is a form. */
"use strict";
(() => {
  const banner = document.getElementById("unsent");
  const home = banner.dataset.keep; /* A person and a session: nobody else on this device sends these. */
  const pick = (selector, root = document) => root.querySelector(selector);
  const FIGURES = ["late", "early", "minutes"];
  const RETRY = 4000, PATIENCE = 15000, SOON = 1500;
  let last = ""; /* The tap that arrived last. */
  let memory = "[]", sending = false, trouble = "", refusal = "";

  /* What is kept: the cell, what was tapped, when, and a name for the tap. No names of people. Where the device
     keeps nothing, the page does, for as long as it is open. */
  const onDevice = (act) => { try { return act(localStorage); } catch { return null; } };
  const kept = () => {
    const text = onDevice((device) => device.getItem(home)) ?? memory;
    try { return JSON.parse(text); } catch { return []; }
  };
  const keep = (taps) => {
    memory = JSON.stringify(taps);
    onDevice((device) => device.removeItem(home));
    if (taps.length && onDevice((device) => device.setItem(home, memory) ?? true)) memory = "[]";
  };
  const drop = (tap) => keep(kept().filter((other) => other.id !== tap.id));

  const field = (mark, name) => pick(`[name="${name}-${mark.id.slice(5)}"]`, mark);
  const said = (mark) => ({
    mark: pick(":checked", mark)?.value ?? "",
    ...Object.fromEntries(FIGURES.map((name) => [name, field(mark, name)?.value.trim() ?? ""])),
  });
  const isSame = (one, other) => ["mark", ...FIGURES].every((name) => one[name] === other[name]);
  const newName = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  /* What stands on the page follows from what is kept. */
  const show = () => {
    const taps = kept();
    const late = taps.filter((tap) => trouble || Date.now() - tap.at >= SOON);
    document.querySelectorAll(".mark .unsent").forEach((note) => note.remove());
    late.forEach((tap) => tell(document.getElementById(`mark-${tap.cell}`), "Not sent yet"));
    const isSignedOut = trouble === "sign in";
    const words = late.length === 1 ? "1 tap not sent yet." : `${late.length} taps not sent yet.`;
    if (pick("[data-count]", banner).textContent !== words) pick("[data-count]", banner).textContent = words;
    pick("[data-line]", banner).hidden = isSignedOut;
    pick("[data-sign-in]", banner).hidden = !isSignedOut;
    pick("[data-waiting]", banner).hidden = !late.length;
    pick("[data-refused]", banner).textContent = refusal;
    banner.hidden = !late.length && !refusal;
  };
  const tell = (mark, text) => {
    if (!mark) return;
    const note = mark.appendChild(document.createElement("p"));
    note.className = "hint unsent";
    const words = note.appendChild(document.createElement("span"));
    words.className = "badge sun";
    words.textContent = text;
  };

  const tapped = (mark) => {
    const tap = { cell: mark.id.slice(5), url: mark.dataset.tap, id: newName(), at: Date.now(), ...said(mark) };
    keep([...kept().filter((other) => other.cell !== tap.cell), tap]);
    setTimeout(show, SOON);
    send();
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    while (kept().length && await arrives(kept()[0]));
    sending = false;
    show();
  };

  /* Whether the next one can be sent. Anything that is not an answer of ours is a bad line. */
  const arrives = async (tap) => {
    const body = new URLSearchParams({
      csrf_token: pick("[name=csrf_token]").value,
      tap: tap.id,
      age: Math.max(0, Date.now() - tap.at) / 1000,
      after: last,
    });
    ["mark", ...FIGURES].forEach((name) => body.set(`${name}-${tap.cell}`, tap[name]));
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    let status = 0, page = null;
    try {
      const headers = { "HX-Request": "true" };
      const answer = await fetch(tap.url, { method: "POST", body, headers, redirect: "error", signal: stop.signal });
      status = answer.status;
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { status = 0; }
    clearTimeout(timer);
    const fresh = page?.getElementById(`mark-${tap.cell}`);
    const isOurs = (status === 200 && fresh) || status === 404 || status === 422;
    trouble = isOurs ? "" : [400, 401, 403].includes(status) ? "sign in" : "line";
    if (!isOurs) return false;
    drop(tap);
    last = tap.id;
    const mark = document.getElementById(`mark-${tap.cell}`);
    if (fresh && mark) replace(mark, fresh, tap, page);
    else if (status !== 200) refusal = `A tap was refused. ${pick(".error", fresh ?? page)?.lastChild.textContent ?? ""}`;
    return true;
  };

  /* The answer takes the cell's place, unless something else was tapped or typed there meanwhile. */
  const replace = (mark, fresh, tap, page) => {
    if (!isSame(said(mark), tap)) return;
    const at = mark.contains(document.activeElement) ? document.activeElement.id : "";
    mark.replaceWith(document.adoptNode(fresh));
    const next = pick("[aria-invalid]", fresh) ?? document.getElementById(at);
    if (at && next) next.focus({ preventScroll: true });
    const count = pick("[id^=count-]", page);
    const old = count && document.getElementById(count.id);
    if (!old) return;
    count.removeAttribute("hx-swap-oob");
    old.replaceWith(document.adoptNode(count));
    window.htmx?.process(count);
  };

  document.addEventListener("change", ({ target }) => {
    const mark = target.closest(".mark");
    if (!mark) return;
    /* There are two ways to say "in part": what is typed last counts. */
    const others = target.name.startsWith("minutes-") ? ["late", "early"] : target.type === "radio" ? [] : ["minutes"];
    if (target.value) others.forEach((name) => { if (field(mark, name)) field(mark, name).value = ""; });
    const { mark: choice, ...figures } = said(mark);
    if (choice !== "minutes" || Object.values(figures).some(Boolean)) tapped(mark);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches?.(".part input")) return;
    event.preventDefault();
    event.target.blur();
    document.getElementById(event.target.id)?.focus();
  });

  /* What concerns the whole sheet waits until every tap has arrived. */
  document.addEventListener("click", async (event) => {
    const act = event.target.closest?.("[data-after-taps]");
    if (!act || !kept().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    while (sending) await new Promise((later) => { setTimeout(later, 50); });
    await send();
    const again = act.isConnected ? act : pick(`[data-after-taps][name="${act.name}"][value="${act.value}"]`);
    if (!kept().length) return again?.click();
    trouble ||= "line";
    show();
    banner.focus();
  }, true);

  kept().forEach((tap) => {
    const mark = document.getElementById(`mark-${tap.cell}`);
    const radio = mark && pick(`[value="${tap.mark}"]`, pick(".marks", mark));
    if (!radio) return;
    radio.checked = true;
    FIGURES.forEach((name) => { if (field(mark, name)) field(mark, name).value = tap[name]; });
  });
  show();
  send();
  setInterval(send, RETRY);
  window.addEventListener("online", send);
  window.addEventListener("storage", show);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
})();
