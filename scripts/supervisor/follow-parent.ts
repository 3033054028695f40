/**
 * Preloaded into every child (`node --import`): ends the child when its supervisor is gone, even by
 * kill -9, because the IPC channel closes then. The child gets the same SIGTERM a stop would send.
 */
import process from "node:process";

// Long enough for an approval in flight; its databases may be gone as well, and then nothing more can be saved.
const graceMs = 8_000;

if (process.channel) {
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), graceMs).unref();
    process.kill(process.pid, "SIGTERM");
  });
  // The channel alone is no reason to stay alive.
  process.channel.unref();
}
