import type { Answers } from "../answers.ts";

const listPeopleBase = {
  createdAt: new Date("2026-10-20T05:24:11.691Z"),
  lastSignedInAt: null,
  disabledAt: null,
  sessions: 0,
} as const;

export const people: Answers = {
  operator: {
    list: {
      people: [
        {
          ...listPeopleBase,
          id: "op_01M5WVH6QGRDWGFPXXHY8NNNT3",
          email: "operator@paydeck.example",
          name: "박준영",
          role: "OPERATOR",
        },
        {
          ...listPeopleBase,
          id: "op_01M5WVH6QFY2QYM3Z2R3XX53XC",
          email: "viewer@paydeck.example",
          name: "이서연",
          role: "VIEWER",
        },
        {
          ...listPeopleBase,
          id: "op_01M5WVH6QJEK1KXVX7YYV56Z2W",
          email: "admin@paydeck.example",
          name: "정도현",
          role: "ADMIN",
          lastSignedInAt: new Date("2026-11-20T05:26:08.620Z"),
          sessions: 1,
        },
        {
          ...listPeopleBase,
          id: "op_01M5WVH6QH2853EW8FEFV681VW",
          email: "settlement@paydeck.example",
          name: "최민지",
          role: "SETTLEMENT",
        },
        {
          ...listPeopleBase,
          id: "op_01M5WVH6QK60FXXBFQF37QX8SC",
          email: "auditor@paydeck.example",
          name: "한지우",
          role: "AUDITOR",
        },
      ],
      invitations: [],
      isCut: false,
    },
    ownSessions: {
      currentId: "ses_01M8CNZ1XBQSVJRRB25REB2NWP",
      sessions: [
        {
          id: "ses_01M8CNZ1XBQSVJRRB25REB2NWP",
          createdAt: new Date("2026-11-20T05:26:08.620Z"),
          lastSeenAt: new Date("2026-11-20T05:30:13.921Z"),
          expiresAt: new Date("2026-11-20T15:26:08.620Z"),
          ipAddress: "203.0.113.24",
          userAgent:
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
        },
      ],
    },
  },
};
