// Who one can be: the list of people, the groups of the one chosen, dots where something arrived for somebody else.

import * as api from "./api.js";
import { ask } from "./dialogs.js";
import { avatar, fullName, h, icon } from "./dom.js";

const LANGUAGES = [["zh-hk", "繁體中文"], ["zh-cn", "简体中文"], ["en", "English"]];

/** Draw the list. `state` holds people, person, chats, chat, unread (a set of "person" and "person:chat" marks). */
export function drawPeople(place, foot, state, t, { choose, added }) {
  const focused = document.activeElement?.dataset?.key;
  place.setAttribute("aria-label", t("people"));
  place.replaceChildren(h("ul", { class: "people" }, state.people.map((person) => {
    const chosen = person.id === state.person?.id;
    return h("li", {}, personButton(person, chosen, state, t, choose), chosen && state.chats.length > 1 ? chatList(person, state, t, choose) : null);
  })));
  foot.replaceChildren(h("button", { type: "button", class: "plain-button", "data-key": "add", on: { click: () => addPerson(t, added) } }, icon("person_add"), t("addPerson")));
  if (focused) document.querySelector(`#sidebar [data-key="${focused}"]`)?.focus();
}

function personButton(person, chosen, state, t, choose) {
  return h(
    "button",
    { type: "button", class: "person", "data-key": `person-${person.id}`, "aria-current": chosen ? "true" : null, on: { click: () => choose(person, null) } },
    avatar(person.first_name, person.id),
    h("span", { class: "person-words" }, h("bdi", { class: "person-name" }, fullName(person)), h("span", { class: "person-label" }, person.label ?? "")),
    state.unread.has(String(person.id)) ? dot(t) : null,
  );
}

function chatList(person, state, t, choose) {
  return h("ul", { class: "chats", "aria-label": t("groups") }, state.chats.map((chat) =>
    h("li", {}, h(
      "button",
      { type: "button", class: "chat-choice", "data-key": `chat-${chat.id}`, "aria-current": chat.id === state.chat?.id ? "true" : null, on: { click: () => choose(person, chat) } },
      chat.type === "private" ? icon("send") : icon("group"),
      h("bdi", {}, chat.type === "private" ? state.bot.name : chat.title),
      state.unread.has(`${person.id}:${chat.id}`) ? dot(t) : null,
    )),
  ));
}

function dot(t) {
  return h("span", { class: "unread" }, h("span", { class: "visually-hidden" }, t("unread")));
}

async function addPerson(t, added) {
  const fields = [
    { name: "first_name", label: t("firstName"), required: true, longest: 64 },
    { name: "last_name", label: t("lastName"), longest: 64 },
    { name: "language_code", label: t("language"), options: LANGUAGES },
  ];
  const answer = await ask(t("addPerson"), fields, t("add"), t);
  if (!answer) return;
  const language = LANGUAGES.find(([code]) => code === answer.language_code)[1];
  const person = { first_name: answer.first_name, language_code: answer.language_code, label: language };
  if (answer.last_name) person.last_name = answer.last_name;
  added(await api.addPerson(person));
}
