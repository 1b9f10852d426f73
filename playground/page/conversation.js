// What is known of one chat, kept in step with the server by sequence number.

import * as api from "./api.js";

export class Conversation {
  constructor(chat) {
    this.chat = chat;
    this.forget();
    this.running = null;
    this.again = false;
  }

  forget() {
    this.seq = 0;
    this.byId = new Map();
    this.commands = [];
    this.typing = false;
    this.keyboard = null;
    this.topics = [];
  }

  /** Messages, oldest first. */
  get messages() {
    return [...this.byId.values()].sort((one, other) => one.message_id - other.message_id);
  }

  /** Ask for what is new. Asking while an answer is under way asks once more after it, never twice at a time. */
  sync() {
    this.again = true;
    this.running ??= this.#run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async #run() {
    while (this.again) {
      this.again = false;
      const state = await api.messages(this.chat.id, this.seq);
      if (state.seq < this.seq) {
        // The server began anew: what is known here belongs to its former life.
        this.forget();
        this.again = true;
        continue;
      }
      for (const message of state.messages) this.byId.set(message.message_id, message);
      for (const id of state.deleted ?? []) this.byId.delete(id);
      this.seq = state.seq;
      this.commands = state.commands ?? this.commands;
      this.typing = Boolean(state.typing);
      this.keyboard = state.keyboard ?? null;
      this.topics = state.topics ?? [];
    }
  }
}
