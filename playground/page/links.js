// Where a link or a button leads: into the playground's bot, to a sharing window, into the message box, or out.

import { safeAddress } from "./entities.js";

/**
 * Read an address as Telegram would: {kind: "start", payload}, {kind: "share", text}, or {kind: "out", address}.
 * A null answer is an address nobody should follow.
 */
export function readLink(address, bot) {
  const safe = safeAddress(address.trim());
  if (safe === null || !URL.canParse(safe)) return null;
  const url = new URL(safe);
  const path = url.pathname.replace(/^\/+|\/+$/g, "");
  if (url.protocol === "tg:") return readInner(url, url.host || path, bot) ?? { kind: "out", address: safe };
  if (!/^(www\.)?(t|telegram)\.me$/.test(url.hostname)) return { kind: "out", address: safe };
  if (path === "share/url" || path === "share") return share(url);
  if (isBot(path, bot)) {
    if (url.searchParams.has("start")) return { kind: "start", payload: url.searchParams.get("start") };
    if (![...url.searchParams].length) return { kind: "start", payload: "" };
  }
  return { kind: "out", address: safe };
}

function readInner(url, method, bot) {
  if (method === "msg_url" || method === "share") return share(url);
  if (method === "resolve" && isBot(url.searchParams.get("domain") ?? "", bot)) {
    return { kind: "start", payload: url.searchParams.get("start") ?? "" };
  }
  return null;
}

function share(url) {
  const parts = [url.searchParams.get("text"), url.searchParams.get("url")];
  return { kind: "share", text: parts.filter(Boolean).join("\n") };
}

function isBot(name, bot) {
  // Until the bot has said something its username is unknown; a name that ends in "bot" is then taken for it.
  return bot.username ? name.toLowerCase() === bot.username.toLowerCase() : /bot$/i.test(name);
}
