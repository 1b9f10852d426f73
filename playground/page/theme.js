// Light, dark, or as the system has it; the choice stays in the browser.

import { icon } from "./dom.js";

const ORDER = ["auto", "light", "dark"];
const KEY = "playground-theme";
const DRAWINGS = { auto: "system", light: "light", dark: "dark" };

function current() {
  const kept = localStorage.getItem(KEY);
  return ORDER.includes(kept) ? kept : "auto";
}

/** Make `button` go round the three; returns a function that words it anew. */
export function themeSwitch(button) {
  let speak = null;
  const draw = () => {
    const theme = current();
    document.documentElement.dataset.theme = theme;
    button.replaceChildren(icon(DRAWINGS[theme]));
    if (speak) button.setAttribute("aria-label", `${speak("theme")}: ${speak(theme)}`);
    button.title = button.getAttribute("aria-label") ?? "";
  };
  button.addEventListener("click", () => {
    localStorage.setItem(KEY, ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length]);
    draw();
  });
  draw();
  return (t) => {
    speak = t;
    draw();
  };
}
