// Where pixels of the image lie on the screen: zoom, shift, mirror, and pixels that are not square. No painting here.

const MOST_ZOOM = 64;

export class View {
  #aspect = 1;
  #zoom = 1; // screen pixels per millimetre or image pixel along x
  #centre = [0, 0]; // of the screen, in image pixels
  #fitted = true;
  mirrorX = false;
  mirrorY = false;
  screen = { width: 1, height: 1 };

  /** @param {{width, height, spacing: ?number[], axes: ?string}} image shown as large as it fits, as radiologists are used to */
  show(image) {
    this.image = image;
    this.#aspect = image.spacing ? image.spacing[1] / image.spacing[0] : 1;
    if (!(this.#aspect > 0.05 && this.#aspect < 20)) this.#aspect = 1;
    // On the screen left is the patient's right, up is anterior or superior: axes that grow to R, A or S are turned round.
    const [x, y] = image.axes ?? '';
    this.mirrorX = 'RAS'.includes(x ?? '-');
    this.mirrorY = 'RAS'.includes(y ?? '-');
    this.fit();
  }

  /** @returns {{left: string, right: string, top: string, bottom: string}} directions of the patient, '' where unknown */
  edges() {
    const [x, y] = this.image?.axes ?? '';
    if (!x || !y) return { left: '', right: '', top: '', bottom: '' };
    const [right, bottom] = [this.mirrorX ? opposite(x) : x, this.mirrorY ? opposite(y) : y];
    return { left: opposite(right), right, top: opposite(bottom), bottom };
  }

  resize(width, height) {
    this.screen = { width, height };
    if (this.#fitted && this.image) this.fit();
  }

  fit() {
    const { width, height } = this.image;
    const margin = 0.94;
    this.#zoom = margin * Math.min(this.screen.width / width, this.screen.height / (height * this.#aspect));
    this.#centre = [width / 2, height / 2];
    this.#fitted = true;
  }

  /** Screen pixels per image pixel along x and y, negative where mirrored. */
  get scale() {
    return [this.#zoom * (this.mirrorX ? -1 : 1), this.#zoom * this.#aspect * (this.mirrorY ? -1 : 1)];
  }

  /** As canvases want it. */
  matrix() {
    const [sx, sy] = this.scale;
    const { width, height } = this.screen;
    return new DOMMatrix([sx, 0, 0, sy, width / 2 - sx * this.#centre[0], height / 2 - sy * this.#centre[1]]);
  }

  /** Screen position to image coordinates, in which pixel (0, 0) reaches from 0 to 1. */
  toImage(x, y) {
    const [sx, sy] = this.scale;
    return [(x - this.screen.width / 2) / sx + this.#centre[0], (y - this.screen.height / 2) / sy + this.#centre[1]];
  }

  toScreen(x, y) {
    const [sx, sy] = this.scale;
    return [(x - this.#centre[0]) * sx + this.screen.width / 2, (y - this.#centre[1]) * sy + this.screen.height / 2];
  }

  /** The part of the image that is seen; it may reach beyond it. */
  seen() {
    const [ax, ay] = this.toImage(0, 0);
    const [bx, by] = this.toImage(this.screen.width, this.screen.height);
    return { x0: Math.min(ax, bx), y0: Math.min(ay, by), x1: Math.max(ax, bx), y1: Math.max(ay, by) };
  }

  /** Zooms so that what is at (x, y) of the screen stays there. */
  zoomAt(factor, x = this.screen.width / 2, y = this.screen.height / 2) {
    const before = this.toImage(x, y);
    this.#zoom = Math.min(Math.max(this.#zoom * factor, 0.02), MOST_ZOOM);
    const after = this.toImage(x, y);
    this.#centre = this.#centre.map((c, i) => c + before[i] - after[i]);
    this.#fitted = false;
    this.#keepNear();
  }

  pan(dx, dy) {
    const [sx, sy] = this.scale;
    this.#centre = [this.#centre[0] - dx / sx, this.#centre[1] - dy / sy];
    this.#fitted = false;
    this.#keepNear();
  }

  /** The image can't be lost from sight. */
  #keepNear() {
    const most = [this.image.width, this.image.height];
    this.#centre = this.#centre.map((c, i) => Math.min(Math.max(c, 0), most[i]));
  }
}

function opposite(direction) {
  return { L: 'R', R: 'L', A: 'P', P: 'A', S: 'I', I: 'S' }[direction] ?? '';
}
