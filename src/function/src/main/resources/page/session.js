// The image that the service keeps for this page, and what is asked of it: one thing at a time, each can be cancelled.

import * as api from './api.js';
import { forService, fromService, same } from './box.js';
import { Mask } from './mask.js';
import { readNpz } from './npz.js';
import { Slices } from './slices.js';

const POLL_MILLIS = 300;
const ROOM_BYTES = 128 * 2 ** 20; // of masks in one answer, before they are cut down to what is in them
const MOST_BOXES = 200;

export class Session {
  #desk;
  #on;
  #files = [];
  #turn = Promise.resolve();
  #controller = null;

  /**
   * @param {{slices: (slices, keepLast: boolean) => void, busy: (text: ?string, done?: number, total?: number) => void,
   *     say: (text: string) => void, fail: (message: string) => void}} on what the screen has to show
   */
  constructor(desk, on) {
    this.#desk = desk;
    this.#on = on;
  }

  /** Sends files and shows what came of them; the image before is forgotten. */
  open(files) {
    return this.#take(`Opening ${files.length === 1 ? files[0].name : `${files.length} files`}`, async (signal) => {
      const image = await this.#post(files, signal);
      this.leave();
      this.#files = files;
      this.#desk.show(image);
      this.#look(false);
      this.#on.say(`Opened ${image.name}, ${describe(image)}`);
      const boxes = image.boxes ?? [];
      if (boxes.length > MOST_BOXES) this.#on.fail(`The file has ${boxes.length} boxes. The first ${MOST_BOXES} are shown.`);
      const wanted = boxes.slice(0, MOST_BOXES).map((box) => ({ box: fromService(box) }));
      if (wanted.length > 0) await this.#segment(wanted, signal);
    });
  }

  /** The image is still the same, its window changed. */
  changeWindow() {
    if (this.#desk.image) this.#look(true);
  }

  /** Segments the box in hand: a new label, or the one it belongs to. */
  segmentDraft() {
    const { draft } = this.#desk;
    if (!draft) return Promise.resolve();
    return this.#take('Segmenting', async (signal) => {
      const { labels, made } = this.#desk;
      const known = labels.all.some((label) => (label.id === draft.label || !draft.label) && label.made === made && same(label.box, draft.box));
      if (!known) await this.#segment([{ box: draft.box, label: draft.label }], signal); // else asked for twice
    });
  }

  /** Brings every label to the model, rules and window that hold now. */
  refresh() {
    if (this.#desk.stale.length === 0) return Promise.resolve();
    return this.#take('Segmenting again', (signal) => this.#refresh(signal));
  }

  /** @returns {Promise<?Blob>} all labels in a form, made by the service in one piece as its command line makes it */
  fetch(format) {
    return this.#take('Preparing the download', async (signal) => {
      await this.#refresh(signal);
      const { labels, image } = this.#desk;
      const request = {
        ...this.#request(labels.all.map((label) => label.box)),
        labels: labels.all.map((label, i) => i + 1),
        names: labels.all.map((label) => label.name),
      };
      const response = await this.#ask(format, request, signal, 'Preparing the download');
      return image === this.#desk.image ? response.blob() : null;
    });
  }

  /** @returns {boolean} whether there was anything to stop */
  cancel() {
    const running = this.#controller !== null;
    this.#controller?.abort();
    return running;
  }

  /** The service need not keep the image any longer. */
  leave() {
    if (this.#desk.image) api.forget(this.#desk.image.id);
  }

  async #refresh(signal) {
    const stale = this.#desk.stale.map((label) => ({ box: label.box, label: label.id }));
    if (stale.length > 0) await this.#segment(stale, signal);
  }

  /** @param {Array<{box: number[], label?: number}>} wanted new labels, or what becomes of those there are; one step for undo */
  async #segment(wanted, signal) {
    const desk = this.#desk;
    const { image, made } = desk;
    const began = performance.now();
    const atOnce = Math.max(1, Math.floor(ROOM_BYTES / (image.width * image.height * image.depth)));
    const masks = [];
    for (let i = 0; i < wanted.length; i += atOnce) {
      masks.push(...(await this.#masks(wanted.slice(i, i + atOnce), image, signal)));
    }
    if (image !== desk.image) return; // another one was opened meanwhile
    const ids = desk.labels.merge(wanted.map(({ box, label }, i) => ({ box, label, made, mask: masks[i] })));
    // Not from under the hand of somebody who draws the next one already.
    if (ids.length === 1 && (!desk.draft || same(desk.draft.box, wanted[0].box))) desk.select(ids[0]);
    this.#report(ids.length === 1 ? desk.labels.find(ids[0]) : null, ids.length, performance.now() - began);
  }

  async #masks(wanted, image, signal) {
    const response = await this.#ask('masks', this.#request(wanted.map(({ box }) => box)), signal, 'Segmenting');
    const [array] = (await readNpz(await response.arrayBuffer())).values();
    const size = array.data.length / wanted.length;
    return wanted.map((box, i) => new Mask(array.data.subarray(i * size, (i + 1) * size), image));
  }

  #report(label, count, millis) {
    const seconds = `${(millis / 1000).toFixed(1)} s`;
    if (!label) this.#on.say(`${count} labels segmented in ${seconds}`);
    else if (label.mask.isEmpty) this.#on.fail(`Nothing was found in the box of ${label.name}. Another box may help.`);
    else this.#on.say(`${label.name}: ${label.mask.pixels} ${this.#desk.isVolume ? 'voxels' : 'pixels'} in ${seconds}`);
  }

  #request(boxes) {
    const { settings, image } = this.#desk;
    const request = { boxes: boxes.map((box) => forService(box, image.kind)), unit: 'voxel' };
    if (settings.model) request.model = settings.model;
    if (settings.rules) request.rules = settings.rules;
    if (image.window) request.window = settings.window;
    return request;
  }

  /** Posts the image once more where the service has forgotten it, which it does after a while. */
  async #ask(format, request, signal, text) {
    try {
      return await this.#askOnce(format, request, signal, text);
    } catch (failure) {
      if (failure.status !== 404) throw failure;
      this.#desk.image.id = (await this.#post(this.#files, signal)).id;
      this.#look(true);
      return await this.#askOnce(format, request, signal, text);
    }
  }

  async #askOnce(format, request, signal, text) {
    const stopPolling = this.#poll(text);
    try {
      return await api.segment(this.#desk.image.id, format, request, signal);
    } finally {
      stopPolling();
    }
  }

  #poll(text) {
    const { id } = this.#desk.image;
    let stopped = false; // an answer may still be on its way then
    const timer = setInterval(async () => {
      try {
        const { state, done, total } = await api.getProgress(id);
        if (!stopped) this.#on.busy(state === 'waiting' ? 'Waiting for others to finish' : text, done, total);
      } catch {
        // The request itself will tell.
      }
    }, POLL_MILLIS);
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }

  async #post(files, signal) {
    const image = await api.postImage(files, signal);
    image.depth ??= 1;
    image.name = files.length === 1 ? files[0].name : folderName(files);
    return image;
  }

  #look(keepLast) {
    const { image, settings } = this.#desk;
    const slices = new Slices(image, settings.window, () => this.#desk.changed(), (failure) => this.#lost(failure, slices));
    this.#on.slices(slices, keepLast);
  }

  /** A slice can't be had: posted again if the service forgot the image, else said. */
  #lost(failure, slices) {
    if (slices.image !== this.#desk.image) return;
    if (failure.status !== 404 || this.reposting) {
      this.#on.fail(failure.message);
      this.#desk.changed(); // what did not come is no longer on its way
      return;
    }
    this.reposting = true;
    this.#take('Opening again', async (signal) => {
      this.#desk.image.id = (await this.#post(this.#files, signal)).id;
      this.#look(true);
    }).finally(() => (this.reposting = false));
  }

  /** Waits for its turn, shows that something is done, says what failed. */
  #take(text, work) {
    const turn = this.#turn.then(async () => {
      const controller = new AbortController();
      this.#controller = controller;
      this.#on.busy(text);
      try {
        return await work(controller.signal);
      } catch (failure) {
        if (failure.name === 'AbortError') this.#on.say('Cancelled');
        else this.#on.fail(failure instanceof api.Refusal ? failure.message : 'The page failed at this. Please open the image again.');
        if (!(failure instanceof api.Refusal) && failure.name !== 'AbortError') console.error(failure);
        return null;
      } finally {
        this.#controller = null;
        this.#on.busy(null);
      }
    });
    this.#turn = turn;
    return turn;
  }
}

function folderName(files) {
  const folder = files[0].webkitRelativePath?.split('/').at(-2);
  return folder || `${files[0].name} and ${files.length - 1} more`;
}

/** In words: "volume of 128 × 112 × 20, 0.8 × 0.8 × 4 mm". */
export function describe(image) {
  const size = image.kind === 'volume' ? [image.width, image.height, image.depth] : [image.width, image.height];
  const spacing = image.spacing?.map((mm) => Number(mm.toPrecision(3))).slice(0, size.length).join(' × ');
  return `${size.join(' × ')}${spacing ? `, ${spacing} mm` : ''}`;
}
