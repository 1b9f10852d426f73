// Instants as the reader sees them: in Hong Kong, wherever the browser is.

const ZONE = "Asia/Hong_Kong";
const styles = new Map();

function format(tag, options, instant) {
  const key = tag + JSON.stringify(options);
  if (!styles.has(key)) {
    styles.set(key, new Intl.DateTimeFormat(tag, { timeZone: ZONE, hourCycle: "h23", ...options }));
  }
  return styles.get(key).format(instant);
}

/** 15:04 */
export const timeOfDay = (tag, instant) => format(tag, { hour: "2-digit", minute: "2-digit" }, instant);

/** 2026-11-22, for telling one day from another. */
export const dayKey = (instant) => format("en-CA", { year: "numeric", month: "2-digit", day: "2-digit" }, instant);

/** The clock bar's date. */
export const dateFace = (tag, instant) => format(tag, { weekday: "short", day: "numeric", month: "short" }, instant);

/** A date and time in full, for a title. */
export const inFull = (tag, instant) => format(tag, { dateStyle: "full", timeStyle: "short" }, instant);

/** The words of a day separator, beside the playground's own today. */
export function dayWords(t, instant, now) {
  const key = dayKey(instant);
  if (key === dayKey(now)) return t("today");
  if (key === dayKey(now - 86_400_000)) return t("yesterday");
  const sameYear = key.slice(0, 4) === dayKey(now).slice(0, 4);
  return format(t.tag, { day: "numeric", month: "long", weekday: "long", ...(sameYear ? {} : { year: "numeric" }) }, instant);
}

/** A `date_time` entity's text by its format (`r`, or of w d D t T); null where the sender's own text stands. */
export function dateTimeWords(t, instant, style, now) {
  if (!style) return null;
  if (style === "r") return relative(t.tag, instant - now);
  const options = {};
  if (style.includes("w")) options.weekday = style.includes("D") ? "long" : "short";
  if (style.includes("d")) Object.assign(options, { day: "2-digit", month: "2-digit", year: "numeric" });
  if (style.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/t/i.test(style)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (style.includes("T")) options.second = "2-digit";
  return Object.keys(options).length ? format(t.tag, options, instant) : null;
}

function relative(tag, difference) {
  const steps = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000], ["second", 1000]];
  const [unit, length] = steps.find(([, size]) => Math.abs(difference) >= size) ?? steps.at(-1);
  return new Intl.RelativeTimeFormat(tag, { numeric: "auto" }).format(Math.round(difference / length), unit);
}
