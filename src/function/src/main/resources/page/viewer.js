// Paints what is on the desk: the slice, masks, outlines, boxes.

import { covers, handles } from './box.js';

const LATE_MILLIS = 150;
const DIM = 0.25;
const SMOOTH_BELOW = 6; // screen pixels per image pixel: above, one wants to see the pixels

export class Viewer {
  #canvas;
  #desk;
  #slices = null;
  #bitmap = null;
  #asked = false;
  #waitsSince = 0;
  #onComing;

  /** @param {(slice: ?number, failed: boolean) => void} onComing hears which slice lets itself be waited for, or did not come; null if none */
  constructor(canvas, desk, onComing = () => {}) {
    this.#canvas = canvas;
    this.#desk = desk;
    this.#onComing = onComing;
    new ResizeObserver(() => this.#resize()).observe(canvas);
    desk.addEventListener('change', () => this.paint());
  }

  /** @param {?import('./slices.js').Slices} slices shown from now on; the last picture stays until the first of them is there */
  show(slices, keepLast = false) {
    this.#slices?.close();
    this.#slices = slices;
    if (!keepLast) this.#bitmap = null;
    this.paint();
  }

  /** At the next frame. */
  paint() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      if (this.#desk.image) this.#paint();
    });
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas;
    if (clientWidth === 0) return;
    const ratio = window.devicePixelRatio || 1;
    this.#canvas.width = Math.round(clientWidth * ratio);
    this.#canvas.height = Math.round(clientHeight * ratio);
    this.#desk.view.resize(clientWidth, clientHeight);
    this.#desk.changed();
  }

  #paint() {
    const { view, display, labels, z, draft } = this.#desk;
    const context = this.#canvas.getContext('2d');
    const ratio = this.#canvas.width / view.screen.width;
    const matrix = new DOMMatrix().scale(ratio).multiply(view.matrix());
    context.resetTransform();
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#paintSlice(context, matrix, z);
    if (display.hidden) return;
    for (const label of labels.all) {
      if (!label.hidden) this.#paintMask(context, matrix, label, z, ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const label of labels.all) {
      if (display.boxes && !label.hidden && label.id !== draft?.label && covers(label.box, z)) this.#paintBox(context, label.box, label.colour, 1, []);
    }
    if (draft && covers(draft.box, z)) this.#paintDraft(context, draft);
  }

  #paintSlice(context, matrix, z) {
    const bitmap = this.#slices?.want(z);
    const waiting = !bitmap;
    if (bitmap) this.#bitmap = { bitmap, z, of: this.#slices };
    const shown = this.#bitmap?.bitmap;
    this.#canvas.dataset.slice = waiting ? '' : String(z);
    const late = this.#isLate(waiting);
    this.#onComing(late ? z : null, Boolean(this.#slices?.failed));
    if (!shown || shown.width === 0) return; // closed meanwhile
    context.setTransform(matrix);
    // What is seen is another slice than the one that masks and boxes are of.
    context.globalAlpha = late && this.#bitmap.z !== z ? DIM : 1;
    context.imageSmoothingEnabled = Math.abs(this.#desk.view.scale[0]) < SMOOTH_BELOW;
    context.imageSmoothingQuality = 'high';
    context.drawImage(shown, 0, 0, this.#desk.image.width, this.#desk.image.height);
    context.globalAlpha = 1;
  }

  /** Whether the wanted slice lets itself be waited for so long that one would take the last one for it. */
  #isLate(waiting) {
    if (!waiting) {
      this.#waitsSince = 0;
      return false;
    }
    const now = performance.now();
    if (this.#waitsSince === 0) {
      this.#waitsSince = now;
      setTimeout(() => this.paint(), LATE_MILLIS + 10);
    }
    return now - this.#waitsSince > LATE_MILLIS;
  }

  #paintMask(context, matrix, label, z, ratio) {
    const { display } = this.#desk;
    const picture = label.mask.picture(z, label.colour);
    if (!picture) return;
    context.setTransform(matrix);
    context.imageSmoothingEnabled = false;
    context.globalAlpha = display.opacity;
    context.drawImage(picture, label.mask.x0, label.mask.y0);
    context.globalAlpha = 1;
    if (!display.outline) return;
    const path = new Path2D();
    path.addPath(label.mask.outline(z), matrix);
    context.resetTransform();
    context.lineWidth = 1.5 * ratio;
    context.strokeStyle = label.colour;
    context.stroke(path);
  }

  #paintDraft(context, draft) {
    const label = this.#desk.labels.find(draft.label);
    this.#paintBox(context, draft.box, '#000000', 4, []);
    this.#paintBox(context, draft.box, label?.colour ?? '#ffffff', 2, this.#desk.isUnsegmented ? [6, 4] : []);
    for (const { x, y } of handles(draft.box)) {
      const [sx, sy] = this.#desk.view.toScreen(x, y);
      context.fillStyle = '#ffffff';
      context.strokeStyle = '#000000';
      context.lineWidth = 1;
      context.beginPath();
      context.rect(Math.round(sx) - 3.5, Math.round(sy) - 3.5, 7, 7);
      context.fill();
      context.stroke();
    }
  }

  #paintBox(context, box, colour, width, dash) {
    const [ax, ay] = this.#desk.view.toScreen(box[0], box[1]);
    const [bx, by] = this.#desk.view.toScreen(box[3] + 1, box[4] + 1);
    context.setLineDash(dash);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.strokeRect(Math.min(ax, bx), Math.min(ay, by), Math.abs(bx - ax), Math.abs(by - ay));
    context.setLineDash([]);
  }
}
