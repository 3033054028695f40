import type { navigation as ko } from "#components/i18n/ko/navigation.ts";

export const navigation: typeof ko = {
  label: "Main menu",
  open: "Open menu",
  groups: {
    payments: "Payments",
    settlements: "Settlement",
    malls: "Malls",
    administration: "Administration",
  },
  entries: {
    payments: "Payments",
    bulk: "Bulk cancel",
    deadLetters: "Dead letters",
    xView: "X-View",
    latency: "Latency",
    vans: "VANs",
    integrity: "Integrity",
    audit: "Audit log",
  },
  countLabel: (count) => `${count}`,
  command: "Find a payment",
  commandPlaceholder: "Order id, payment key, approval no., last 4 digits",
  environment: { demo: "Demo", production: "Production" },
  environmentLabel: "Environment",
  language: "Language",
  theme: "Theme",
  themes: { light: "Light", dark: "Dark", system: "System" },
  account: "My account",
  signOut: "Sign out",
  toasts: "Notifications",
  loading: "Loading the page",
};
