// One label's mask: the part of the image that holds it, a byte per pixel, and how each slice of it is painted.

export class Mask {
  #data;
  #pictures = new Map();
  #outlines = new Map();

  /** @param {Uint8Array} data all of the image, non-zero inside; what lies round the mask is let go */
  constructor(data, { width, height, depth }) {
    const [x0, y0, z0, x1, y1, z1, pixels] = extent(data, width, height, depth);
    Object.assign(this, { x0, y0, z0, pixels, width: x1 - x0 + 1, height: y1 - y0 + 1, depth: z1 - z0 + 1 });
    this.#data = new Uint8Array(this.width * this.height * this.depth);
    for (let z = 0, to = 0; z < this.depth; z++) {
      for (let y = 0; y < this.height; y++, to += this.width) {
        const from = ((z0 + z) * height + y0 + y) * width + x0;
        this.#data.set(data.subarray(from, from + this.width), to);
      }
    }
  }

  get isEmpty() {
    return this.pixels === 0;
  }

  /** Whether pixel (x, y) of slice z is inside. */
  at(x, y, z) {
    const [i, j, k] = [x - this.x0, y - this.y0, z - this.z0];
    if (i < 0 || j < 0 || k < 0 || i >= this.width || j >= this.height || k >= this.depth) return false;
    return this.#data[(k * this.height + j) * this.width + i] !== 0;
  }

  /** @returns {?OffscreenCanvas} the mask's part of slice z in one colour, to be painted at (x0, y0) */
  picture(z, colour) {
    if (this.isEmpty || z < this.z0 || z >= this.z0 + this.depth) return null;
    const key = `${z} ${colour}`;
    if (!this.#pictures.has(key)) {
      if (this.#pictures.size > 64) this.#pictures.clear();
      this.#pictures.set(key, this.#paint(z - this.z0, colour));
    }
    return this.#pictures.get(key);
  }

  #paint(slice, colour) {
    const canvas = new OffscreenCanvas(this.width, this.height);
    const context = canvas.getContext('2d');
    const image = context.createImageData(this.width, this.height);
    const pixels = new Uint32Array(image.data.buffer);
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    const ink = (255 << 24) | (b << 16) | (g << 8) | r;
    const from = slice * this.width * this.height;
    for (let i = 0; i < pixels.length; i++) if (this.#data[from + i]) pixels[i] = ink;
    context.putImageData(image, 0, 0);
    return canvas;
  }

  /** @returns {?Path2D} along the edges of the slice's pixels, in the image's coordinates */
  outline(z) {
    if (this.isEmpty || z < this.z0 || z >= this.z0 + this.depth) return null;
    if (!this.#outlines.has(z)) {
      if (this.#outlines.size > 256) this.#outlines.clear();
      this.#outlines.set(z, this.#trace(z));
    }
    return this.#outlines.get(z);
  }

  #trace(z) {
    const path = new Path2D();
    const segment = (ax, ay, bx, by) => {
      path.moveTo(ax, ay);
      path.lineTo(bx, by);
    };
    const { x0, y0 } = this;
    // Edges that go on are one segment: for each line between rows, then between columns, runs where the two sides differ.
    for (let y = y0; y <= y0 + this.height; y++) {
      for (let x = x0, from = -1; x <= x0 + this.width; x++) {
        const edge = this.at(x, y, z) !== this.at(x, y - 1, z);
        if (edge && from < 0) from = x;
        if (!edge && from >= 0) {
          segment(from, y, x, y);
          from = -1;
        }
      }
    }
    for (let x = x0; x <= x0 + this.width; x++) {
      for (let y = y0, from = -1; y <= y0 + this.height; y++) {
        const edge = this.at(x, y, z) !== this.at(x - 1, y, z);
        if (edge && from < 0) from = y;
        if (!edge && from >= 0) {
          segment(x, from, x, y);
          from = -1;
        }
      }
    }
    return path;
  }
}

function extent(data, width, height, depth) {
  const most = [width, height, depth, -1, -1, -1, 0];
  for (let z = 0, i = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        if (!data[i]) continue;
        if (x < most[0]) most[0] = x;
        if (y < most[1]) most[1] = y;
        if (z < most[2]) most[2] = z;
        if (x > most[3]) most[3] = x;
        if (y > most[4]) most[4] = y;
        most[5] = z;
        most[6]++;
      }
    }
  }
  return most[6] === 0 ? [0, 0, 0, -1, -1, -1, 0] : most;
}
