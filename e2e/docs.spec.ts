import { expect, test } from "./fixtures.ts";

test("anyone reads the API document, and tries it under a strict content policy", async ({ page, demo }) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(page.url()).origin && page.url() !== "about:blank")
      complaints.push(`asked ${request.url()}`);
  });

  await page.goto("/docs");
  await expect(page.getByRole("heading", { name: /Paydeck API/ })).toBeVisible();
  for (const operation of ["approvePayment", "cancelPayment", "registerWebhookEndpoint", "listEvents"]) {
    await expect(page.locator(`.opblock[id$="-${operation}"]`)).toBeVisible();
  }

  const [mall] = demo.malls;
  if (!mall) throw new Error("The demo has no mall");
  await page.getByRole("button", { name: "Authorize" }).click();
  await page.getByLabel("auth-bearer-value").fill(mall.secretKey);
  await page.getByRole("button", { name: "Apply credentials" }).last().click();
  await page.getByRole("button", { name: "Close" }).first().click();

  const events = page.locator('.opblock[id$="-listEvents"]');
  await events.locator(".opblock-summary-control").click();
  await events.getByRole("button", { name: "Try it out" }).click();
  await events.getByRole("button", { name: "Execute" }).click();
  await expect(events.locator(".live-responses-table .response-col_status").last()).toContainText("200");
  expect(complaints).toEqual([]);
});
