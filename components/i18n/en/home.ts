import type { home as ko } from "#components/i18n/ko/home.ts";

const grouped = (count: number | bigint) => count.toLocaleString("en-US");
const won = (amountMinor: bigint) => `₩${grouped(amountMinor)}`;
const sign = (value: number | bigint) => (value > 0 ? "+" : value < 0 ? "−" : "");
const absolute = (value: bigint) => (value < 0n ? -value : value);
const many = (count: number, one: string, more = `${one}s`) =>
  `${grouped(count)} ${count === 1 ? one : more}`;

export const home: typeof ko = {
  title: "Home",
  live: (clock) => `Live · ${clock}`,
  lost: (clock) => `Live updates lost · as of ${clock}`,
  reconnect: "Reconnect",
  error: "Today's figures could not be loaded. Payments are not affected.",
  today: "Today",
  comparedWith: (day, clock) => `compared with last week, ${day}, until ${clock}`,
  now: "Now",
  nowRemark: "not over yet, of whatever day",
  countOf: (count) => grouped(count),
  lastWeek: (value) => `Last week ${value}`,
  lastWeekCount: (count) => `Last week ${grouped(count)}`,
  countChange: (change, rate) => {
    const text = `${sign(change)}${grouped(Math.abs(change))}`;
    return rate === null ? text : `${text} (${rate})`;
  },
  amountChange: (change, rate) => {
    const text = `${sign(change)}${won(absolute(change))}`;
    return rate === null ? text : `${text} (${rate})`;
  },
  points: (value) => `${value} pp`,
  same: "Same as last week",
  approvals: "Approvals",
  amount: "Approved amount",
  approvalRate: "Approval rate",
  unapproved: (count) => `${grouped(count)} not approved`,
  noRate: "Nothing was asked for yet",
  cancels: "Cancels",
  canceledAmount: (amountMinor) => `${won(amountMinor)} given back`,
  unknown: "Result unknown",
  unknownChecked: "Being checked at the VAN",
  unknownHandedOver: "Automatic checks ended; waiting for a person",
  unknownCheckedOf: (count) => `${grouped(count)} being checked`,
  unknownHandedOverOf: (count) => `${grouped(count)} waiting for a person`,
  unknownNone: "Every result is known",
  deadLetters: "Dead letters",
  deadLettersSome: "Waiting for a person",
  deadLettersNone: "Nothing waits",
  oldest: "Oldest unresolved",
  oldestNone: "None",
  oldestOf: (orderId, mall, amountMinor) => `${orderId} · ${mall} · ${won(amountMinor)}`,
  payouts: "Payouts due",
  payoutsDue: (amountMinor) => `${won(amountMinor)} until today`,
  payoutsNone: "Nothing to pay out until today",
  nextPayout: (date, count, amountMinor) => `next ${date} · ${grouped(count)} for ${won(amountMinor)}`,
  attention: {
    title: "Needs you now",
    error: "What needs you could not be loaded. Payments are not affected.",
    none: "Nothing needs you now",
    noneBody: "Unknown results, incidents, VANs and dead letters are being watched.",
    unknown: "Unknown",
    closing: (van, count) => `${many(count, "unknown payment")} at ${van} close to the net-cancel deadline`,
    overdue: (van, count) => `${many(count, "unknown payment")} at ${van} past the net-cancel deadline`,
    incident: "Incident",
    incidents: (count) => many(count, "open incident"),
    incidentNow: "Look at it now",
    incidentToday: "Look at it today",
    van: "VAN",
    vans: {
      stopped: (code) => `${code} takes no new approvals: stopped`,
      open: (code) => `The circuit of ${code} is open`,
      half_open: (code) => `The circuit of ${code} is half open`,
    },
    since: (time) => `since ${time}`,
    deadLetter: "Dead letter",
    deadLetters: (count) => `${many(count, "dead letter")} waiting for a decision`,
    deadline: (left) => `nearest deadline in ${left}`,
    noDeadline: "No deadline ahead",
  },
  chart: {
    title: "Approvals by the hour",
    unit: (day) => `count · bars are today, lines are last week, ${day}`,
    label: "Approvals by the hour",
    caption: "Approvals by the hour, today and the same weekday last week",
    hour: "Hour",
    hourOf: (hour) => `${String(hour).padStart(2, "0")}:00`,
    running: (hour) => `${String(hour).padStart(2, "0")}:00 (so far)`,
    today: "Today",
    before: "Last week",
    beforeSoFar: "Last week until this time",
    beforeWhole: "Last week, whole hour",
    say: (hour, today, before) =>
      today === null ? `${hour}:00, last week ${before}` : `${hour}:00, today ${today}, last week ${before}`,
    empty: "No approvals today nor last week",
  },
};
