import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

/** Why there is nothing, then the next step (design §10). */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon?: LucideIcon;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-1 px-6 py-16 text-center">
      {Icon ? <Icon aria-hidden className="mb-2 size-6 stroke-[1.5] text-ink-3" strokeWidth={1.5} /> : null}
      <p className="font-semibold text-section">{title}</p>
      {children ? <div className="max-w-100 text-ink-2">{children}</div> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}
