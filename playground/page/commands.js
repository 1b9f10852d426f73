// The menu of commands over the message box: filters as one types, chosen by arrow keys or a tap.

import { h } from "./dom.js";

export class CommandMenu {
  /** `choose(name, {complete})` hears a choice; complete means into the box rather than sent. */
  constructor(input, choose) {
    this.input = input;
    this.choose = choose;
    this.list = h("ul", { class: "commands", id: "commands", role: "listbox", hidden: true });
    this.shown = [];
    this.at = -1;
    this.close();
  }

  get open() {
    return !this.list.hidden;
  }

  /** Show what fits the text so far, a `/` and a beginning; anything else closes. */
  filter(text, commands) {
    const beginning = /^\/(\w*)$/.exec(text)?.[1].toLowerCase();
    this.shown = beginning === undefined ? [] : commands.filter(({ command }) => command.startsWith(beginning));
    if (!this.shown.length) {
      this.close();
      return;
    }
    this.list.replaceChildren(...this.shown.map(({ command, description }, index) =>
      h(
        "li",
        { role: "option", id: `command-${index}`, on: { pointerdown: (event) => event.preventDefault(), click: () => this.#take(index) } },
        h("span", { class: "command-name" }, `/${command}`),
        h("bdi", { class: "command-words" }, description),
      ),
    ));
    this.list.hidden = false;
    this.#mark(0);
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.input.removeAttribute("aria-activedescendant");
  }

  /** Whether the key was for the menu. */
  hear(event) {
    if (!this.open || event.isComposing) return false;
    const { length } = this.shown;
    if (event.key === "ArrowDown") this.#mark((this.at + 1) % length);
    else if (event.key === "ArrowUp") this.#mark((this.at - 1 + length) % length);
    else if (event.key === "Enter" && !event.shiftKey) this.#take(this.at);
    else if (event.key === "Tab" && !event.shiftKey) this.#take(this.at, { complete: true });
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #take(index, how = {}) {
    const { command } = this.shown[index];
    this.close();
    this.choose(`/${command}`, how);
  }

  #mark(index) {
    this.at = index;
    for (const [each, item] of [...this.list.children].entries()) item.setAttribute("aria-selected", String(each === index));
    this.input.setAttribute("aria-activedescendant", `command-${index}`);
    this.list.children[index].scrollIntoView({ block: "nearest" });
  }
}
