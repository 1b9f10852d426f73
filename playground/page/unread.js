// Who else got something: the chats of the people one isn't looking at, asked every few seconds.

import * as api from "./api.js";

const PAUSE = 4000;

export class Unread {
  /** `state` as in main; `changed()` asks for the list to be drawn anew. */
  constructor(state, changed) {
    this.state = state;
    this.changed = changed;
    this.seen = new Map();
    this.timer = null;
  }

  start() {
    const again = async () => {
      if (!document.hidden) await this.look().catch(() => null);
      this.timer = setTimeout(again, PAUSE);
    };
    again();
  }

  /** What is open now counts as read. */
  read(person, chat, seq) {
    this.seen.set(chat.id, seq);
    this.state.unread.delete(`${person.id}:${chat.id}`);
    if (chat.id === person.id) this.state.unread.delete(String(person.id));
  }

  /** Something arrived for the chosen person in a chat that isn't open. */
  mark(person, chat) {
    this.state.unread.add(`${person.id}:${chat}`);
    if (chat === person.id) this.state.unread.add(String(person.id));
    this.changed();
  }

  async look() {
    const { people, person: current, chat: open, unread } = this.state;
    let marked = false;
    for (const person of people) {
      if (person.id === current?.id && open?.id === person.id) continue;
      const known = this.seen.get(person.id);
      const state = await api.messages(person.id, known ?? 0);
      this.seen.set(person.id, state.seq);
      const fresh = state.messages.some((message) => message.from?.is_bot && !message.edit_date);
      if (known === undefined || !fresh || this.state.chat?.id === person.id) continue;
      unread.add(String(person.id)).add(`${person.id}:${person.id}`);
      marked = true;
    }
    if (marked) this.changed();
  }
}
