// The bot's buttons: rows under a bubble, and the keyboard under the message box.

import { h, icon } from "./dom.js";

const SIGNS = [["url", "link"], ["login_url", "link"], ["web_app", "link"], ["switch_inline_query", "share"], ["copy_text", "copy"]];

/** Rows under a bubble. `actions.button(message, button)` hears a tap; `waiting(message, button)` tells of one unanswered. */
export function inlineKeyboard(message, actions, waiting, t) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return h("div", { class: "inline-keyboard" }, rows.map((row) => h("div", { class: "key-row" }, row.map((button) => {
    const busy = waiting(message, button);
    const sign = SIGNS.find(([kind]) => button[kind] !== undefined)?.[1];
    const key = h(
      "button",
      { type: "button", class: `key ${styleOf(button)}${busy ? " busy" : ""}`, "aria-busy": busy ? "true" : null, on: { click: () => actions.button(message, button) } },
      h("bdi", { class: "key-words" }, button.text),
      sign ? icon(sign) : null,
      busy ? h("span", { class: "visually-hidden" }, t("waiting")) : null,
    );
    return key;
  }))));
}

/** The keyboard under the message box. `press(key)` hears a tap. */
export function replyKeyboard(markup, press) {
  return markup.keyboard.map((row) => h("div", { class: "key-row" }, row.map((given) => {
    const key = typeof given === "string" ? { text: given } : given;
    const sign = key.request_contact ? "contact" : key.request_location ? "location" : null;
    return h(
      "button",
      { type: "button", class: `reply-key ${styleOf(key)}`, on: { click: () => press(key) } },
      h("bdi", { class: "key-words" }, key.text),
      sign ? icon(sign) : null,
    );
  })));
}

function styleOf(button) {
  return ["danger", "success", "primary"].includes(button.style) ? button.style : "";
}
