// What is on the desk: the image, where one looks, the box in hand, labels, and how things are to be done and shown.
// Knows neither the screen nor the service; tells 'change' when anything of it did.

import { around, covers, same, tidy } from './box.js';
import { Labels } from './labels.js';
import { View } from './view.js';

export class Desk extends EventTarget {
  image = null;
  z = 0;
  view = new View();
  labels = new Labels();
  /** The box in hand: of a label that is selected, or of none yet (0). @type {?{box: number[], label: number, base: ?number[]}} */
  draft = null;
  tool = 'box';
  display = { opacity: 0.4, outline: true, boxes: true, hidden: false };
  settings = { model: '', rules: '', window: 'auto' };
  #range = null;

  constructor() {
    super();
    this.labels.addEventListener('change', () => this.#followLabels());
  }

  /** @param {object} image as the service describes it, with its name */
  show(image) {
    this.image = image;
    this.settings.window = 'auto';
    this.draft = null;
    this.#range = null;
    this.z = Math.floor(image.depth / 2);
    this.view.show(image);
    this.labels.clear();
    this.changed();
  }

  get isVolume() {
    return this.image?.kind === 'volume';
  }

  showSlice(z) {
    const within = Math.min(Math.max(Math.round(z), 0), this.image.depth - 1);
    if (within === this.z) return;
    this.z = within;
    this.changed();
  }

  /** Takes a box in hand: a new one, or the one of a label that is to be corrected. */
  draw(box, label = 0) {
    const base = label ? this.labels.find(label).box : null;
    this.draft = { box: tidy(box, this.image), label, base };
    this.changed();
  }

  /** The slices that a box drawn on this slice goes through. */
  deepen(box) {
    const range = this.#range;
    if (range && range[0] <= this.z && this.z <= range[1]) return [box[0], box[1], range[0], box[3], box[4], range[1]];
    return around(box, this.z, this.image);
  }

  /** This slice is the first (or last) of the box in hand, or of the next one drawn. */
  setEnd(first) {
    const [from, to] = this.draft ? [this.draft.box[2], this.draft.box[5]] : (this.#range ?? [this.z, this.z]);
    this.#range = first ? [this.z, Math.max(this.z, to)] : [Math.min(this.z, from), this.z];
    if (this.draft) {
      const box = [...this.draft.box];
      [box[2], box[5]] = this.#range;
      this.draft = { ...this.draft, box };
    }
    this.changed();
  }

  /** @returns {?number[]} first and last slice that are set, of the box in hand or of the next one */
  get range() {
    return this.draft ? [this.draft.box[2], this.draft.box[5]] : this.#range;
  }

  discard() {
    this.draft = null;
    this.labels.select(0);
  }

  select(id) {
    const label = this.labels.find(id);
    this.draft = label ? { box: label.box, label: id, base: label.box } : null;
    if (label && !covers(label.box, this.z)) this.z = Math.round((label.box[2] + label.box[5]) / 2);
    this.labels.select(id);
  }

  /** Whether the box in hand has no mask yet. */
  get isUnsegmented() {
    if (!this.draft) return false;
    const label = this.labels.find(this.draft.label);
    return !label || !same(label.box, this.draft.box) || label.made !== this.made;
  }

  /** What masks that are made now are made with. */
  get made() {
    return JSON.stringify(this.settings);
  }

  /** Labels whose masks were made with other settings than those that hold now. */
  get stale() {
    return this.labels.all.filter((label) => label.made !== this.made);
  }

  set(part, changes) {
    Object.assign(this[part], changes);
    this.changed();
  }

  use(tool) {
    this.tool = tool;
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event('change'));
  }

  #followLabels() {
    const { draft } = this;
    if (draft?.label) {
      const label = this.labels.find(draft.label);
      if (!label) this.draft = null;
      else if (label.box !== draft.base) this.draft = { box: label.box, label: label.id, base: label.box };
    }
    this.changed();
  }
}
