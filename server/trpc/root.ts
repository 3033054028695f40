import { router } from "#server/trpc/init.ts";

/** Every procedure of the console, by module. */
export const appRouter = router({});

export type AppRouter = typeof appRouter;
