import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The same source gives the same bytes: names without hashes, no source maps, no times.
export default defineConfig({
  plugins: [react()],
  server: { proxy: Object.fromEntries(["/api", "/readyz", "/livez", "/metrics", "/assets"].map((p) => [p, "http://127.0.0.1:8080"])) },
  build: {
    outDir: "dist",
    assetsDir: "app",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1024,
    rolldownOptions: {
      output: { entryFileNames: "app/[name].js", chunkFileNames: "app/[name].js", assetFileNames: "app/[name][extname]" },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
