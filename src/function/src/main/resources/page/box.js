// Boxes as the service takes them: [x0, y0, z0, x1, y1, z1], pixel indices from 0, both ends inside. A picture's z is 0.

const SIDES = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];

/** @param {{width: number, height: number, depth: number}} size the result lies within it, its ends in order */
export function tidy(box, size) {
  const most = [size.width - 1, size.height - 1, size.depth - 1];
  const clamped = box.map((value, i) => Math.min(Math.max(Math.round(value), 0), most[i % 3]));
  return [0, 1, 2, 3, 4, 5].map((i) =>
    i < 3 ? Math.min(clamped[i], clamped[i + 3]) : Math.max(clamped[i], clamped[i - 3]));
}

/** Moves it, keeping its size, as far as the image goes. */
export function move(box, dx, dy, size) {
  const x = Math.min(Math.max(dx, -box[0]), size.width - 1 - box[3]);
  const y = Math.min(Math.max(dy, -box[1]), size.height - 1 - box[4]);
  return [box[0] + x, box[1] + y, box[2], box[3] + x, box[4] + y, box[5]];
}

/** Moves the edge that is right (or lower) on the screen by dx (or dy) screen-wise; it stops at the opposite one. */
export function grow(box, dx, dy, size, { mirrorX, mirrorY }) {
  const grown = [...box];
  if (mirrorX) grown[0] = Math.min(box[0] - dx, box[3]);
  else grown[3] = Math.max(box[3] + dx, box[0]);
  if (mirrorY) grown[1] = Math.min(box[1] - dy, box[4]);
  else grown[4] = Math.max(box[4] + dy, box[1]);
  return tidy(grown, size);
}

/** Drags one side or corner ('n', 'se', ...) to (x, y); it may cross the opposite one. */
export function drag(box, side, x, y) {
  const dragged = [...box];
  if (side.includes('w')) dragged[0] = x;
  if (side.includes('e')) dragged[3] = x;
  if (side.includes('n')) dragged[1] = y;
  if (side.includes('s')) dragged[4] = y;
  return dragged;
}

/** A box in the middle of what is seen, a third of it. @param {{x0, y0, x1, y1}} seen in pixels */
export function middle(seen, z, size) {
  const third = (a, b) => [a + (b - a) / 3, b - (b - a) / 3];
  const [x0, x1] = third(Math.max(0, seen.x0), Math.min(size.width, seen.x1));
  const [y0, y1] = third(Math.max(0, seen.y0), Math.min(size.height, seen.y1));
  return around(tidy([x0, y0, z, x1, y1, z], size), z, size);
}

/** The z range a new box starts with: a tenth of the volume on either side of the slice it was drawn on. */
export function around(box, z, size) {
  const reach = Math.min(Math.round(size.depth / 10), z, size.depth - 1 - z);
  return [box[0], box[1], z - reach, box[3], box[4], z + reach];
}

/** @returns {Array<{side: string, x: number, y: number}>} where its handles are, in pixels; an end pixel is inside */
export function handles(box) {
  const xs = { w: box[0], e: box[3] + 1 };
  const ys = { n: box[1], s: box[4] + 1 };
  return SIDES.map((side) => ({
    side,
    x: side.includes('w') ? xs.w : side.includes('e') ? xs.e : (xs.w + xs.e) / 2,
    y: side.includes('n') ? ys.n : side.includes('s') ? ys.s : (ys.n + ys.s) / 2,
  }));
}

export const covers = (box, z) => z >= box[2] && z <= box[5];

export const same = (a, b) => a.every((value, i) => value === b[i]);

/** As the service takes it: 4 numbers for a picture, 6 for a volume. */
export const forService = (box, kind) => (kind === 'volume' ? box : [box[0], box[1], box[3], box[4]]);

/** And back. */
export const fromService = (box) =>
  box.length === 6 ? box.map(Math.round) : [box[0], box[1], 0, box[2], box[3], 0].map(Math.round);

/** In words: "x 25 to 65, y 34 to 66, slices 3 to 15". */
export function inWords(box, kind) {
  const slices = kind === 'volume' ? `, slices ${box[2]} to ${box[5]}` : '';
  return `x ${box[0]} to ${box[3]}, y ${box[1]} to ${box[4]}${slices}`;
}
