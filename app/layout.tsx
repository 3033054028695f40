import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { LoadTexts } from "#components/i18n/load-texts.tsx";
import { readTexts, readThemeChoice } from "#components/i18n/read-texts.ts";
import { NonceProvider } from "#components/layout/nonce-provider.tsx";
import { readDensityChoice } from "#components/layout/read-frame-choices.ts";
import "#app/globals.css";

export const metadata: Metadata = {
  title: { default: "Paydeck", template: "%s · Paydeck" },
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f6f7f9" },
    { media: "(prefers-color-scheme: dark)", color: "#0e1116" },
  ],
};

/** Language, theme and the height of rows come from cookies, so that the first paint is already right. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const { language } = await readTexts();
  const theme = await readThemeChoice();
  const density = await readDensityChoice();
  const nonce = (await headers()).get("x-nonce") ?? "";
  return (
    <html
      lang={language}
      {...(theme !== "system" && { "data-theme": theme })}
      {...(density !== "normal" && { "data-density": density })}
      suppressHydrationWarning
    >
      <body>
        <NonceProvider nonce={nonce}>
          <LoadTexts language={language}>{children}</LoadTexts>
        </NonceProvider>
      </body>
    </html>
  );
}
