// The topics of a group that has them: which one is looked at, and what is written goes there.

import { h } from "./dom.js";

/** Draw a key for everything and one for each topic; nothing where the group has none. */
export function drawTopics(place, topics, chosen, t, choose) {
  const drawn = JSON.stringify([topics, chosen, t.tag]);
  if (place.dataset.drawn === drawn) return;
  place.dataset.drawn = drawn;
  place.hidden = topics.length === 0;
  place.setAttribute("aria-label", t("topics"));
  const key = (id, label) =>
    h("button", { type: "button", class: "topic-key", "aria-pressed": String(id === chosen), on: { click: () => choose(id) } }, h("bdi", {}, label));
  place.replaceChildren(key(null, t("topicsAll")), ...topics.map((topic) => key(topic.id, topic.closed ? `🔒 ${topic.name}` : topic.name)));
}

/** The messages of the topic looked at; of all where none is. */
export const inTopic = (messages, chosen) =>
  chosen === null ? messages : messages.filter((message) => message.message_thread_id === chosen);
