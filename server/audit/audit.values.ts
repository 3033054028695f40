export const auditOutcomes = ["success", "failure", "refused"] as const;
