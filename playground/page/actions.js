// What happens when somebody taps something in the chat.

import * as api from "./api.js";
import { sendContact, sendLocation } from "./attach.js";
import { confirmLink, copyText, shareWindow } from "./dialogs.js";
import { readLink } from "./links.js";
import { openMenu } from "./menu.js";

/** The taps' meanings. `app` is the page: its state, log, composer, presses, run and send. */
export function makeActions(app) {
  const { state } = app;

  /** True where the playground deals with the address itself. */
  function link(address) {
    const leads = readLink(address, state.bot);
    if (leads?.kind === "start") app.start(leads.payload);
    else if (leads?.kind === "share") shareWindow(leads.text, state.t);
    else return leads === null;
    return true;
  }

  async function open(address) {
    if (link(address)) return;
    if (await confirmLink(address, state.t)) window.open(readLink(address, state.bot).address, "_blank", "noopener");
  }

  function button(message, given) {
    if (given.callback_data !== undefined) app.run(() => app.presses.press(state.person, state.chat, message, given.callback_data));
    else if (given.url) out(given.url);
    else if (given.login_url ?? given.web_app) open((given.login_url ?? given.web_app).url);
    else if (given.copy_text) app.run(() => copyText(given.copy_text.text, state.t));
    else if (given.switch_inline_query_current_chat !== undefined) app.composer.write(`@${state.bot.username} ${given.switch_inline_query_current_chat}`);
    else if (given.switch_inline_query !== undefined) shareWindow(`@${state.bot.username} ${given.switch_inline_query}`, state.t);
  }

  function out(address) {
    if (link(address)) return;
    window.open(readLink(address, state.bot).address, "_blank", "noopener");
  }

  function menu(message, anchor) {
    const { t } = state;
    const items = [{ icon: "reply", label: t("reply"), run: () => app.composer.reply(message) }];
    if (message.text && message.from?.id === state.person.id) items.push({ icon: "edit", label: t("edit"), run: () => app.composer.edit(message) });
    const words = message.text ?? message.caption;
    if (words) items.push({ icon: "copy", label: t("copy"), run: () => app.run(() => copyText(words, t)) });
    openMenu(anchor, t("actions"), items);
  }

  function key(given) {
    if (given.request_contact) app.run(() => sendContact(app.where()));
    else if (given.request_location) app.run(() => sendLocation(app.where()));
    else app.send(typeof given === "string" ? given : given.text);
  }

  return { link, button, menu, key, command: (text) => app.send(text), find: (id) => app.log.find(id) };
}

/** Send an edit of one's own message. */
export function editOwn({ person, chat }, message, text) {
  return api.edit({ person: person.id, chat: chat.id, message_id: message.message_id, text });
}
