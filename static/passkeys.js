/* Asks the browser for a passkey, writes its answer into the form and sends it. Only the pages of passkeys load this file. */
"use strict";
(() => {
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  /* The question comes as JSON, with what is binary in base64url; the browser wants bytes, and answers in them. */
  const read = (asked) => {
    asked.challenge = bytes(asked.challenge);
    if (asked.user) asked.user.id = bytes(asked.user.id);
    for (const list of [asked.excludeCredentials, asked.allowCredentials]) list?.forEach((one) => { one.id = bytes(one.id); });
    return asked;
  };
  const written = (key) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (key.response[part]) response[part] = text(key.response[part]);
    return JSON.stringify({ id: key.id, rawId: text(key.rawId), type: key.type, response });
  };
  const question = async (form) => {
    const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
    const answer = await fetch(form.dataset.options, { method: "POST", body });
    if (!answer.ok || answer.redirected) throw new Error("refused");
    return read(await answer.json());
  };

  const said = {
    NotAllowedError: "The browser did not get an answer in time, or you closed its window. Nothing was changed.",
    InvalidStateError: "This device is among your passkeys already.",
  };
  const ask = async (form) => {
    const line = form.querySelector("[data-said]");
    line.textContent = "";
    form.setAttribute("aria-busy", "true");
    try {
      const publicKey = await question(form);
      const key = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey })
        : await navigator.credentials.get({ publicKey });
      form.elements.credential.value = written(key);
      form.submit();
    } catch (error) {
      line.textContent = said[error.name] ?? "That did not work. Reload the page and try again.";
    }
    form.removeAttribute("aria-busy");
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  });
  document.querySelectorAll("[data-no-passkey]").forEach((line) => { line.hidden = true; });
})();
