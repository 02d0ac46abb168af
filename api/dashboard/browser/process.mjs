import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** footfall runs the program to its end and gives what it printed. */
export async function footfall(binary, args) {
  return (await run(binary, args, { maxBuffer: 1 << 24 })).stdout;
}

/** start runs a server and waits until it says where it listens. */
export async function start(binary, args) {
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const listening = new Promise((resolve, reject) => {
    const hear = (chunk) => {
      said += chunk;
      const address = /^listening on (\S+)$/m.exec(said)?.[1];
      if (address) resolve(address);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`${args.join(" ")} ended with ${code}:\n${said}`)));
    setTimeout(() => reject(new Error(`${args.join(" ")} did not listen within two minutes:\n${said}`)), 120_000).unref();
  });
  const address = await listening.catch((e) => {
    child.kill("SIGKILL");
    throw e;
  });
  return { address, url: `http://${address}`, said: () => said, stop: () => stop(child) };
}

async function stop(child) {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const hard = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(hard);
}
