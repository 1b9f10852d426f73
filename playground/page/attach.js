// Sending what isn't text: files with a caption, samples, places, contacts.

import * as api from "./api.js";
import { ask } from "./dialogs.js";
import { h, icon, readableSize } from "./dom.js";
import * as samples from "./samples.js";

const ALBUM = 10;

/** The items of the attach menu. `where()` gives {person, chat, topic, reply_to, t}; `run(work)` reports a failure. */
export function attachItems(where, pick, run) {
  const { t } = where();
  return [
    { icon: "photo", label: t("photo"), run: () => pick("photo") },
    { icon: "file", label: t("file"), run: () => pick("document") },
    { icon: "sticker", label: t("sticker"), run: () => run(async () => api.sendFile(fields(where(), "sticker"), await samples.sticker(), "sun.webp")) },
    { icon: "voice", label: t("voice"), run: () => run(() => api.sendFile(fields(where(), "voice"), samples.voiceNote(), "voice.wav")) },
    { icon: "location", label: t("location"), run: () => run(() => sendLocation(where())) },
    { icon: "poll", label: t("poll"), run: () => run(() => sendPoll(where())) },
    { icon: "contact", label: t("contact"), run: () => run(() => sendContact(where())) },
  ];
}

export function sendLocation({ person, chat, topic, reply_to }) {
  return api.sendLocation({ person: person.id, chat: chat.id, topic, reply_to, ...samples.place });
}

function sendPoll({ person, chat, t }) {
  return api.sendPoll({ person: person.id, chat: chat.id, ...samples.poll(t) });
}

/** One's own contact, as a request_contact key sends it. */
export function sendContact({ person, chat, topic, reply_to }) {
  return api.sendContact({ person: person.id, chat: chat.id, topic, reply_to, phone_number: samples.phoneOf(person) });
}

/** Ask for a caption, then send, several as an album; resolves false when the person thinks better of it. */
export async function sendChosen(files, kind, where) {
  const { t } = where;
  const [file] = files;
  const picture = kind === "photo" ? URL.createObjectURL(file) : null;
  const preview = picture
    ? h("img", { class: "preview", src: picture, alt: file.name })
    : h("p", { class: "preview-file" }, icon("file"), h("bdi", {}, file.name), ` ${readableSize(file.size)}`);
  const answer = await ask(t(kind === "photo" ? "photo" : "file"), [{ name: "caption", label: t("caption"), longest: 1024 }], t("send"), t, preview);
  if (picture) URL.revokeObjectURL(picture);
  if (answer === null) return false;
  const album = files.length > 1 ? `${where.person.id}-${Date.now()}` : "";
  for (const [number, one] of files.slice(0, ALBUM).entries()) {
    const caption = number === 0 ? answer.caption : "";
    await api.sendFile({ ...fields(where, kind), caption, album }, one, one.name);
  }
  return true;
}

function fields({ person, chat, topic, reply_to }, kind) {
  return { person: person.id, chat: chat.id, kind, topic, reply_to };
}
