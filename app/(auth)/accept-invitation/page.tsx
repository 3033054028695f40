import type { Metadata } from "next";
import { LoadAreaTexts } from "#components/i18n/load-area-texts.tsx";
import { readTexts } from "#components/i18n/read-texts.ts";
import { AcceptInvitationForm } from "#components/people/accept-invitation-form.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await readTexts()).texts.people.accept.title, referrer: "no-referrer" };
}

/** Behind an invitation link. The token stands after the `#`, which browsers send to nobody. */
export default function AcceptInvitationPage() {
  return (
    <LoadAreaTexts areas={["people"]}>
      <AcceptInvitationForm />
    </LoadAreaTexts>
  );
}
