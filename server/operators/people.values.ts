/** What a person enters about people; values only, so that screens may share them. */
export const personNameMax = 60;
/** Why somebody gets another role or is shut out. */
export const personReasonMax = 200;

/** NIST SP 800-63B, PCI DSS 8.3.6: length before all else. */
export const passwordLengthMin = 12;
export const passwordLengthLimit = 128;
export const emailMax = 254;
export const invitationLifeDays = 3;
