// On a phone the list of people is a drawer over the chat.

import { icon } from "./dom.js";

const narrow = matchMedia("(max-width: 760px)");

export class Drawer {
  constructor() {
    [this.sidebar, this.scrim, this.chat, this.opener, this.closer] = ["sidebar", "scrim", "chat", "drawer-open", "drawer-close"].map((id) => document.getElementById(id));
    this.opener.append(icon("menu"));
    this.closer.append(icon("close"));
    this.opener.addEventListener("click", () => this.set(true));
    this.closer.addEventListener("click", () => this.set(false));
    this.scrim.addEventListener("click", () => this.set(false));
    this.sidebar.addEventListener("keydown", (event) => event.key === "Escape" && narrow.matches && this.set(false));
    narrow.addEventListener("change", () => this.set(false, { focus: false }));
    this.set(false, { focus: false });
  }

  speak(t) {
    this.opener.setAttribute("aria-label", t("openPeople"));
    this.closer.setAttribute("aria-label", t("closePeople"));
  }

  /** Open or close; whatever is covered can't be reached by keyboard either. */
  set(open, { focus = true } = {}) {
    const over = narrow.matches;
    this.sidebar.classList.toggle("open", open && over);
    this.scrim.hidden = !(open && over);
    this.sidebar.inert = over && !open;
    this.chat.inert = over && open;
    this.opener.setAttribute("aria-expanded", String(open && over));
    if (!focus || !over) return;
    if (open) (this.sidebar.querySelector('[aria-current="true"]') ?? this.closer).focus();
    else this.opener.focus();
  }
}
