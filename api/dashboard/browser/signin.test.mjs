import assert from "node:assert/strict";
import { test } from "node:test";
import { visit } from "./page.mjs";
import { world } from "./world.mjs";

async function signIn(page, token) {
  await page.getByLabel("Access token").fill(token);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const atDoor = (t) => visit(t, "/", { origin: world.closed.url, ready: ".signin form" });

test("a wrong token is told, and nothing is shown", async (t) => {
  const { page } = await atDoor(t);
  await signIn(page, "not-a-token");
  await page.waitForSelector(".signin [role=alert]");
  assert.match(await page.textContent(".signin [role=alert]"), /not accepted.*token/i);
  assert.equal(await page.locator("#now").count(), 0);
});

test("a token signs in, stays on reload, is kept from scripts, and ends when revoked", { timeout: 60_000 }, async (t) => {
  const token = await world.closed.create("browser");
  const { page, context, check } = await atDoor(t);
  await signIn(page, token);
  await page.waitForSelector("#now");
  await page.reload();
  await page.waitForSelector("#now");
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie);
  assert.ok(!kept.includes(token) && !/session/i.test(kept), `a script can read ${kept}`);
  assert.ok((await context.cookies()).every((c) => c.httpOnly && c.sameSite === "Strict"));
  await check(/401/);
  await world.closed.revoke("browser");
  await page.waitForSelector(".signin form", { timeout: 10_000 });
  assert.equal(await page.locator("#now").count(), 0);
});

test("a kiosk whose token is revoked shows no counts", { timeout: 60_000 }, async (t) => {
  const { page } = await visit(t, "/kiosk", { origin: world.closed.url, ready: ".signin form" });
  await signIn(page, await world.closed.create("wall"));
  await page.waitForSelector(".kiosk-now");
  await world.closed.revoke("wall");
  await page.waitForSelector(".signin form", { timeout: 10_000 });
});

test("a token to read reads every view", { timeout: 60_000 }, async (t) => {
  const { page } = await atDoor(t);
  await signIn(page, await world.closed.create("reader"));
  await page.waitForSelector("#now");
  for (const [name, ready] of [["Reports", ".reports .controls"], ["Status", ".status .cards"]]) {
    await page.getByRole("link", { name }).click();
    await page.waitForSelector(ready);
  }
});

test("signing out ends the session", { timeout: 60_000 }, async (t) => {
  const { page } = await atDoor(t);
  await signIn(page, await world.closed.create("leaver"));
  await page.waitForSelector("#now");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForSelector(".signin form");
  await page.reload();
  await page.waitForSelector(".signin form");
});
