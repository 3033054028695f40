import { acknowledgeIncident } from "#server/incidents/acknowledge-incident.ts";
import { acknowledgeIncidentSchema } from "#server/incidents/incident.schemas.ts";
import { countOpenIncidents, readIncidents } from "#server/incidents/incident-queries.ts";
import { operatorProcedure, router } from "#server/trpc/init.ts";

/** The incidents of the console. */
export const incidentRouter = router({
  list: operatorProcedure("integrity:read").query(({ ctx }) => readIncidents(ctx.context.db)),

  /** The count in the sidebar. */
  countOpen: operatorProcedure("integrity:read").query(({ ctx }) => countOpenIncidents(ctx.context.db)),

  acknowledge: operatorProcedure("incident:acknowledge")
    .input(acknowledgeIncidentSchema)
    .mutation(({ ctx, input }) =>
      acknowledgeIncident(ctx.context, {
        id: BigInt(input.id),
        note: input.note,
        actor: { type: "operator", id: ctx.operator.id, ipAddress: ctx.ipAddress ?? undefined },
      }),
    ),
});
