import { mallRoute } from "#server/api/mall-route.ts";
import { successReply } from "#server/core/envelope.ts";
import { readEvents } from "#server/webhooks/read-events.ts";
import { eventPageSchema, eventsQuerySchema } from "#server/webhooks/webhook.schemas.ts";

export const eventsRoute = mallRoute({
  method: "GET",
  path: "/events",
  auth: "secret_key",
  movesMoney: false,
  summary: "이벤트 목록",
  input: eventsQuerySchema,
  output: eventPageSchema,
  refusals: [],
  async handle(ctx, { mall, input, locale }) {
    return successReply(await readEvents(ctx, { mallId: mall.mallId, ...input }), locale);
  },
});
