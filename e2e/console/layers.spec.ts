import type { Locator, Page } from "@playwright/test";
import { expectAccessible } from "../axe.ts";
import { expect, type MallApi, test } from "../fixtures.ts";

// What opens over a page, by axe and by keyboard: it has a name, takes the focus, keeps it while Tab goes round, and gives
// it back to what opened it. The sheets that move a payment's money have tests of their own beside this one.

type Layer = Readonly<{
  path: (mall: MallApi) => Promise<string>;
  opener: (page: Page) => Locator;
  name: string | RegExp;
}>;

const button = (name: string | RegExp) => (page: Page) =>
  page.getByRole("main").getByRole("button", { name }).first();
const at = (path: string) => async () => path;

const layers: Readonly<Record<string, Layer>> = {
  "a dead letter": {
    path: at("/dead-letters?status=PARKED,REDRIVEN,RESOLVED"),
    opener: button(/자세히 보기$/),
    name: /./,
  },
  "the runs of dead letters": {
    path: at("/dead-letters"),
    opener: button("처리 기록"),
    name: "재처리 기록",
  },
  "the confirmation of a bulk cancel": {
    path: async (mall) => `/bulk/new?ids=${String((await mall.approve({ amount: 11_000 })).data.paymentKey)}`,
    opener: button("1건 취소 준비"),
    name: "일괄 취소",
  },
  "a limit": {
    path: at("/change-requests/policy"),
    opener: button("여러 건 다시 보내기, 운영 한도 바꾸기"),
    name: /한도/,
  },
  "an invitation": { path: at("/people"), opener: button("사용자 초대"), name: /초대/ },
  "a person": { path: at("/people"), opener: button("정도현 자세히 보기"), name: "정도현" },
  "the stop of a VAN": {
    path: at("/vans"),
    opener: (page) =>
      page.getByRole("region", { name: "SBX1" }).getByRole("button", { name: "새 승인 멈추기" }),
    name: "SBX1 새 승인 멈추기",
  },
  "the weights of a VAN": {
    path: at("/vans"),
    opener: button(/^한빛서점 VAN 비중 바꾸기/),
    name: "한빛서점 VAN 비중",
  },
  "a file of a list": { path: at("/payments"), opener: button("내보내기"), name: "파일로 내보내기" },
  "an entry of the log": {
    path: async (mall) => {
      await mall.approve();
      return "/audit";
    },
    opener: button(/자세히 보기|^.+\. /),
    name: /./,
  },
  "a rule of the books": {
    path: at("/integrity"),
    opener: button("I5 취소 합계 자세히 보기"),
    name: /I5 취소 합계/,
  },
  "an upload of a VAN's file": { path: at("/reconciliation"), opener: button("파일 올리기"), name: /파일/ },
  "a change of holidays": { path: at("/settlements/calendar"), opener: button("휴일 바꾸기"), name: /휴일/ },
  "a settlement by hand": { path: at("/settlements"), opener: button("정산 실행"), name: /정산/ },
};

for (const [what, { path, opener, name }] of Object.entries(layers)) {
  test(`${what}: no finding, and the focus stays in it and comes back`, async ({ mall, page, signIn }) => {
    await signIn("ADMIN");
    await page.goto(await path(mall));
    const trigger = opener(page);
    await expect(trigger).toBeEnabled();
    await trigger.focus();
    await page.keyboard.press("Enter");
    const layer = page.getByRole("dialog", { name });
    await expect(layer).toBeVisible();
    const isInside = () => layer.evaluate((node) => node.contains(document.activeElement));
    await expect.poll(isInside).toBe(true);
    await expectAccessible(page, `${what} at 1440, light`);

    const stops = await layer.evaluate(
      (node) => node.querySelectorAll("a[href], button, input, select, textarea, [tabindex='0']").length,
    );
    for (let n = 0; n <= stops; n++) {
      await page.keyboard.press("Tab");
      expect(await isInside(), `Tab ${n + 1} of ${what}`).toBe(true);
    }
    await page.keyboard.press("Shift+Tab");
    expect(await isInside(), `Shift Tab in ${what}`).toBe(true);

    // The first Escape may only put away what a control says on focus.
    await expect(async () => {
      await page.keyboard.press("Escape");
      await expect(layer).toHaveCount(0, { timeout: 1_000 });
    }).toPass({ timeout: 10_000 });
    await expect(trigger).toBeFocused();

    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    await opener(page).click();
    await expect(layer).toBeVisible();
    await expectAccessible(page, `${what} at 390, dark`);
  });
}
