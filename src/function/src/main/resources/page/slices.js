// Slices of the image on the screen, fetched when they are looked at, kept while there is room, and a few ahead.

import { getSlice } from './api.js';

const ROOM_BYTES = 192 * 2 ** 20;
const AHEAD = 6;
const AT_ONCE = 4;

export class Slices {
  #kept = new Map(); // z -> ImageBitmap, the latest used last
  #coming = new Map(); // z -> AbortController
  #wanted = 0;
  #direction = 1;
  #onChange;
  #onFailure;
  /** Whether the last one that was asked for could not be had. */
  failed = false;

  constructor(image, window, onChange, onFailure) {
    Object.assign(this, { image, window });
    this.#onChange = onChange;
    this.#onFailure = onFailure;
  }

  /** @returns {?ImageBitmap} slice z, or null while it is on its way */
  want(z) {
    if (z !== this.#wanted) {
      this.#direction = Math.sign(z - this.#wanted);
      this.failed = false; // perhaps the server answers again
    }
    this.#wanted = z;
    this.#fetch();
    const bitmap = this.#kept.get(z) ?? null;
    if (bitmap) {
      this.#kept.delete(z);
      this.#kept.set(z, bitmap);
    }
    return bitmap;
  }

  close() {
    for (const controller of this.#coming.values()) controller.abort();
    for (const bitmap of this.#kept.values()) bitmap.close();
    this.#kept.clear();
    this.#coming.clear();
    this.closed = true;
  }

  #fetch() {
    if (this.closed || this.failed) return;
    const next = this.#order();
    // What nobody looks at any more makes way.
    for (const [z, controller] of this.#coming) if (!next.includes(z)) controller.abort();
    for (const z of next) {
      if (this.#coming.size >= AT_ONCE) return;
      if (!this.#kept.has(z) && !this.#coming.has(z)) this.#load(z);
    }
  }

  #order() {
    const order = [this.#wanted];
    for (let i = 1; i <= AHEAD; i++) order.push(this.#wanted + i * this.#direction);
    order.push(this.#wanted - this.#direction, this.#wanted - 2 * this.#direction);
    return order.filter((z) => z >= 0 && z < this.image.depth);
  }

  async #load(z) {
    const controller = new AbortController();
    this.#coming.set(z, controller);
    try {
      const bitmap = await getSlice(this.image.id, z, this.window, controller.signal);
      if (this.closed) {
        bitmap.close();
        return;
      }
      this.#kept.set(z, bitmap);
      this.#makeRoom();
      if (z === this.#wanted) this.#onChange();
    } catch (failure) {
      if (failure.name === 'AbortError' || this.closed || this.failed) return;
      this.failed = true; // one message, not one for each slice
      this.#onFailure(failure);
    } finally {
      this.#coming.delete(z);
    }
    this.#fetch();
  }

  #makeRoom() {
    const bytes = this.image.width * this.image.height * 4;
    const most = Math.max(2 * AHEAD, Math.floor(ROOM_BYTES / bytes));
    for (const [z, bitmap] of this.#kept) {
      if (this.#kept.size <= most) return;
      if (z === this.#wanted) continue;
      bitmap.close();
      this.#kept.delete(z);
    }
  }
}
