// The page: who is chosen, which chat is open, and what connects its parts.

import * as api from "./api.js";
import { editOwn, makeActions } from "./actions.js";
import { sendChosen } from "./attach.js";
import { Clock } from "./clock.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { alertWindow, toast } from "./dialogs.js";
import { avatar, fullName } from "./dom.js";
import { Drawer } from "./drawer.js";
import { Log } from "./log.js";
import { drawPeople } from "./people.js";
import { Presses } from "./presses.js";
import { themeSwitch } from "./theme.js";
import { drawTopics, inTopic } from "./topics.js";
import { Unread } from "./unread.js";
import { speak } from "./words.js";

const $ = (id) => document.getElementById(id);
const state = {
  people: [], chats: [], unread: new Set(), bot: { name: "Amity", username: null },
  person: null, chat: null, conversation: null, topic: null, online: false, t: speak(navigator.language),
};
let unfollow = null;
let typing = null;

/** Do something that may fail, and say so where it does. */
async function run(work) {
  try {
    await work();
  } catch (error) {
    toast(state.t("failed", { why: error.message }));
  }
}

const log = new Log($("log"), $("to-bottom"));
const clock = new Clock($("clock"), run, () => sync());
const drawer = new Drawer();
const unread = new Unread(state, () => people());
const wordTheme = themeSwitch($("theme"));
const presses = new Presses((id) => draw(new Set([id])), (answer) => showAnswer(answer));
const where = () => ({ person: state.person, chat: state.chat, topic: state.topic, t: state.t, reply_to: composer.takeReply() });
const composer = new Composer($("composer"), {
  send: (text, more) => send(text, more),
  edit: (message, text) => run(() => editOwn(state, message, text).then(sync)),
  pick: (kind, files) => run(() => sendChosen(files, kind, where()).then(arrived)),
  key: (key) => actions.key(key),
  where,
  run: (work) => run(() => work().then(arrived)),
  lastOwn: () => state.conversation.messages.findLast((message) => message.from?.id === state.person.id && message.text),
});

function send(text, { reply_to } = {}) {
  const { person, chat, topic } = state;
  return run(() => api.send({ person: person.id, chat: chat.id, topic, text, reply_to }).then(arrived));
}

/** Follow a link to the bot: it opens the chat with the bot, wherever it stood. */
async function start(payload) {
  if (state.chat.type !== "private") await run(() => choose(state.person, null));
  await send(`/start ${payload}`.trim());
}

/** What one has sent oneself is always looked at. */
async function arrived() {
  await sync();
  log.toBottom();
}

const actions = makeActions({ state, log, composer, presses, run, send, start, where });

function view() {
  const { person, chat, t, topic, conversation } = state;
  return { person, chat, t, topic, topics: conversation.topics, now: clock.now, waiting: presses.waiting };
}

function draw(redraw) {
  const { conversation, t } = state;
  if (!conversation) return;
  const messages = conversation.messages;
  const bot = messages.findLast((message) => message.from?.is_bot)?.from;
  if (bot) state.bot = { name: fullName(bot), username: bot.username };
  if (!conversation.topics.some(({ id }) => id === state.topic)) state.topic = null;
  drawTopics($("topics"), conversation.topics, state.topic, t, lookAt);
  log.show(inTopic(messages, state.topic), view(), actions, { redraw });
  $("log").classList.toggle("empty", messages.length === 0);
  $("log").dataset.empty = t("fresh");
  $("log").dataset.note = t("freshNote");
  composer.offer({
    fresh: messages.length === 0 && state.chat.type === "private",
    commands: conversation.commands,
    keyboard: conversation.keyboard,
  });
  unread.read(state.person, state.chat, conversation.seq);
  head();
}

/** Look at one topic of the group, or at all of it. */
function lookAt(topic) {
  state.topic = topic;
  log.clear();
  draw();
  log.toBottom();
}

