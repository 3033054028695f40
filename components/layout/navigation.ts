import {
  Calculator,
  ChartScatter,
  House,
  Inbox,
  List,
  ListX,
  type LucideIcon,
  Network,
  ScrollText,
  ShieldCheck,
  Stamp,
  Store,
  Timer,
  Users,
  Webhook,
} from "lucide-react";
import type { Texts } from "#components/i18n/texts.ts";
import { DiamondQuestion } from "#components/ui/diamond-question.tsx";
import type { Permission } from "#server/operators/permissions.ts";

export type NavigationId = keyof Texts["navigation"]["entries"];

export type NavigationEntry = Readonly<{
  id: NavigationId;
  href: string;
  icon: LucideIcon;
  permission: Permission;
}>;
export type NavigationGroup = Readonly<{
  /** Null for what stands above the groups, without a heading. */
  id: keyof Texts["navigation"]["groups"] | null;
  entries: readonly NavigationEntry[];
}>;

/** How many things wait behind an entry; `hot` fills the count, which only 결과불명 may (design §1). */
export type NavigationCounts = Readonly<Partial<Record<NavigationId, { count: number; hot?: boolean }>>>;

/** The sidebar, in its order. A page appears here once it exists; an entry shows to roles that hold its permission. */
export const navigation: readonly NavigationGroup[] = [
  { id: null, entries: [{ id: "home", href: "/", icon: House, permission: "payment:read" }] },
  {
    id: "payments",
    entries: [
      { id: "payments", href: "/payments", icon: List, permission: "payment:read" },
      { id: "unknown", href: "/unknown", icon: DiamondQuestion, permission: "payment:read" },
      { id: "bulk", href: "/bulk", icon: ListX, permission: "payment:read" },
      { id: "deadLetters", href: "/dead-letters", icon: Inbox, permission: "dead-letter:read" },
      { id: "xView", href: "/x-view", icon: ChartScatter, permission: "latency:read" },
      { id: "latency", href: "/latency", icon: Timer, permission: "latency:read" },
      { id: "vans", href: "/vans", icon: Network, permission: "van:read" },
      { id: "webhooks", href: "/webhooks", icon: Webhook, permission: "webhook:read" },
      { id: "integrity", href: "/integrity", icon: ShieldCheck, permission: "integrity:read" },
    ],
  },
  {
    id: "settlements",
    entries: [{ id: "settlements", href: "/settlements", icon: Calculator, permission: "settlement:read" }],
  },
  {
    id: "administration",
    entries: [
      { id: "changeRequests", href: "/change-requests", icon: Stamp, permission: "change-request:read" },
      { id: "people", href: "/people", icon: Users, permission: "people:read" },
      { id: "malls", href: "/malls", icon: Store, permission: "mall:read" },
      { id: "audit", href: "/audit", icon: ScrollText, permission: "audit:read" },
    ],
  },
];
