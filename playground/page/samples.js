// Things to send when one has none at hand: a voice note, a sticker, a place. All made here, none of them anybody's.

/** A second of a soft rising tone, as a WAV file. */
export function voiceNote() {
  const rate = 8000;
  const view = new DataView(new ArrayBuffer(44 + rate * 2));
  const write = (at, text) => [...text].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
  write(0, "RIFF");
  view.setUint32(4, 36 + rate * 2, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  write(36, "data");
  view.setUint32(40, rate * 2, true);
  for (let at = 0; at < rate; at += 1) {
    const seconds = at / rate;
    const loudness = Math.sin(Math.PI * seconds) * 6000;
    view.setInt16(44 + at * 2, Math.sin(2 * Math.PI * (330 + 110 * seconds) * seconds) * loudness, true);
  }
  return new Blob([view], { type: "audio/wav" });
}

/** A smiling sun. */
export function sticker() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 256;
  const draw = canvas.getContext("2d");
  draw.translate(128, 128);
  draw.fillStyle = "#f4b63f";
  for (let ray = 0; ray < 12; ray += 1) {
    draw.rotate(Math.PI / 6);
    draw.beginPath();
    draw.roundRect(-9, -122, 18, 50, 9);
    draw.fill();
  }
  disc(draw, 0, 0, 78, "#ffd25e");
  disc(draw, -26, -14, 8, "#5a3b12");
  disc(draw, 26, -14, 8, "#5a3b12");
  draw.strokeStyle = "#5a3b12";
  draw.lineWidth = 7;
  draw.lineCap = "round";
  draw.beginPath();
  draw.arc(0, 4, 34, 0.15 * Math.PI, 0.85 * Math.PI);
  draw.stroke();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/webp"));
}

function disc(draw, x, y, radius, colour) {
  draw.fillStyle = colour;
  draw.beginPath();
  draw.arc(x, y, radius, 0, 2 * Math.PI);
  draw.fill();
}

/** Something to vote on, in the language of whoever asks. */
export const poll = (t) => ({ question: t("pollQuestion"), options: [t("pollFirst"), t("pollSecond"), t("pollThird")] });

export const place = { latitude: 22.2938, longitude: 114.1704 };

/** A made-up Hong Kong number that stays the same for a person. */
export const phoneOf = (person) => `+852 5550 ${String(person.id % 10000).padStart(4, "0")}`;
