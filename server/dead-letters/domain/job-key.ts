const redriveMark = "#redrive-";

/** The key of the n-th re-drive of a job: a fresh one, because the outbox and BullMQ both ignore a key they hold already. */
export function redriveJobKey(jobKey: string, redrive: number): string {
  return `${jobKey}${redriveMark}${redrive}`;
}

/** The key under which the job was first given up, whether or not this is a re-drive of it. */
export function originalJobKey(jobKey: string): string {
  return jobKey.split("#", 1)[0] ?? jobKey;
}
