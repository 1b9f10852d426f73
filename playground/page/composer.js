// Where one writes: the message box, its banner for replies and edits, the attach button, the bot's keyboard.

import { attachItems } from "./attach.js";
import { CommandMenu } from "./commands.js";
import { fullName, h, icon } from "./dom.js";
import { replyKeyboard } from "./keyboards.js";
import { summary } from "./media.js";
import { openMenu } from "./menu.js";

export class Composer {
  /** `hooks`: send(text, {reply_to}), edit(message, text), pick(kind, files), key(key), where(), run(work), lastOwn(). */
  constructor(place, hooks) {
    this.place = place;
    this.hooks = hooks;
    this.drafts = new Map();
    this.context = null;
    this.folded = null;
    this.build();
  }

  build() {
    this.banner = h("div", { class: "banner", hidden: true });
    this.input = h("textarea", {
      id: "write", rows: "1", maxlength: "4096", dir: "auto", enterkeyhint: "send",
      "aria-autocomplete": "list", "aria-controls": "commands", "aria-haspopup": "listbox",
      on: { input: () => this.#typed(), keydown: (event) => this.#key(event), blur: () => this.menu.close(), paste: (event) => this.#paste(event) },
    });
    this.menu = new CommandMenu(this.input, (command, how) => this.#command(command, how));
    this.commandsButton = this.#button("commands-button", () => this.#showCommands());
    this.commandsButton.textContent = "/";
    this.attachButton = this.#button("attach-button", () => this.#attach(), "attach");
    this.keyboardButton = this.#button("keyboard-button", () => this.#fold(), "keyboard");
    this.sendButton = this.#button("send-button", () => this.submit(), "send");
    this.attachButton.setAttribute("aria-haspopup", "menu");
    this.keys = h("div", { class: "reply-keyboard", role: "group", hidden: true });
    this.photoInput = this.#picker("photo", "image/*");
    this.fileInput = this.#picker("document", "");
    this.startButton = h("button", { type: "button", class: "start-button", hidden: true, on: { click: () => this.hooks.send("/start", {}) } });
    this.line = h("div", { class: "write-line" }, this.attachButton, this.commandsButton, this.input, this.keyboardButton, this.sendButton);
    this.place.replaceChildren(this.menu.list, this.banner, this.line, this.startButton, this.keys, this.photoInput, this.fileInput);
  }

  /** Another person or chat: keep the draft, speak their language. */
  enter(key, t) {
    if (this.key) this.drafts.set(this.key, this.input.value);
    this.key = key;
    this.t = t;
    this.folded = null;
    this.leaveContext();
    this.input.value = this.drafts.get(key) ?? "";
    this.input.placeholder = t("write");
    for (const [button, word] of [[this.input, "write"], [this.commandsButton, "commands"], [this.attachButton, "attach"], [this.keyboardButton, "keyboard"], [this.sendButton, "send"], [this.keys, "keyboard"], [this.photoInput, "photo"], [this.fileInput, "file"]]) {
      button.setAttribute("aria-label", t(word));
    }
    this.place.setAttribute("aria-label", t("write"));
    this.menu.list.setAttribute("aria-label", t("commands"));
    this.startButton.textContent = t("start");
    this.#size();
  }

  /** What the chat now offers: a Start button while fresh, commands, a keyboard. */
  offer({ fresh, commands, keyboard }) {
    const focusWasOnStart = document.activeElement === this.startButton;
    this.commands = commands;
    this.startButton.hidden = !fresh;
    this.line.hidden = fresh;
    this.commandsButton.hidden = !commands.length;
    if (focusWasOnStart && !fresh) this.input.focus();
    const drawn = `${this.key} ${JSON.stringify(keyboard)}`;
    if (drawn !== this.drawnKeys) {
      this.drawnKeys = drawn;
      this.folded = null;
      this.keys.replaceChildren(...(keyboard?.keyboard ? replyKeyboard(keyboard, (key) => this.#pressed(keyboard, key)) : []));
    }
    this.input.placeholder = keyboard?.input_field_placeholder || this.t("write");
    this.#showKeys(Boolean(keyboard?.keyboard));
  }

  focus() {
    (this.startButton.hidden ? this.input : this.startButton).focus();
  }

  reply(message) {
    this.#setContext({ kind: "reply", message }, this.t("replyTo", { name: fullName(message.from ?? {}) }));
  }

  edit(message) {
    this.#setContext({ kind: "edit", message }, this.t("editing"));
    this.input.value = message.text;
    this.#size();
  }

  /** Put words into the box, for the person to go on writing. */
  write(text) {
    this.input.value = text;
    this.#typed();
    this.input.focus();
  }

  leaveContext() {
    if (this.context?.kind === "edit") this.input.value = "";
    this.context = null;
    this.banner.hidden = true;
    this.banner.replaceChildren();
    this.sendButton.setAttribute("aria-label", this.t?.("send") ?? "");
    this.#size();
  }

  /** The message a reply belongs to, used up by asking. */
  takeReply() {
    const message = this.context?.kind === "reply" ? this.context.message : null;
    if (message) this.leaveContext();
    return message?.message_id;
  }

  submit() {
    const text = this.input.value.trim();
    if (!text) return;
    const { context } = this;
    this.input.value = "";
    this.context = null;
    this.leaveContext();
    if (context?.kind === "edit") this.hooks.edit(context.message, text);
    else this.hooks.send(text, { reply_to: context?.message.message_id });
    this.input.focus();
  }

  #setContext(context, title) {
    this.leaveContext();
    this.context = context;
    const close = h("button", { type: "button", class: "icon-button", "aria-label": this.t("cancel"), on: { click: () => this.#cancel() } }, icon("close"));
    this.banner.replaceChildren(
      icon(context.kind),
      h("div", { class: "banner-words" }, h("strong", { dir: "auto" }, title), h("span", { dir: "auto" }, summary(context.message, this.t))),
      close,
    );
    this.banner.hidden = false;
    if (context.kind === "edit") this.sendButton.setAttribute("aria-label", this.t("save"));
    this.input.focus();
  }

  #cancel() {
    this.leaveContext();
    this.input.focus();
  }

  #key(event) {
    if (this.menu.hear(event)) return;
    // While a Chinese input method is composing, Enter and Esc are its own.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.context) {
      event.stopPropagation();
      this.#cancel();
    } else if (event.key === "ArrowUp" && !this.input.value && !this.context) {
      const message = this.hooks.lastOwn();
      if (message) {
        event.preventDefault();
        this.edit(message);
      }
    }
  }

  #typed() {
    this.#size();
    this.menu.filter(this.context?.kind === "edit" ? "" : this.input.value, this.commands ?? []);
  }

  #size() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 160)}px`;
    this.sendButton.classList.toggle("ready", Boolean(this.input.value.trim()));
  }

  #command(command, { complete = false }) {
    if (complete) {
      this.write(`${command} `);
      return;
    }
    this.input.value = "";
    this.#size();
    this.hooks.send(command, {});
  }

  #showCommands() {
    this.input.focus();
    if (this.menu.open) this.menu.close();
    else this.menu.filter("/", this.commands);
  }

