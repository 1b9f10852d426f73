// A message's text with its entities, as elements. Offsets are UTF-16 units, which is how JavaScript counts too.

import { h } from "./dom.js";
import { dateTimeWords, inFull } from "./times.js";

const WRAPS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const FOUND = [
  ["url", /\bhttps?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]，。；：！？）」』]/gu],
  ["bot_command", /(?<![\w/@.:<])\/[a-zA-Z0-9_]{1,32}(?:@\w{3,32})?(?![\w/>])/gu],
  ["mention", /(?<![\w@./])@[a-zA-Z]\w{3,31}\b/gu],
];

/** An address that may be followed from a message; anything that could run script is none. */
export function safeAddress(address) {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`;
  return /^(https?|tg|mailto|tel):/i.test(whole) ? whole : null;
}

/** Text as a fragment. `reader` holds t, now, and what happens on a tap: command(text), link(address). */
export function renderText(text, entities, reader) {
  const all = [...(entities ?? []), ...detect(text, entities ?? [])]
    .map((entity) => ({ ...entity, end: entity.offset + entity.length }))
    .filter((entity) => entity.length > 0 && entity.end <= text.length);
  const fragment = document.createDocumentFragment();
  fragment.append(...span(text, 0, text.length, inOrder(all), reader));
  return fragment;
}

/** Telegram finds addresses, commands and mentions by itself where the sender marked nothing. */
function detect(text, marked) {
  const taken = marked.filter((entity) => /^(code|pre|text_link|text_mention|url|bot_command|mention|email)$/.test(entity.type));
  const found = [];
  for (const [type, pattern] of FOUND) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      const clash = [...taken, ...found].some(
        (other) => other.offset < entity.offset + entity.length && entity.offset < other.offset + other.length,
      );
      if (!clash) found.push(entity);
    }
  }
  return found;
}

function inOrder(entities) {
  return entities.sort((one, other) => one.offset - other.offset || other.end - one.end);
}

function span(text, start, end, entities, reader) {
  const nodes = [];
  let rest = entities;
  let position = start;
  let block = false;
  // A block begins and ends its own lines; the line break beside it isn't one more.
  const plain = (to, beforeBlock) => {
    let words = text.slice(position, to);
    if (block) words = words.replace(/^\n/, "");
    if (beforeBlock) words = words.replace(/\n$/, "");
    if (words) nodes.push(words);
  };
  while (rest.length) {
    const [outer, ...others] = rest;
    const isBlock = /^(pre|blockquote|expandable_blockquote)$/.test(outer.type);
    if (outer.offset > position) plain(outer.offset, isBlock);
    const inside = [];
    const after = [];
    for (const other of others) {
      if (other.offset >= outer.end) {
        after.push(other);
      } else {
        inside.push({ ...other, end: Math.min(other.end, outer.end) });
        // One that reaches beyond its neighbour is cut in two, so that both stay visible.
        if (other.end > outer.end) after.push({ ...other, offset: outer.end });
      }
    }
    const content = span(text, outer.offset, outer.end, inside, reader);
    nodes.push(wrap(outer, content, text.slice(outer.offset, outer.end), reader));
    position = outer.end;
    block = isBlock;
    rest = inOrder(after);
  }
  if (position < end) plain(end, false);
  return nodes;
}

function wrap(entity, content, text, reader) {
  if (entity.type in WRAPS) return h(WRAPS[entity.type], {}, content);
  switch (entity.type) {
    case "pre":
      return h("pre", { "data-language": entity.language }, h("code", {}, content));
    case "text_link":
      return link(entity.url, content, reader);
    case "url":
      return link(text, content, reader);
    case "email":
      return link(`mailto:${text}`, content, reader);
    case "phone_number":
      return link(`tel:${text.replace(/[^\d+]/g, "")}`, content, reader);
    case "bot_command":
      return h("button", { type: "button", class: "linkish", on: { click: () => reader.command(text) } }, content);
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return h("span", { class: "mention" }, content);
    case "spoiler":
      return spoiler(content, reader.t);
    case "blockquote":
      return h("blockquote", {}, content);
    case "expandable_blockquote":
      return expandable(content, reader.t);
    case "date_time":
      return dateTime(entity, content, reader);
    default:
      return h("span", {}, content);
  }
}

function link(address, content, reader) {
  const safe = safeAddress(address);
  if (safe === null) return h("span", {}, content);
  const follow = (event) => {
    if (reader.link(safe)) event.preventDefault();
  };
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer", title: safe, on: { click: follow } }, content);
}

function spoiler(content, t) {
  const cover = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("spoiler") }, h("span", {}, content));
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    cover.classList.add("shown");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
  };
  cover.addEventListener("click", show, { once: true });
  cover.addEventListener("keydown", show);
  return cover;
}

function expandable(content, t) {
  const more = h("button", { type: "button", class: "linkish", "aria-expanded": "false" }, t("expand"));
  const quote = h("blockquote", { class: "expandable" }, h("div", {}, content), more);
  more.addEventListener("click", () => {
    const open = quote.classList.toggle("open");
    more.setAttribute("aria-expanded", String(open));
    more.textContent = t(open ? "collapse" : "expand");
  });
  return quote;
}

function dateTime(entity, content, { t, now }) {
  const instant = entity.unix_time * 1000;
  const words = dateTimeWords(t, instant, entity.date_time_format, now());
  const attributes = { datetime: new Date(instant).toISOString(), title: `${inFull(t.tag, instant)} (${t("reader")})` };
  return h("time", attributes, words ?? content);
}
