/** One person for each role, so that every view of the console can be tried; two administrators, who approve for each other. */
export const demoOperators = [
  { email: "viewer@paydeck.example", name: "이서연", role: "VIEWER" },
  { email: "operator@paydeck.example", name: "박준영", role: "OPERATOR" },
  { email: "settlement@paydeck.example", name: "최민지", role: "SETTLEMENT" },
  { email: "admin@paydeck.example", name: "정도현", role: "ADMIN" },
  { email: "auditor@paydeck.example", name: "한지우", role: "AUDITOR" },
  { email: "admin2@paydeck.example", name: "윤하준", role: "ADMIN" },
] as const;

export type DemoRole = (typeof demoOperators)[number]["role"];
