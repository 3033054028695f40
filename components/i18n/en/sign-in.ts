import type { signIn as ko } from "#components/i18n/ko/sign-in.ts";

export const signIn: typeof ko = {
  title: "Sign in",
  lead: "Paydeck operator console",
  email: "Email",
  password: "Password",
  showPassword: "Show password",
  hidePassword: "Hide password",
  submit: "Sign in",
  submitting: "Signing in",
  capsLock: "Caps Lock is on.",
  emailMissing: "Enter your email.",
  passwordMissing: "Enter your password.",
  wrong: "The email or the password is not right. Check them and try again.",
  locked: "Locked for a while after too many wrong tries. Try again in 30 minutes or ask an administrator.",
  tooMany: "Too many sign-in attempts. Try again in a minute.",
  unavailable: "Signing in is not possible right now. No payment is affected. Try again shortly.",
  ended: "Your session ended. Sign in again.",
  demoTitle: "Demo accounts",
  demoLead: "Choose one to sign in at once.",
};