function head() {
  const { t, chat, person, bot, conversation } = state;
  const own = chat.type === "private";
  const name = own ? bot.name : chat.title;
  $("chat-name").textContent = name;
  $("chat-avatar").replaceChildren(avatar(name, own ? 4 : chat.id, { group: !own }));
  const status = !state.online ? t("offline") : conversation.typing ? t("typing") : t(own ? "bot" : "group");
  if ($("chat-status").textContent !== status) $("chat-status").textContent = status;
  document.title = `${fullName(person)} — Amity playground`;
}

async function sync() {
  const { conversation } = state;
  await conversation.sync();
  if (conversation !== state.conversation) return;
  draw();
  clearTimeout(typing);
  if (conversation.typing || justAsked()) typing = setTimeout(() => run(sync), 1000);
}

/** Whether the bot may just be typing: that is the one thing no event tells of, so one looks. */
function justAsked() {
  const last = state.conversation.messages.at(-1);
  return last?.from?.id === state.person.id && clock.now() - last.date * 1000 < 15_000;
}

function people() {
  drawPeople($("people"), $("sidebar-foot"), state, state.t, { choose: (person, chat) => run(() => choose(person, chat)), added });
}

async function added(person) {
  state.people = await api.people();
  await choose(state.people.find(({ id }) => id === person.id) ?? person, null);
}

/** Become this person, in this chat of theirs (their own with the bot if none is given). */
async function choose(person, chat, { focus = true } = {}) {
  const changed = person.id !== state.person?.id;
  const chats = await api.chats(person.id);
  const open = chats.find(({ id }) => id === (chat?.id ?? person.id)) ?? chats[0];
  Object.assign(state, { person, chats, chat: open, t: speak(person.language_code), conversation: new Conversation(open), topic: null });
  history.replaceState(null, "", `#person=${person.id}${open.id === person.id ? "" : `&chat=${open.id}`}`);
  log.clear();
  chrome();
  if (open.type === "private") state.bot.name = open.title;
  head();
  composer.enter(`${person.id}:${open.id}`, state.t);
  await run(sync);
  people();
  if (changed) listen();
  drawer.set(false, { focus: false });
  if (focus) composer.focus();
}

/** The page's own words, in the person's language. */
function chrome() {
  const { t } = state;
  document.documentElement.lang = t.tag;
  $("sidebar-note").textContent = t("note");
  $("skip").textContent = t("skip");
  $("log").setAttribute("aria-label", t("messages"));
  clock.speak(t);
  drawer.speak(t);
  wordTheme(t);
}

function listen() {
  unfollow?.();
  const { person } = state;
  unfollow = api.follow(person.id, (event) => run(() => hear(event, person)), () => {
    state.online = true;
    run(sync);
    run(() => clock.refresh());
  }, () => {
    state.online = false;
    head();
  });
}

async function hear(event, person) {
  if (person !== state.person) return;
  const { chat } = event;
  if (event.type === "answer") presses.hear(event);
  else if (event.type === "clock") await clock.refresh();
  else if (event.type === "chats") {
    state.chats = await api.chats(person.id);
    people();
  } else if (event.type === "people") {
    state.people = await api.people();
    people();
  } else if (typeof chat === "number" && chat !== state.chat.id) {
    if (event.type === "message") unread.mark(person, chat);
  } else await sync();
}

function showAnswer(answer) {
  if (answer === null) toast(state.t("noAnswer"));
  else if (answer.url) actions.button(null, { url: answer.url });
  else if (answer.text && answer.show_alert) alertWindow(answer.text, state.bot.name, state.t);
  else if (answer.text) toast(answer.text);
}

/** The person and chat the address names. */
function named() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const person = state.people.find(({ id }) => String(id) === wanted.get("person"));
  return [person, wanted.has("chat") ? { id: Number(wanted.get("chat")) } : null];
}

async function begin() {
  chrome();
  await clock.refresh();
  state.people = await api.people();
  people();
  const [person, chat] = named();
  if (person ?? state.people[0]) await choose(person ?? state.people[0], chat, { focus: matchMedia("(min-width: 761px)").matches });
  unread.start();
  addEventListener("hashchange", () => {
    const [next, its] = named();
    if (next) run(() => choose(next, its));
  });
}

run(begin);
