// Mouse, pen and touch on the image: boxes, moving and zooming, slices by the wheel, the window by the right button.

import { drag, handles, move, same } from './box.js';

const CLICK = 3; // screen pixels: less is no box
const REACH = { mouse: 8, pen: 12, touch: 22 };
const WHEEL_STEP = 40; // pixels of a touchpad per slice

export class Pointer {
  #canvas;
  #desk;
  #on;
  #down = new Map(); // pointers that are down, by id
  #gesture = null;
  #wheel = 0;

  /** @param {{drawn: () => void, window: (dx: number, dy: number) => void, hover: (x, y) => void}} on */
  constructor(canvas, desk, on) {
    this.#canvas = canvas;
    this.#desk = desk;
    this.#on = on;
    canvas.addEventListener('pointerdown', (event) => this.#press(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    canvas.addEventListener('pointerup', (event) => this.#release(event));
    canvas.addEventListener('pointercancel', (event) => this.#cancel(event));
    canvas.addEventListener('pointerleave', () => on.hover(-1, -1));
    canvas.addEventListener('contextmenu', (event) => event.preventDefault());
    canvas.addEventListener('wheel', (event) => this.#roll(event), { passive: false });
  }

  #press(event) {
    if (!this.#desk.image) return;
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    this.#down.set(event.pointerId, this.#at(event));
    if (this.#down.size === 2) {
      this.#undo();
      this.#gesture = { kind: 'pinch', ...this.#pinch() };
    } else if (this.#down.size === 1) {
      this.#gesture = this.#begin(event);
    }
    event.preventDefault();
  }

  #begin(event) {
    const desk = this.#desk;
    const start = this.#at(event);
    const common = { start, last: start, before: desk.draft, selected: desk.labels.selected };
    if (event.button === 2) return { kind: 'window', ...common };
    if (event.button === 1 || desk.tool === 'pan') return { kind: 'pan', ...common };
    const grip = this.#grip(start, event.pointerType);
    return grip ? { kind: 'change', grip, ...common } : { kind: 'draw', ...common };
  }

  #move(event) {
    const at = this.#at(event);
    const gesture = this.#gesture;
    if (this.#down.has(event.pointerId)) this.#down.set(event.pointerId, at);
    if (!gesture) {
      if (this.#desk.image) this.#hover(at, event.pointerType);
      return;
    }
    const [dx, dy] = [at[0] - gesture.last[0], at[1] - gesture.last[1]];
    if (gesture.kind === 'pinch') this.#zoom(gesture);
    else if (gesture.kind === 'pan') this.#pan(dx, dy);
    else if (gesture.kind === 'window') this.#on.window(dx, dy);
    else if (gesture.kind === 'draw') this.#draw(gesture, at);
    else this.#change(gesture, at);
    gesture.last = at;
  }

  #draw(gesture, at) {
    if (!gesture.begun && distance(gesture.start, at) < CLICK) return;
    gesture.begun = true;
    const [ax, ay] = this.#pixel(gesture.start);
    const [bx, by] = this.#pixel(at);
    this.#desk.labels.selected = 0;
    this.#desk.draw(this.#desk.deepen([Math.min(ax, bx), Math.min(ay, by), 0, Math.max(ax, bx), Math.max(ay, by), 0]));
  }

  #change(gesture, at) {
    const { box, label } = gesture.before;
    const [x, y] = this.#pixel(at);
    if (gesture.grip === 'move') {
      const [ax, ay] = this.#pixel(gesture.start);
      this.#desk.draw(move(box, x - ax, y - ay, this.#desk.image), label);
    } else {
      this.#desk.draw(drag(box, gesture.grip, x, y), label);
    }
  }

  #release(event) {
    if (!this.#down.delete(event.pointerId)) return;
    const gesture = this.#gesture;
    if (gesture?.kind === 'pinch') {
      if (this.#down.size === 0) this.#gesture = null;
      return;
    }
    this.#gesture = null;
    if (gesture?.kind === 'draw' && !gesture.begun) this.#click(gesture.start);
    else if (gesture?.kind === 'draw') this.#on.drawn();
    else if (gesture?.kind === 'change' && !same(gesture.before.box, this.#desk.draft.box)) this.#on.drawn();
  }

  #cancel(event) {
    this.#down.delete(event.pointerId);
    this.#undo();
    this.#gesture = null;
  }

  /** A second finger came: what the first one began was no box. */
  #undo() {
    const gesture = this.#gesture;
    if (gesture?.kind !== 'draw' && gesture?.kind !== 'change') return;
    this.#desk.draft = gesture.before;
    this.#desk.labels.select(gesture.selected);
  }

  #click(at) {
    const [x, y] = this.#desk.view.toImage(...at).map(Math.floor);
    const hit = this.#desk.labels.all.findLast((label) => !label.hidden && label.mask.at(x, y, this.#desk.z));
    this.#desk.select(hit?.id ?? 0);
  }

  #hover(at, type) {
    const grip = this.#desk.tool === 'box' ? this.#grip(at, type) : null;
    this.#canvas.style.cursor = this.#desk.tool === 'pan' ? 'grab' : grip === 'move' ? 'move' : grip ? this.#cursor(grip) : 'crosshair';
    this.#on.hover(...this.#desk.view.toImage(...at).map(Math.floor));
  }

