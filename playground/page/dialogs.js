// Windows over the chat, and words that pass: alerts, sharing, pictures, toasts. The native dialog keeps focus in and hears Esc.

import { h, icon } from "./dom.js";

/** Show a modal dialog; resolves with what it was closed with ("" for Esc). */
export function openDialog(dialog) {
  const opener = document.activeElement;
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close("");
  });
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      // What opened it may have been redrawn meanwhile; then the message box takes the focus.
      if (opener?.isConnected) opener.focus();
      else document.querySelector("#write")?.focus();
      resolve(dialog.returnValue);
    }, { once: true });
  });
}

function closing(label, value, extra = {}) {
  return h("button", { type: "submit", class: "plain-button", value, ...extra }, label);
}

/** The window of a callback answer with show_alert. */
export function alertWindow(text, title, t) {
  const words = h("p", { class: "dialog-words", id: "alert-words", dir: "auto" }, text);
  const form = h("form", { method: "dialog" }, h("h3", {}, title), words, h("div", { class: "dialog-buttons" }, closing(t("ok"), "ok", { autofocus: true })));
  return openDialog(h("dialog", { role: "alertdialog", "aria-label": title, "aria-describedby": "alert-words" }, form));
}

/** Ask before leaving for an address; resolves true to go. */
export async function confirmLink(address, t) {
  const form = h(
    "form",
    { method: "dialog" },
    h("h3", {}, t("openLink")),
    h("p", { class: "dialog-words address" }, address),
    h("div", { class: "dialog-buttons" }, closing(t("cancel"), ""), closing(t("open"), "open", { autofocus: true })),
  );
  return (await openDialog(h("dialog", { "aria-label": t("openLink") }, form))) === "open";
}

/** What would be shared, with a way to copy it. */
export async function shareWindow(text, t) {
  const form = h(
    "form",
    { method: "dialog" },
    h("h3", {}, t("share")),
    h("p", { class: "dialog-note" }, t("shareNote")),
    h("p", { class: "dialog-words shared", dir: "auto", tabindex: "0" }, text),
    h("div", { class: "dialog-buttons" }, closing(t("copy"), "copy"), closing(t("close"), "", { autofocus: true })),
  );
  if ((await openDialog(h("dialog", { "aria-label": t("share") }, form))) === "copy") await copyText(text, t);
}

/** A picture in full. */
export function showPhoto(address, words, t) {
  const close = h("button", { type: "submit", class: "icon-button", "aria-label": t("close"), autofocus: true }, icon("close"));
  const form = h("form", { method: "dialog" }, close, h("img", { src: address, alt: words }));
  return openDialog(h("dialog", { class: "lightbox", "aria-label": t("photo") }, form));
}

/** A small form; `fields` are {name, label, required, value, options}. Resolves with the values, or null when left. */
export async function ask(title, fields, yes, t, preview = null) {
  const inputs = fields.map((field) => {
    const attributes = { name: field.name, required: field.required, value: field.value, maxlength: field.longest, autocomplete: "off", dir: "auto" };
    const input = field.options
      ? h("select", { name: field.name }, field.options.map(([value, label]) => h("option", { value }, label)))
      : h("input", { type: "text", ...attributes });
    return h("label", { class: "field" }, h("span", {}, field.label), input);
  });
  const form = h(
    "form",
    { method: "dialog" },
    h("h3", {}, title),
    preview,
    inputs,
    h("div", { class: "dialog-buttons" }, closing(t("cancel"), "", { formnovalidate: true }), closing(yes, "yes")),
  );
  // Enter in a field means yes, although the first button in the form is the way out.
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && event.target.matches("input")) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('button[value="yes"]'));
    }
  });
  const answer = openDialog(h("dialog", { "aria-label": title }, form));
  form.querySelector("input")?.focus();
  const chosen = await answer;
  return chosen === "yes" ? Object.fromEntries(new FormData(form)) : null;
}

/** Words that pass by themselves. */
export function toast(text) {
  const shown = h("div", { class: "toast", dir: "auto" }, text);
  const place = document.querySelector("#toasts");
  place.append(shown);
  while (place.children.length > 3) place.firstChild.remove();
  setTimeout(() => shown.remove(), Math.max(3500, text.length * 70));
}

export async function copyText(text, t) {
  await navigator.clipboard.writeText(text);
  toast(t("copied"));
}
