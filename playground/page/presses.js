// Buttons pressed and not yet answered: they wait ten seconds, as Telegram's clients do.

import * as api from "./api.js";

const PATIENCE = 10_000;

export class Presses {
  /** `changed(message_id)` asks for a redraw; `answered(answer)` hears the bot's answer. */
  constructor(changed, answered) {
    this.changed = changed;
    this.answered = answered;
    this.pending = new Map();
    this.early = new Map();
  }

  waiting = (message, button) =>
    button.callback_data !== undefined &&
    [...this.pending.values()].some((press) => press.message_id === message.message_id && press.chat === message.chat?.id && press.data === button.callback_data);

  async press(person, chat, message, data) {
    const press = { message_id: message.message_id, chat: chat.id, data };
    const key = Symbol(data);
    this.pending.set(key, press);
    this.changed(message.message_id);
    try {
      const { callback_query_id: query } = await api.press({ person: person.id, chat: chat.id, message_id: message.message_id, data });
      press.query = query;
      press.key = key;
      if (this.early.has(query)) this.hear(this.early.get(query));
      else setTimeout(() => this.#tired(press), PATIENCE);
    } catch (error) {
      this.pending.delete(key);
      this.changed(message.message_id);
      throw error;
    }
  }

  /** An answer arrived; it may be quicker than the word that the press was taken. */
  hear(answer) {
    const press = [...this.pending.values()].find(({ query }) => query === answer.callback_query_id);
    if (!press) {
      this.early.set(answer.callback_query_id, answer);
      return;
    }
    this.early.delete(answer.callback_query_id);
    this.pending.delete(press.key);
    this.changed(press.message_id);
    this.answered(answer);
  }

  async #tired(press) {
    if (!this.pending.has(press.key)) return;
    // The stream may have been cut just then: ask once before giving up.
    const answer = await api.answer(press.query).catch(() => null);
    if (!this.pending.has(press.key)) return;
    if (answer) this.hear({ ...answer, callback_query_id: press.query });
    else {
      this.pending.delete(press.key);
      this.changed(press.message_id);
      this.answered(null);
    }
  }
}
