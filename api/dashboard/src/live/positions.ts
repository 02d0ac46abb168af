// The dots: a client of the Signals protocol at /websocket_realtime, drawn a little in
// the past so that a way between two samples is known.

export interface Dot {
  x: number; y: number; // the last sample, cm
  fromX: number; fromY: number; // where the dot was when that sample came
  at: number; // when it came, ms
  span: number; // how long to take to get there, ms
  lost: number; // when it was lost, 0 while it is there
  born: number;
}

export const fadeMs = 900;
const ids = /"person_id":\s*(-?\d+)/; // 64 bits: more than a number holds

export class Positions {
  readonly dots = new Map<string, Dot>();
  connected = false;
  private socket: WebSocket | null = null;
  private again: ReturnType<typeof setTimeout> | undefined;
  private pause = 500;

  constructor(private readonly location: number, private readonly url = socketURL()) {}

  open() {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    let heartbeat: ReturnType<typeof setInterval> | undefined;
    socket.onopen = () => {
      if (this.socket !== socket) return socket.close();
      socket.send(JSON.stringify({ type: "realtime_register", token: "dashboard", locations: [this.location] }));
      heartbeat = setInterval(() => socket.send('{"type":"realtime_heartbeat"}'), 22_000);
    };
    socket.onmessage = (e: MessageEvent<string>) => {
      if (this.socket === socket) this.take(e.data, performance.now());
    };
    socket.onclose = () => {
      clearInterval(heartbeat);
      if (this.socket !== socket) return;
      this.connected = false;
      const now = performance.now();
      for (const dot of this.dots.values()) dot.lost ||= now;
      this.again = setTimeout(() => this.open(), this.pause);
      this.pause = Math.min(this.pause * 2, 15_000);
    };
  }

  close() {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.again);
    this.connected = false;
    if (socket?.readyState === WebSocket.OPEN) socket.close(); // one that still connects closes once it has
    this.dots.clear();
  }

  /** take reads one frame that came at now (ms). */
  take(frame: string, now: number) {
    const m = JSON.parse(frame) as { type?: string; message_type?: string; location_id?: number; result?: string; position?: { x: number; y: number } };
    const type = m.type ?? m.message_type;
    if (type === "realtime_register") {
      this.connected = m.result === "success";
      this.pause = 500;
      return;
    }
    if (m.location_id !== this.location) return;
    const id = ids.exec(frame)?.[1];
    if (!id) return;
    const dot = this.dots.get(id);
    if (type === "realtime_person_lost") {
      if (dot) dot.lost = now;
    } else if (type === "realtime_person_position" && m.position) {
      this.dots.set(id, moved(dot, m.position.x, m.position.y, now));
    }
  }

  /** sweep forgets who has faded. */
  sweep(now: number) {
    for (const [id, dot] of this.dots) if (dot.lost && now - dot.lost > fadeMs) this.dots.delete(id);
  }

  get present(): number {
    let n = 0;
    for (const dot of this.dots.values()) if (!dot.lost) n++;
    return n;
  }
}

export function moved(dot: Dot | undefined, x: number, y: number, now: number): Dot {
  if (!dot || dot.lost) return { x, y, fromX: x, fromY: y, at: now, span: 100, lost: 0, born: now };
  const [fromX, fromY] = place(dot, now);
  const gap = now - dot.at;
  dot.fromX = fromX;
  dot.fromY = fromY;
  dot.span = Math.min(Math.max(dot.span * 0.7 + gap * 0.3, 40), 600);
  dot.x = x;
  dot.y = y;
  dot.at = now;
  return dot;
}

/** place is where a dot is drawn at now: on its way to the last sample. */
export function place(dot: Dot, now: number): [number, number] {
  const t = Math.min((now - dot.at) / dot.span, 1);
  return [dot.fromX + (dot.x - dot.fromX) * t, dot.fromY + (dot.y - dot.fromY) * t];
}

function socketURL(): string {
  return typeof window === "undefined" ? "" : `${window.location.protocol === "https:" ? "wss" : "ws"}://${window.location.host}/websocket_realtime`;
}
