import { ecsFormat } from "@elastic/ecs-pino-format";
import { type Logger, pino } from "pino";

export type Log = Logger;

/** Opens the process log: one ECS JSON line per record on stdout; shipping it is the platform's job. */
export function openLog(serviceName: string, level: string): Log {
  return pino({ ...ecsFormat({ serviceName }), level });
}
