// The list of messages: days between, one element each, redrawn only where changed, and never jumping under a reader.

import { h, icon } from "./dom.js";
import { renderMessage } from "./message.js";
import { dayKey, dayWords } from "./times.js";

const NEAR = 60;
const RUN = 5 * 60;

export class Log {
  /** `element` scrolls; `down` is the button back to the newest. */
  constructor(element, down) {
    this.element = element;
    this.down = down;
    this.words = null;
    this.atBottom = true;
    this.clear();
    element.addEventListener("scroll", () => this.#noticeScroll(), { passive: true });
    down.append(icon("down"));
    down.addEventListener("click", () => this.toBottom());
    // Pictures that load, a keyboard that opens: whoever reads the newest goes on reading the newest.
    const keep = new ResizeObserver(() => this.atBottom && this.toBottom());
    keep.observe(element);
    this.keep = keep;
  }

  /** Forget everything, for another person or chat. */
  clear() {
    this.drawn = new Map();
    this.days = new Map();
    this.below = 0;
    this.top = 0;
    this.atBottom = true;
    this.element.replaceChildren();
  }

  /** Show these messages. `view` and `actions` go to each; `redraw` holds ids to draw anew though unchanged. */
  show(messages, view, actions, { redraw = new Set() } = {}) {
    const first = this.drawn.size === 0;
    const focus = this.#focused();
    // A whole chat that appears at once isn't news to be read out.
    this.element.setAttribute("aria-busy", String(first));
    const wanted = [];
    let before = null;
    for (const message of messages) {
      const day = dayKey(message.date * 1000);
      if (!before || dayKey(before.date * 1000) !== day) wanted.push(this.#day(day, message.date * 1000, view));
      const node = this.#message(message, view, actions, redraw, first);
      const joined = before && before.from?.id === message.from?.id && message.date - before.date < RUN && dayKey(before.date * 1000) === day;
      node.classList.toggle("joined", Boolean(joined));
      wanted.push(node);
      before = message;
    }
    this.#arrange(wanted);
    for (const id of this.drawn.keys()) if (!messages.some((message) => message.message_id === id)) this.drawn.delete(id);
    this.element.setAttribute("aria-busy", "false");
    this.#refocus(focus);
    if (this.atBottom) this.toBottom();
    this.#label(view.t);
  }

  toBottom() {
    this.atBottom = true;
    this.below = 0;
    this.element.scrollTop = this.element.scrollHeight;
    this.#label();
  }

  /** Bring a message into sight and mark it for a moment. */
  find(id) {
    const node = this.drawn.get(id)?.node;
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.classList.remove("found");
    requestAnimationFrame(() => node.classList.add("found"));
  }

  #message(message, view, actions, redraw, first) {
    const known = this.drawn.get(message.message_id);
    if (known && known.seq === message.seq && !redraw.has(message.message_id)) return known.node;
    const node = renderMessage(message, view, actions);
    if (!known && !first) {
      node.classList.add("new");
      if (!this.atBottom) this.below += 1;
    }
    this.drawn.set(message.message_id, { seq: message.seq, node });
    this.keep.observe(node);
    return node;
  }

  #day(key, instant, view) {
    const words = dayWords(view.t, instant, view.now());
    const node = this.days.get(key) ?? h("div", { class: "day" }, h("span"));
    if (node.textContent !== words) node.firstChild.textContent = words;
    this.days.set(key, node);
    return node;
  }

  #arrange(wanted) {
    const keep = new Set(wanted);
    for (const child of [...this.element.children]) if (!keep.has(child)) this.#remove(child, wanted);
    let at = this.element.firstElementChild;
    for (const node of wanted) {
      if (node === at) at = at.nextElementSibling;
      else this.element.insertBefore(node, at);
    }
  }

  #remove(child, wanted) {
    this.keep.unobserve(child);
    const successor = child.dataset.id && wanted.find((node) => node.dataset.id === child.dataset.id);
    // Replaced in place, so that the scroll position has its anchor through the change.
    if (successor && !successor.isConnected) child.replaceWith(successor);
    else child.remove();
  }

  #focused() {
    const node = document.activeElement?.closest?.(".message");
    if (!node || !this.element.contains(node)) return null;
    return { id: Number(node.dataset.id), at: [...node.querySelectorAll("button, a")].indexOf(document.activeElement) };
  }

  #refocus(focus) {
    if (!focus || document.activeElement?.closest?.(".message")) return;
    const controls = this.drawn.get(focus.id)?.node.querySelectorAll("button, a");
    if (controls?.length) controls[Math.max(0, Math.min(focus.at, controls.length - 1))].focus({ preventScroll: true });
    else document.querySelector("#write")?.focus();
  }

  #noticeScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    // Only going up leaves the bottom: a picture that grows below hasn't moved the reader.
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.atBottom = true;
    else if (scrollTop < this.top) this.atBottom = false;
    this.top = scrollTop;
    if (this.atBottom) this.below = 0;
    this.#label();
  }

  #label(t = this.words) {
    this.words = t;
    this.down.hidden = this.atBottom;
    if (t) this.down.setAttribute("aria-label", this.below ? t("newestCount", { n: this.below }) : t("newest"));
    this.down.dataset.count = this.below || "";
  }
}