  #attach() {
    const pick = (kind) => (kind === "photo" ? this.photoInput : this.fileInput).click();
    openMenu(this.attachButton, this.t("attach"), attachItems(this.hooks.where, pick, this.hooks.run));
  }

  #paste(event) {
    const file = [...(event.clipboardData?.files ?? [])][0];
    if (!file) return;
    event.preventDefault();
    this.hooks.pick(file.type.startsWith("image/") ? "photo" : "document", [file]);
  }

  #pressed(keyboard, key) {
    if (keyboard.one_time_keyboard) this.folded = true;
    this.#showKeys(true);
    this.hooks.key(key);
    this.input.focus();
  }

  #fold() {
    this.folded = !this.folded;
    this.#showKeys(true);
  }

  #showKeys(any) {
    this.keyboardButton.hidden = !any;
    this.keys.hidden = !any || this.folded === true;
    this.keyboardButton.setAttribute("aria-expanded", String(!this.keys.hidden));
  }

  #button(name, click, drawing = null) {
    return h("button", { type: "button", class: `icon-button ${name}`, on: { click } }, drawing ? icon(drawing) : null);
  }

  #picker(kind, accept) {
    const input = h("input", { type: "file", multiple: true, accept, class: "picker", tabindex: "-1", "data-kind": kind });
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = "";
      if (files.length) this.hooks.pick(kind, files);
    });
    return input;
  }
}
