// How long the frames of the live view take: node browser/frames.mjs URL SECONDS.
// Prints the times between frames and the script's work for each, in milliseconds.
import { chromium } from "playwright-core";

const [url, seconds] = process.argv.slice(2);

/** observe counts what the page's scripts do for frames and with messages of the socket. */
function observe() {
  const frames = { intervals: [], work: [], messages: 0 };
  window.frames_ = frames;
  let work = 0, last = 0;
  const timed = (f) => function (...args) {
    const began = performance.now();
    try {
      return f.apply(this, args);
    } finally {
      work += performance.now() - began;
    }
  };
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (f) => request(timed(f));
  const { set, ...rest } = Object.getOwnPropertyDescriptor(WebSocket.prototype, "onmessage");
  Object.defineProperty(WebSocket.prototype, "onmessage", { ...rest, set(f) { set.call(this, timed((e) => { frames.messages++; f.call(this, e); })); } });
  const tick = (at) => {
    if (last) {
      frames.intervals.push(at - last);
      frames.work.push(work);
    }
    last = at;
    work = 0;
    request(tick);
  };
  request(tick);
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.addInitScript(observe);
  await page.goto(url);
  await page.waitForSelector("#now");
  await page.waitForTimeout(3000); // everybody has come, and what is compiled is compiled
  await page.evaluate(() => { Object.assign(window.frames_, { intervals: [], work: [], messages: 0 }); });
  await page.waitForTimeout(Number(seconds) * 1000);
  const tracked = Number(/\d+/.exec(await page.textContent(".tracked"))?.[0] ?? 0);
  console.log(JSON.stringify({ ...(await page.evaluate(() => window.frames_)), tracked }));
} finally {
  await browser.close();
}
