import {
  Calculator,
  ChartScatter,
  FileDown,
  House,
  Inbox,
  List,
  ListX,
  type LucideIcon,
  Network,
  Scale,
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
  /** The letter that leads there after `g` (design §12). */
  goKey?: string;
}>;
export type NavigationGroup = Readonly<{
  /** Null for what stands above the groups, without a heading. */
  id: keyof Texts["navigation"]["groups"] | null;
  entries: readonly NavigationEntry[];
}>;

/** How many things wait behind an entry; `hot` fills the count, which only 결과불명 may (design §1). */
export type NavigationCounts = Readonly<Partial<Record<NavigationId, { count: number; hot?: boolean }>>>;

/** The sidebar, in its order and groups (design §1). A page appears here once it exists; an entry shows to roles that hold its permission. */
export const navigation: readonly NavigationGroup[] = [
  { id: null, entries: [{ id: "home", href: "/", icon: House, permission: "payment:read", goKey: "h" }] },
  {
    id: "payments",
    entries: [
      { id: "payments", href: "/payments", icon: List, permission: "payment:read", goKey: "p" },
      { id: "unknown", href: "/unknown", icon: DiamondQuestion, permission: "payment:read", goKey: "u" },
      { id: "bulk", href: "/bulk", icon: ListX, permission: "payment:read", goKey: "b" },
      { id: "deadLetters", href: "/dead-letters", icon: Inbox, permission: "dead-letter:read", goKey: "d" },
      { id: "xView", href: "/x-view", icon: ChartScatter, permission: "latency:read", goKey: "x" },
      { id: "latency", href: "/latency", icon: Timer, permission: "latency:read", goKey: "l" },
      { id: "vans", href: "/vans", icon: Network, permission: "van:read", goKey: "v" },
      { id: "integrity", href: "/integrity", icon: ShieldCheck, permission: "integrity:read", goKey: "i" },
    ],
  },
  {
    id: "settlements",
    entries: [
      {
        id: "settlements",
        href: "/settlements",
        icon: Calculator,
        permission: "settlement:read",
        goKey: "s",
      },
      {
        id: "reconciliation",
        href: "/reconciliation",
        icon: Scale,
        permission: "reconciliation:read",
        goKey: "r",
      },
      { id: "exports", href: "/exports", icon: FileDown, permission: "export:read", goKey: "e" },
    ],
  },
  {
    id: "malls",
    entries: [
      { id: "malls", href: "/malls", icon: Store, permission: "mall:read", goKey: "m" },
      { id: "webhooks", href: "/webhooks", icon: Webhook, permission: "webhook:read", goKey: "w" },
    ],
  },
  {
    id: "administration",
    entries: [
      {
        id: "changeRequests",
        href: "/change-requests",
        icon: Stamp,
        permission: "change-request:read",
        goKey: "a",
      },
      { id: "people", href: "/people", icon: Users, permission: "people:read" },
      { id: "audit", href: "/audit", icon: ScrollText, permission: "audit:read" },
    ],
  },
];
