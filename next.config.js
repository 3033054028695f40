/** Headers of every answer that Next gives; the content policy, which needs a nonce, is set by `proxy.ts`. */
const headers = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Referrer-Policy", value: "same-origin" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=()" },
  { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
  { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
];

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm test` and `npm start` check types themselves, once, over the whole repository.
  typescript: { ignoreBuildErrors: true },
  // Drivers and queues find their files beside themselves, so they are loaded from node_modules as they are.
  serverExternalPackages: [
    "@prisma/client",
    "@prisma/adapter-pg",
    "pg",
    "ioredis",
    "bullmq",
    "pino",
    "undici",
    "prom-client",
    "pdfkit",
    "fontkit",
  ],
  // Nothing here needs pictures made smaller, and an address that does it is one more to guard.
  images: { unoptimized: true },
  headers: async () => [{ source: "/:path*", headers }],
};

export default config;
