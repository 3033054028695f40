import type { Metadata } from "next";
import { PermissionGate } from "#app/(console)/permission-gate.tsx";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { CalendarScreen } from "#components/settlements/calendar-screen.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.settlements.calendar.title };
}

export default function HolidayCalendarPage() {
  return (
    <PermissionGate permission="settlement:read">
      <LoadAreaTexts areas={["malls", "settlements"]}>
        <CalendarScreen />
      </LoadAreaTexts>
    </PermissionGate>
  );
}