  #cursor(side) {
    const { mirrorX, mirrorY } = this.#desk.view;
    if (side === 'n' || side === 's') return 'ns-resize';
    if (side === 'e' || side === 'w') return 'ew-resize';
    const falling = (side === 'nw' || side === 'se') !== (mirrorX !== mirrorY);
    return falling ? 'nwse-resize' : 'nesw-resize';
  }

  /** @returns {?string} the handle under a screen position, 'move' on an edge, null elsewhere */
  #grip([x, y], type) {
    const { draft, view, z } = this.#desk;
    if (!draft || z < draft.box[2] || z > draft.box[5]) return null;
    const reach = REACH[type] ?? REACH.mouse;
    let [best, nearest] = [null, reach];
    for (const handle of handles(draft.box)) {
      const away = distance([x, y], view.toScreen(handle.x, handle.y));
      if (away < nearest) [best, nearest] = [handle.side, away];
    }
    if (best) return best;
    const [ax, ay] = view.toScreen(draft.box[0], draft.box[1]);
    const [bx, by] = view.toScreen(draft.box[3] + 1, draft.box[4] + 1);
    const [left, right, top, bottom] = [Math.min(ax, bx), Math.max(ax, bx), Math.min(ay, by), Math.max(ay, by)];
    const near = reach * 0.75;
    if (x < left - near || x > right + near || y < top - near || y > bottom + near) return null;
    const edge = Math.min(Math.abs(x - left), Math.abs(x - right), Math.abs(y - top), Math.abs(y - bottom));
    return edge <= near ? 'move' : null;
  }

  #pinch() {
    const [a, b] = [...this.#down.values()];
    return { apart: Math.max(distance(a, b), 1), centre: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] };
  }

  #zoom(gesture) {
    if (this.#down.size < 2) return;
    const now = this.#pinch();
    this.#desk.view.pan(now.centre[0] - gesture.centre[0], now.centre[1] - gesture.centre[1]);
    this.#desk.view.zoomAt(now.apart / gesture.apart, ...now.centre);
    Object.assign(gesture, now);
    this.#desk.changed();
  }

  #pan(dx, dy) {
    this.#desk.view.pan(dx, dy);
    this.#desk.changed();
  }

  #roll(event) {
    if (!this.#desk.image) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey || !this.#desk.isVolume) {
      this.#desk.view.zoomAt(Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.002 : 0.06)), ...this.#at(event));
      this.#desk.changed();
      return;
    }
    // A notch of a wheel is a slice; a touchpad's many small steps add up to one.
    const wheel = event.deltaMode !== 0 || Math.abs(event.deltaY) >= WHEEL_STEP;
    this.#wheel = wheel ? Math.sign(event.deltaY) * WHEEL_STEP : this.#wheel + event.deltaY;
    const steps = Math.trunc(this.#wheel / WHEEL_STEP);
    this.#wheel -= steps * WHEEL_STEP;
    if (steps !== 0) this.#desk.showSlice(this.#desk.z + steps);
  }

  #pixel(at) {
    return this.#desk.view.toImage(...at).map(Math.floor);
  }

  #at(event) {
    const frame = this.#canvas.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  }
}

const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
