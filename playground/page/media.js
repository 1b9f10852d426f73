// What a message carries besides its words: pictures, files, places, people, polls.

import * as api from "./api.js";
import { avatar, fullName, h, icon, readableSize } from "./dom.js";
import { showPhoto } from "./dialogs.js";

/** The elements for whatever the message carries; none for plain text. */
export function renderMedia(message, t) {
  if (message.photo?.length) return photo(message, t);
  if (message.sticker) return sticker(message.sticker, t);
  if (message.voice) return player("audio", message.voice, t("voice"));
  if (message.audio) return player("audio", message.audio, message.audio.title ?? t("voice"));
  if (message.video) return player("video", message.video, t("video"));
  if (message.animation) return player("video", message.animation, t("video"));
  if (message.document) return file(message.document, t);
  if (message.venue) return place(message.venue.location, message.venue.title, message.venue.address, t);
  if (message.location) return place(message.location, t("location"), "", t);
  if (message.contact) return contact(message.contact);
  if (message.poll) return poll(message.poll, t);
  if (message.dice) return h("div", { class: "sticker-emoji" }, `${message.dice.emoji} ${message.dice.value}`);
  return null;
}

/** What stands for the message where only one line is shown. */
export function summary(message, t) {
  const words = message.text ?? message.caption;
  if (words) return words;
  const kind = ["photo", "sticker", "voice", "video", "location", "contact", "poll"].find((name) => message[name]);
  return message.document?.file_name ?? message.venue?.title ?? (kind ? t(kind) : t("unknown"));
}

function photo(message, t) {
  const largest = message.photo.at(-1);
  const address = api.fileAddress(largest.file_id);
  const image = h("img", {
    src: address, alt: message.caption ?? t("photo"), width: largest.width, height: largest.height,
  });
  return h("button", { type: "button", class: "photo", "aria-label": t("photo"), on: { click: () => showPhoto(address, image.alt, t) } }, image);
}

function sticker(given, t) {
  const emoji = h("div", { class: "sticker-emoji", role: "img", "aria-label": t("sticker") }, given.emoji ?? "🙂");
  if (given.is_animated || given.is_video) return emoji;
  const image = h("img", { class: "sticker", src: api.fileAddress(given.file_id), alt: `${t("sticker")} ${given.emoji ?? ""}`.trim() });
  image.addEventListener("error", () => image.replaceWith(emoji), { once: true });
  return image;
}

function player(tag, given, label) {
  return h(tag, { class: "player", controls: true, preload: "metadata", src: api.fileAddress(given.file_id), "aria-label": label });
}

function file(given, t) {
  const name = given.file_name ?? t("file");
  return h(
    "a",
    { class: "file", href: api.fileAddress(given.file_id), download: name, "aria-label": t("download", { name: `${name} ${readableSize(given.file_size)}` }) },
    h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-words" }, h("bdi", { class: "file-name" }, name), h("span", { class: "file-size" }, readableSize(given.file_size))),
  );
}

function place({ latitude, longitude }, title, address, t) {
  const map = `https://www.openstreetmap.org/?mlat=${Number(latitude)}&mlon=${Number(longitude)}#map=17/${Number(latitude)}/${Number(longitude)}`;
  return h(
    "a",
    { class: "place", href: map, target: "_blank", rel: "noopener noreferrer", title: t("openMap") },
    h("span", { class: "place-map" }, icon("location")),
    h("bdi", { class: "place-title" }, title),
    address ? h("bdi", { class: "place-address" }, address) : null,
    h("span", { class: "place-address" }, `${Number(latitude).toFixed(4)}, ${Number(longitude).toFixed(4)}`),
  );
}

function contact(given) {
  return h(
    "div",
    { class: "contact" },
    avatar(fullName(given), given.user_id ?? 3),
    h("span", {}, h("bdi", { class: "contact-name" }, fullName(given)), h("bdi", { class: "contact-phone" }, given.phone_number)),
  );
}

function poll(given, t) {
  return h(
    "div",
    { class: "poll" },
    h("p", { class: "poll-question", dir: "auto" }, given.question),
    h("ul", {}, given.options.map((option) => h("li", { dir: "auto" }, option.text))),
    h("p", { class: "poll-votes" }, t("votes", { n: given.total_voter_count ?? 0 })),
  );
}
