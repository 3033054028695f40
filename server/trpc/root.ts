import { paymentRouter } from "#server/payments/payment-router.ts";
import { router } from "#server/trpc/init.ts";

/** Every procedure of the console, by module. */
export const appRouter = router({
  payment: paymentRouter,
});

export type AppRouter = typeof appRouter;
