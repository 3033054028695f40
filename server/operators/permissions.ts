export const operatorRoles = ["VIEWER", "OPERATOR", "SETTLEMENT", "ADMIN", "AUDITOR"] as const;
export type OperatorRole = (typeof operatorRoles)[number];

/** Who may do what. Screens hide what a role may not do; the server refuses it whatever the screen showed. */
export const permissions = {
  "payment:read": operatorRoles,
  "payment:cancel": ["OPERATOR", "ADMIN"],
  "payment:bulk-cancel": ["OPERATOR", "ADMIN"],
  "dead-letter:read": operatorRoles,
  "dead-letter:redrive": ["OPERATOR", "ADMIN"],
  "latency:read": operatorRoles,
  "van:read": operatorRoles,
  // Whoever is on duty: it stops no money that is on its way, and is undone by a second click.
  "van:switch": ["OPERATOR", "ADMIN"],
  "audit:read": ["ADMIN", "AUDITOR"],
  "integrity:read": operatorRoles,
  "integrity:check": ["OPERATOR", "ADMIN"],
  "incident:acknowledge": ["OPERATOR", "ADMIN"],
} as const satisfies Record<string, readonly OperatorRole[]>;

export type Permission = keyof typeof permissions;

/** True when the role holds the permission. */
export function mayDo(role: OperatorRole, permission: Permission): boolean {
  return (permissions[permission] as readonly OperatorRole[]).includes(role);
}

/** Everything a role may do, for the screens. */
export function permissionsOf(role: OperatorRole): Permission[] {
  return (Object.keys(permissions) as Permission[]).filter((permission) => mayDo(role, permission));
}

/** The person behind a request. */
export type SignedInOperator = Readonly<{
  id: string;
  email: string;
  name: string;
  role: OperatorRole;
  sessionId: string;
}>;
