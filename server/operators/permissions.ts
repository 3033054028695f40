export const operatorRoles = ["VIEWER", "OPERATOR", "SETTLEMENT", "ADMIN", "AUDITOR"] as const;
export type OperatorRole = (typeof operatorRoles)[number];

/** Who may do what. Screens hide what a role may not do; the server refuses it whatever the screen showed. */
export const permissions = {
  "payment:read": operatorRoles,
  "payment:cancel": ["OPERATOR", "ADMIN"],
  "payment:resolve": ["OPERATOR", "ADMIN"],
  "payment:bulk-cancel": ["OPERATOR", "ADMIN"],
  "dead-letter:read": operatorRoles,
  "dead-letter:redrive": ["OPERATOR", "ADMIN"],
  // Assign, leave aside, note: it moves no money and hides nothing from the audit.
  "dead-letter:care": ["OPERATOR", "ADMIN"],
  "latency:read": operatorRoles,
  "van:read": operatorRoles,
  // Whoever is on duty: it stops no money that is on its way, and is undone by a second click.
  "van:switch": ["OPERATOR", "ADMIN"],
  "mall:read": operatorRoles,
  "mall:manage": ["ADMIN"],
  // Whose money goes where is set up, not switched in a hurry.
  "van:weigh": ["ADMIN"],
  "van:fault": ["OPERATOR", "ADMIN"],
  "webhook:read": operatorRoles,
  // Sends what was sent before, or a test: it moves no money.
  "webhook:resend": ["OPERATOR", "ADMIN"],
  "webhook:manage": ["ADMIN"],
  "settlement:read": operatorRoles,
  // Runs batches, and asks for what a second person decides.
  "settlement:manage": ["SETTLEMENT", "ADMIN"],
  // On which days everybody is paid.
  "settlement:calendar": ["SETTLEMENT", "ADMIN"],
  "reconciliation:read": operatorRoles,
  // Imports files, explains differences and closes days. What moves money goes through a second person.
  "reconciliation:manage": ["SETTLEMENT", "ADMIN"],
  "audit:read": ["ADMIN", "AUDITOR"],
  // A file leaves the platform: to see a list is not yet to carry it away.
  "export:make": ["OPERATOR", "SETTLEMENT", "ADMIN"],
  // Personal data as it is. Without it, every file is masked.
  "export:unmask": ["ADMIN"],
  // One's own exports; AUDITOR sees what others took, and why.
  "export:read": ["OPERATOR", "SETTLEMENT", "ADMIN", "AUDITOR"],
  "export-of-others:read": ["ADMIN", "AUDITOR"],
  "export-of-others:cancel": ["ADMIN"],
  // A shared view stands in everybody's list; views of one's own need no permission but the list's.
  "view:share": ["OPERATOR", "SETTLEMENT", "ADMIN"],
  "view:manage": ["ADMIN"],
  "integrity:read": operatorRoles,
  "integrity:check": ["OPERATOR", "ADMIN"],
  "incident:acknowledge": ["OPERATOR", "ADMIN"],
  "change-request:read": ["OPERATOR", "SETTLEMENT", "ADMIN", "AUDITOR"],
  "change-request:make": ["OPERATOR", "SETTLEMENT", "ADMIN"],
  // Whoever made it may not decide it, whatever the role.
  "change-request:decide": ["ADMIN"],
  "approval-limit:change": ["ADMIN"],
  "people:read": ["ADMIN", "AUDITOR"],
  "people:manage": ["ADMIN"],
  // One's own, to see and to end.
  "own-session:read": operatorRoles,
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
