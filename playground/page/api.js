// What the page asks of the playground's server.

/** The server said no; `message` is its reason. */
export class Refused extends Error {}

async function call(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Refused(await reason(response));
  return response.json();
}

async function reason(response) {
  const text = await response.text();
  try {
    return JSON.parse(text).error;
  } catch {
    return text.slice(0, 300) || String(response.status);
  }
}

const get = (path) => call(path, { cache: "no-store" });

const post = (path, body) =>
  call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const people = () => get("/api/people");
export const addPerson = (person) => post("/api/people", person);
export const chats = (person) => get(`/api/chats?person=${person}`);
export const messages = (chat, after) => get(`/api/chats/${chat}/messages?after=${after}`);
export const send = (message) => post("/api/send", message);
export const sendLocation = (message) => post("/api/send_location", message);
export const sendPoll = (message) => post("/api/send_poll", message);
export const sendContact = (message) => post("/api/send_contact", message);
export const edit = (message) => post("/api/edit", message);
export const press = (button) => post("/api/press", button);
export const answer = (query) => get(`/api/answers/${encodeURIComponent(query)}`);
export const clock = () => get("/api/clock");
export const moveClock = (move) => post("/api/clock", move);
export const fileAddress = (file) => `/api/file/${encodeURIComponent(file)}`;

/** Send a file; `fields` holds person, chat, kind, and a caption where there is one. */
export function sendFile(fields, blob, name) {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && value !== null && value !== "") form.append(key, value);
  }
  form.append("file", blob, name);
  return call("/api/send_file", { method: "POST", body: form });
}

/** Follow what happens to a person until the returned function is called; `onOpen` and `onLost` hear of the connection. */
export function follow(person, onEvent, onOpen, onLost) {
  const source = new EventSource(`/api/events?person=${person}`);
  let retry = null;
  let stop = null;
  source.onopen = onOpen;
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onerror = () => {
    onLost();
    // The browser retries a dropped connection by itself, but gives up for good after an HTTP error.
    if (source.readyState === EventSource.CLOSED && retry === null) {
      retry = setTimeout(() => {
        stop = follow(person, onEvent, onOpen, onLost);
      }, 2000);
    }
  };
  return () => {
    clearTimeout(retry);
    source.close();
    stop?.();
  };
}
