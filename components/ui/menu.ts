/** The look of floating menus (Radix DropdownMenu, ContextMenu). */
export const menuPanelClasses =
  "z-50 min-w-40 animate-appear rounded-panel border border-line-2 bg-surface p-1 shadow-float";

export const menuItemClasses =
  "flex min-h-8 cursor-pointer items-center gap-2 rounded-[4px] px-2 text-ink outline-none data-[disabled]:cursor-not-allowed data-[highlighted]:bg-hover data-[disabled]:text-ink-3 max-wide:min-h-10";
