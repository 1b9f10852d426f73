// The playground's clock: it shows the time there and moves it forward.

import * as api from "./api.js";
import { toast } from "./dialogs.js";
import { h, icon } from "./dom.js";
import { dateFace, timeOfDay } from "./times.js";

export class Clock {
  /** `run(work)` reports a failure; `moved()` hears of every move. */
  constructor(place, run, moved) {
    this.place = place;
    this.run = run;
    this.moved = moved;
    this.ahead = 0;
    setInterval(() => this.#tick(), 1000);
  }

  /** The instant in the playground, in milliseconds. */
  now = () => Date.now() + this.ahead;

  async refresh() {
    this.#set(await api.clock());
  }

  speak(t) {
    this.t = t;
    this.face = h("time", { class: "clock-face" }, h("span"), h("span"));
    this.place.setAttribute("aria-label", t("clock"));
    this.place.replaceChildren(
      h("span", { class: "clock-now", title: t("clock") }, icon("clock"), this.face),
      this.#key("hour", "hourLong", { seconds: 3600 }),
      this.#key("day", "dayLong", { seconds: 86400 }),
      this.#key("next", "nextLong", { to: "next" }),
    );
    this.#tick();
  }

  #key(word, long, move) {
    const click = () => this.run(() => this.#move(move));
    return h("button", { type: "button", class: "clock-key", title: this.t(long), "aria-label": `${this.t(word)} — ${this.t(long)}`, on: { click } }, this.t(word));
  }

  async #move(move) {
    try {
      this.#set(await api.moveClock(move));
    } catch (error) {
      if (!(move.to && error instanceof api.Refused)) throw error;
      toast(this.t("nothingDue"));
      return;
    }
    toast(this.#words().join(" "));
    this.moved();
  }

  #set({ now }) {
    this.ahead = Date.parse(now) - Date.now();
    this.#tick();
  }

  #tick() {
    if (!this.face) return;
    for (const [at, words] of this.#words().entries()) {
      const part = this.face.children[at];
      if (part.textContent !== words) part.textContent = words;
    }
    this.face.dateTime = new Date(this.now()).toISOString();
  }

  #words() {
    return [dateFace(this.t.tag, this.now()), timeOfDay(this.t.tag, this.now())];
  }
}
