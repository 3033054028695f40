"use client";

/** The last resort, when even the frame failed: both languages, because nothing is known about the person. */
export default function GlobalError({ reset }: { error: Error; reset: () => void }) {
  return (
    <html lang="ko">
      <body style={{ font: "14px/22px system-ui, sans-serif", padding: 24 }}>
        <title>Paydeck</title>
        <h1 style={{ fontSize: 20 }}>화면을 불러오지 못했어요</h1>
        <p>결제에는 영향이 없어요. 다시 시도해 주세요.</p>
        <p lang="en">This page could not be loaded. No payment was affected.</p>
        <button type="button" onClick={reset}>
          다시 시도 · <span lang="en">Try again</span>
        </button>
      </body>
    </html>
  );
}
