/** What a person enters about people; values only, so that screens may share them. */
export const personNameMax = 60;

/** NIST SP 800-63B, PCI DSS 8.3.6: length before all else. */
export const passwordLengthMin = 12;
export const passwordLengthLimit = 128;
export const emailMax = 254;
export const invitationLifeDays = 3;
