// What was segmented: labels in order, the selected one, and their history. Snapshots never change, so undo is a step back.

const COLOURS = ['#3ddbb0', '#ff8f6b', '#6fb7ff', '#ffd166', '#d79bff', '#9be564', '#ff7fb0', '#7fe3f0', '#c9b18a', '#f2f2f2'];
const MOST_STEPS = 100;

/**
 * @typedef {object} Label
 * @property {number} id never used twice on a page
 * @property {string} name @property {string} colour as #rrggbb
 * @property {number[]} box of six numbers
 * @property {import('./mask.js').Mask} mask @property {boolean} hidden
 * @property {string} made with which model, rules and window
 */
export class Labels extends EventTarget {
  #now = [];
  #past = [];
  #future = [];
  #next = 1;
  #saved = this.#now;
  selected = 0;

  /** @returns {ReadonlyArray<Label>} */
  get all() {
    return this.#now;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Whether nothing would be lost if they went now: snapshots never change, so that undo may come back to the one that was saved. */
  get isSaved() {
    return this.#now.length === 0 || this.#now === this.#saved;
  }

  /** They have been downloaded as they are now. */
  save() {
    this.#saved = this.#now;
  }

  find(id) {
    return this.#now.find((label) => label.id === id);
  }

  /**
   * New labels, and new boxes and masks of those that are named.
   *
   * @param {Array<{label?: number, box: number[], mask: object, made: string}>} results
   * @returns {number[]} their ids, in order
   */
  merge(results) {
    const labels = [...this.#now];
    const ids = results.map(({ label, ...made }) => {
      const at = labels.findIndex(({ id }) => id === label);
      if (at >= 0) {
        labels[at] = { ...labels[at], ...made };
        return label;
      }
      const id = this.#next++;
      labels.push({ id, name: `Label ${id}`, colour: COLOURS[(id - 1) % COLOURS.length], hidden: false, ...made });
      return id;
    });
    this.#become(labels);
    return ids;
  }

  /** @param {Partial<Label>} changes */
  change(id, changes) {
    this.#become(this.#now.map((label) => (label.id === id ? { ...label, ...changes } : label)));
  }

  remove(id) {
    this.#become(this.#now.filter((label) => label.id !== id));
  }

  select(id) {
    this.selected = id;
    this.#tell();
  }

  undo() {
    if (!this.canUndo) return;
    this.#future.push(this.#now);
    this.#now = this.#past.pop();
    this.#tell();
  }

  redo() {
    if (!this.canRedo) return;
    this.#past.push(this.#now);
    this.#now = this.#future.pop();
    this.#tell();
  }

  /** For another image. */
  clear() {
    this.#now = [];
    this.#past = [];
    this.#future = [];
    this.#next = 1;
    this.selected = 0;
    this.#tell();
  }

  #become(labels) {
    this.#past.push(this.#now);
    if (this.#past.length > MOST_STEPS) this.#past.shift();
    this.#future = [];
    this.#now = labels;
    this.#tell();
  }

  #tell() {
    if (!this.find(this.selected)) this.selected = 0;
    this.dispatchEvent(new Event('change'));
  }
}
