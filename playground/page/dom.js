// Building elements. Text only ever goes in as text, so a name with HTML in it stays a name.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (`on` holds listeners, `false` and `null` leave one out) and children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

const PATHS = {
  attach: "M20 11.5 12.4 19a5 5 0 0 1-7-7l8-8a3.4 3.4 0 0 1 4.8 4.8l-8 8a1.7 1.7 0 0 1-2.4-2.4l7.2-7.2",
  check: "m5 12.5 4.5 4.5L19 7.5",
  clock: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  close: "M6 6l12 12M18 6 6 18",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20a7.5 7.5 0 0 1 15 0",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  dark: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5",
  down: "M12 5v14M6 13l6 6 6-6",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  group: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14a6.5 6.5 0 0 1 3.5 6",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8",
  light: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
  link: "M8 16 16 8M9 8h7v7",
  location: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  menu: "M4 7h16M4 12h16M4 17h16",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  person_add: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M2.5 20a7.5 7.5 0 0 1 13-5M19 14v6M16 17h6",
  photo: "M4 5h16v14H4zM4 16l4.5-5 4 4.5 2.5-2.5 5 5M15.5 9.5h.01",
  poll: "M5 20v-9M12 20V4M19 20v-6",
  reply: "M10 7 5 12l5 5M5 12h8a6 6 0 0 1 6 6",
  send: "M5 12 4 4l17 8-17 8zM5 12h8",
  share: "M12 15V4M8 8l4-4 4 4M5 13v7h14v-7",
  sticker: "M12 3a9 9 0 1 0 9 9c-5 0-9-4-9-9M9 10h.01M9 15c1.5 1.3 3 1.5 4.5 1",
  system: "M3 5h18v12H3zM9 21h6M12 17v4",
  voice: "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4M6 11.5a6 6 0 0 0 12 0M12 17.5V21",
};

/** A line drawing that says nothing to a screen reader; the control around it carries the label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A round picture with initials, coloured by id so that the same person always looks the same. */
export function avatar(name, id, { group = false } = {}) {
  const initials = [...name.trim()].slice(0, 1).join("").toUpperCase() || "?";
  const tint = Math.abs(Number(id) || 0) % 7;
  return h("span", { class: `avatar tint-${tint}`, "aria-hidden": "true" }, group ? icon("group") : initials);
}

/** First and last name as Telegram shows them. */
export function fullName(user) {
  return [user.first_name, user.last_name].filter(Boolean).join(" ");
}

/** A size in bytes as people read it. */
export function readableSize(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
