// A small pop-up menu beside the button that opens it, by mouse or by arrow keys.

import { h, icon } from "./dom.js";

let current = null;

/** Open a menu of {icon, label, run}; Esc, Tab or a tap elsewhere closes it and gives the focus back. */
export function openMenu(anchor, label, items) {
  current?.close();
  const buttons = items.map((item) =>
    h("button", { type: "button", role: "menuitem", tabindex: "-1", on: { click: () => choose(item) } }, icon(item.icon), h("span", {}, item.label)),
  );
  const menu = h("div", { class: "menu", role: "menu", "aria-label": label }, buttons);

  function close({ focus = false } = {}) {
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    current = null;
    if (focus) anchor.focus();
  }
  function choose(item) {
    close({ focus: true });
    item.run();
  }
  function outside(event) {
    if (!menu.contains(event.target)) close();
  }
  menu.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) buttons.at(to % buttons.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") close({ focus: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  document.body.append(menu);
  place(menu, anchor.getBoundingClientRect());
  anchor.setAttribute("aria-expanded", "true");
  document.addEventListener("pointerdown", outside, true);
  current = { close };
  buttons[0].focus();
}

function place(menu, around) {
  const { width, height } = menu.getBoundingClientRect();
  const below = around.bottom + height + 8 < innerHeight;
  menu.style.top = `${Math.max(8, below ? around.bottom + 4 : around.top - height - 4)}px`;
  menu.style.left = `${Math.max(8, Math.min(around.left, innerWidth - width - 8))}px`;
}
