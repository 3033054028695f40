"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Bug, CircleCheck } from "lucide-react";
import { useState } from "react";
import { useTexts } from "#components/i18n/language-provider.tsx";
import { useMay } from "#components/layout/operator-provider.tsx";
import { SectionTitle } from "#components/layout/page-header.tsx";
import { QueryError } from "#components/layout/query-error.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { TimeInText } from "#components/ui/date-time.tsx";
import { Field, Input, Select } from "#components/ui/field.tsx";
import { ToneBadge } from "#components/ui/status-badge.tsx";
import { useToast } from "#components/ui/toast.tsx";
import type { FaultSwitch } from "#server/van/sandbox-faults.ts";
import { faultMinutesMax, type SandboxFault, sandboxFaults } from "#server/van/van.values.ts";

/** The fault of a sandbox VAN, with the switch for those who may. */
export function FaultSwitchRow({ faults: { code, fault, isReachable } }: { faults: FaultSwitch }) {
  const { vans } = useTexts();
  const words = vans.faults;
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const mayFault = useMay("van:fault");
  const [mode, setMode] = useState<SandboxFault>("TIMEOUT");
  const [percent, setPercent] = useState("100");
  const [minutes, setMinutes] = useState("5");
  const onSettled = () =>
    Promise.all([
      queryClient.invalidateQueries(trpc.van.faults.queryFilter()),
      queryClient.invalidateQueries(trpc.van.history.pathFilter()),
    ]);
  const setting = useMutation(
    trpc.van.setFault.mutationOptions({ onSuccess: () => toast(words.doneSet(code)), onSettled }),
  );
  const clearing = useMutation(
    trpc.van.clearFault.mutationOptions({ onSuccess: () => toast(words.doneClear(code)), onSettled }),
  );
  const failed = setting.error ?? clearing.error;
  return (
    <>
      <SectionTitle remark={words.remark}>{words.title}</SectionTitle>
      <div className="flex flex-wrap items-end gap-x-3 gap-y-2">
        {!isReachable ? (
          <p className="text-bad">{words.unreachable}</p>
        ) : fault ? (
          <>
            <ToneBadge
              level="tint"
              tone="warn"
              icon={Bug}
              size="large"
              label={words.on(words.modes[fault.mode] ?? fault.mode, fault.percent)}
            />
            {fault.until ? (
              <span className="text-ink-2 tabular-nums leading-6">
                <TimeInText at={fault.until} say={words.until} />
              </span>
            ) : null}
            {mayFault ? (
              <Button
                size="small"
                aria-label={words.clearAt(code)}
                busy={clearing.isPending}
                onClick={() => clearing.mutate({ code })}
              >
                {words.clear}
              </Button>
            ) : null}
          </>
        ) : mayFault ? (
          <>
            <Field label={words.mode} className="min-w-44 flex-1">
              <Select value={mode} onChange={(event) => setMode(event.target.value as SandboxFault)}>
                {sandboxFaults.map((name) => (
                  <option key={name} value={name}>
                    {words.modes[name]}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={words.percent} className="w-20">
              <Input
                type="number"
                min={1}
                max={100}
                value={percent}
                onChange={(event) => setPercent(event.target.value)}
              />
            </Field>
            <Field label={words.minutes} className="w-20">
              <Input
                type="number"
                min={1}
                max={faultMinutesMax}
                value={minutes}
                onChange={(event) => setMinutes(event.target.value)}
              />
            </Field>
            <Button
              look="danger"
              className="h-9 max-wide:h-11"
              aria-label={words.setAt(code)}
              busy={setting.isPending}
              onClick={() =>
                setting.mutate({
                  code,
                  mode,
                  percent: within(percent, 100),
                  minutes: within(minutes, faultMinutesMax),
                })
              }
            >
              {words.set}
            </Button>
          </>
        ) : (
          <ToneBadge level="plain" tone="mute" icon={CircleCheck} label={words.none} />
        )}
      </div>
      {failed ? (
        <div className="pt-2">
          <QueryError error={failed} title={words.error} compact />
        </div>
      ) : null}
    </>
  );
}

/** A whole number from 1 to `max`, whatever was typed. */
function within(text: string, max: number): number {
  return Math.min(max, Math.max(1, Math.round(Number(text) || 1)));
}
