// One message as a bubble: who, what it answers, what it carries, its words, its time, its buttons.

import { fullName, h, icon } from "./dom.js";
import { renderText } from "./entities.js";
import { inlineKeyboard } from "./keyboards.js";
import { renderMedia, summary } from "./media.js";
import { inFull, timeOfDay } from "./times.js";

/** The element of a message. `view` holds person, chat, t, now, waiting; `actions` what taps do. */
export function renderMessage(message, view, actions) {
  const { t } = view;
  const note = serviceWords(message, t);
  if (note) return h("div", { class: "service", "data-id": message.message_id }, h("span", { dir: "auto" }, note));

  const mine = message.from?.id === view.person.id;
  const words = message.text ?? message.caption;
  const media = renderMedia(message, t);
  const bare = Boolean(message.sticker || message.dice);
  const reactions = message.reactions?.length ? h("div", { class: "reactions" }, message.reactions.join(" ")) : null;
  const time = meta(message, mine, t);
  const name = fullName(message.from ?? {}) || message.chat?.title || "";
  const bubble = h(
    "div",
    { class: `bubble${bare ? " bare" : ""}${message.photo ? " has-photo" : ""}` },
    view.chat.type !== "private" && !mine ? h("div", { class: `sender tint-${Math.abs(message.from?.id ?? 0) % 7}`, dir: "auto" }, name) : h("span", { class: "visually-hidden" }, `${mine ? t("you") : name}: `),
    message.forward_origin ? h("div", { class: "forwarded" }, t("forwarded", { name: originName(message.forward_origin) })) : null,
    topicOf(message, view),
    message.reply_to_message && !message.reply_to_message.forum_topic_created ? quote(message, t, actions) : null,
    media,
    words ? h("div", { class: "words", dir: "auto", lang: t.tag }, renderText(words, message.entities ?? message.caption_entities, { ...view, ...actions }), reactions, time) : null,
    media || words ? null : h("div", { class: "words unknown" }, t("unknown")),
    words ? null : [reactions, time],
  );
  return h(
    "article",
    { class: `message ${mine ? "mine" : "theirs"}`, "data-id": message.message_id },
    h("div", { class: "bubble-line" }, bubble, actionsButton(message, t, actions)),
    inlineKeyboard(message, actions, view.waiting, t),
  );
}

function meta(message, mine, t) {
  const instant = message.date * 1000;
  return h(
    "div",
    { class: "meta" },
    message.edit_date ? h("span", {}, t("edited")) : null,
    h("time", { datetime: new Date(instant).toISOString(), title: inFull(t.tag, instant) }, timeOfDay(t.tag, instant)),
    mine ? h("span", { class: "sent" }, icon("check"), h("span", { class: "visually-hidden" }, t("sent"))) : null,
  );
}

function quote(message, t, actions) {
  const original = message.reply_to_message;
  return h(
    "button",
    { type: "button", class: "quote", on: { click: () => actions.find(original.message_id) } },
    h("bdi", { class: "quote-name" }, fullName(original.from ?? {})),
    h("span", { class: "quote-words", dir: "auto" }, message.quote?.text ?? summary(original, t)),
  );
}

/** Which topic it stands in, where all are shown together. */
function topicOf(message, view) {
  const topic = view.topic === null ? view.topics?.find(({ id }) => id === message.message_thread_id) : null;
  return topic ? h("div", { class: "topic-name", dir: "auto" }, `# ${topic.name}`) : null;
}

function actionsButton(message, t, actions) {
  return h(
    "button",
    { type: "button", class: "icon-button message-actions", "aria-label": t("actions"), "aria-haspopup": "menu", "aria-expanded": "false", on: { click: (event) => actions.menu(message, event.currentTarget) } },
    icon("more"),
  );
}

function originName(origin) {
  return origin.sender_user ? fullName(origin.sender_user) : (origin.sender_user_name ?? origin.chat?.title ?? origin.sender_chat?.title ?? "");
}

function serviceWords(message, t) {
  if (message.new_chat_members) return message.new_chat_members.map((user) => t("joined", { name: fullName(user) })).join("\n");
  if (message.left_chat_member) return t("left", { name: fullName(message.left_chat_member) });
  if (message.pinned_message) return t("pinned");
  if (message.new_chat_title) return message.new_chat_title;
  if (message.forum_topic_created) return t("topicOpened", { name: message.forum_topic_created.name });
  if (message.forum_topic_closed) return t("topicClosed");
  if (message.forum_topic_reopened) return t("topicReopened");
  return null;
}
