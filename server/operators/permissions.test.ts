import { describe, expect, test } from "vitest";
import {
  mayDo,
  operatorRoles,
  type Permission,
  permissions,
  permissionsOf,
} from "#server/operators/permissions.ts";

describe("what a role may do", () => {
  test("everybody may look at payments, dead letters and latency", () => {
    for (const role of operatorRoles) {
      expect(permissionsOf(role)).toEqual(
        expect.arrayContaining(["payment:read", "dead-letter:read", "latency:read"]),
      );
    }
  });

  test("only OPERATOR and ADMIN may move money or send jobs again", () => {
    const movers = operatorRoles.filter(
      (role) =>
        mayDo(role, "payment:cancel") || mayDo(role, "payment:resolve") || mayDo(role, "dead-letter:redrive"),
    );
    expect(movers).toEqual(["OPERATOR", "ADMIN"]);
  });

  test("only OPERATOR and ADMIN may stop and resume new approvals at a VAN; everybody sees that it is so", () => {
    expect(operatorRoles.filter((role) => mayDo(role, "van:switch"))).toEqual(["OPERATOR", "ADMIN"]);
    expect(operatorRoles.filter((role) => mayDo(role, "van:read"))).toEqual([...operatorRoles]);
  });

  test("who works with payments may share a view; only an ADMIN changes those of others", () => {
    expect(operatorRoles.filter((role) => mayDo(role, "view:share"))).toEqual([
      "OPERATOR",
      "SETTLEMENT",
      "ADMIN",
    ]);
    expect(operatorRoles.filter((role) => mayDo(role, "view:manage"))).toEqual(["ADMIN"]);
  });

  test("only ADMIN spreads approvals anew and tends webhook endpoints; OPERATOR sends webhooks again and tests", () => {
    expect(operatorRoles.filter((role) => mayDo(role, "van:weigh"))).toEqual(["ADMIN"]);
    expect(operatorRoles.filter((role) => mayDo(role, "webhook:manage"))).toEqual(["ADMIN"]);
    expect(operatorRoles.filter((role) => mayDo(role, "webhook:resend"))).toEqual(["OPERATOR", "ADMIN"]);
    expect(operatorRoles.filter((role) => mayDo(role, "van:fault"))).toEqual(["OPERATOR", "ADMIN"]);
    expect(operatorRoles.filter((role) => mayDo(role, "webhook:read"))).toEqual([...operatorRoles]);
  });

  test("the audit log is for ADMIN and AUDITOR", () => {
    expect(operatorRoles.filter((role) => mayDo(role, "audit:read"))).toEqual(["ADMIN", "AUDITOR"]);
  });

  test("to see a list is not to carry it away, and personal data goes with an ADMIN alone", () => {
    expect(operatorRoles.filter((role) => mayDo(role, "export:make"))).toEqual([
      "OPERATOR",
      "SETTLEMENT",
      "ADMIN",
    ]);
    expect(operatorRoles.filter((role) => mayDo(role, "export:unmask"))).toEqual(["ADMIN"]);
    expect(operatorRoles.filter((role) => mayDo(role, "export-of-others:read"))).toEqual([
      "ADMIN",
      "AUDITOR",
    ]);
  });

  test("an AUDITOR only reads", () => {
    expect(permissionsOf("AUDITOR").filter((permission) => !permission.endsWith(":read"))).toEqual([]);
  });

  test("every permission belongs to somebody", () => {
    for (const permission of Object.keys(permissions) as Permission[]) {
      expect(operatorRoles.some((role) => mayDo(role, permission))).toBe(true);
    }
  });
});
