"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { formatMoney } from "#components/i18n/format.ts";
import { useLanguage, useTexts } from "#components/i18n/language-provider.tsx";
import { useTRPC } from "#components/layout/trpc-provider.tsx";
import { useApprovingChange } from "#components/malls/approving.ts";
import { exampleOf, formatFeeRate, readFeeRate } from "#components/malls/fee-rate.ts";
import { FormSheet } from "#components/malls/form-sheet.tsx";
import { usePayoutTermsText } from "#components/malls/payout-terms.ts";
import { DatesInText } from "#components/ui/dates-in-text.tsx";
import { Checkbox, Field, FieldError, Input, Select } from "#components/ui/field.tsx";
import { useToast } from "#components/ui/toast.tsx";
import {
  type ContractMethod,
  contractMethods,
  contractNoteLengthMax,
  type FeeRounding,
  feeRoundings,
  type HolidayPolicy,
  holidayPolicies,
  lagBusinessDaysMax,
  type SettlementCycle,
  settlementCycles,
} from "#server/malls/mall.values.ts";
import type { ContractLine } from "#server/malls/mall-queries.ts";

const exampleAmountMinor = 100_000n;
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;
const lastDayOfMonth = 31;

function dayAfter(date: string, days = 1): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What the fields begin with: what was agreed last of the method, and what is usual where nothing was. */
function firstTerms(latest: ContractLine | undefined) {
  return {
    rate: latest ? formatFeeRate(latest.feeRateE5).replace("%", "") : "",
    rounding: latest?.feeRounding ?? ("FLOOR_1" satisfies FeeRounding),
    isRefundable: latest?.isFeeRefundable ?? true,
    cycle: latest?.cycle ?? ("DAILY" satisfies SettlementCycle),
    lag: String(latest?.lagBusinessDays ?? 2),
    payoutWeekdays: latest?.payoutWeekdays ?? [2, 4],
    dayText: String(latest?.payoutDayOfMonth ?? lastDayOfMonth),
    policy: latest?.holidayPolicy ?? ("HOLIDAY_BEFORE" satisfies HolidayPolicy),
  };
}

/** Adds a version from a future date. The fields begin with what is in force of the method, so that only what changes is typed. */
export function AddContractSheet({
  mallId,
  today,
  contracts,
  onClose,
}: {
  mallId: string;
  today: string;
  contracts: readonly ContractLine[];
  onClose: () => void;
}) {
  const { malls, common } = useTexts();
  const words = malls.contracts;
  const { sheet } = words;
  const language = useLanguage();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const toast = useToast();
  const rateRef = useRef<HTMLInputElement>(null);
  const fromRef = useRef<HTMLInputElement>(null);
  const lagRef = useRef<HTMLInputElement>(null);
  const weekdayRef = useRef<HTMLInputElement>(null);
  const dayRef = useRef<HTMLInputElement>(null);
  const termsText = usePayoutTermsText();
  const [method, setMethod] = useState<ContractMethod>("CARD");
  const latestOf = (of: ContractMethod) => contracts.find((contract) => contract.method === of);
  const latest = latestOf(method);
  const [first] = useState(() => firstTerms(latest));
  const [from, setFrom] = useState("");
  const [rate, setRate] = useState(first.rate);
  const [rounding, setRounding] = useState<FeeRounding>(first.rounding);
  const [isRefundable, setIsRefundable] = useState(first.isRefundable);
  const [cycle, setCycle] = useState<SettlementCycle>(first.cycle);
  const [lag, setLag] = useState(first.lag);
  const [payoutWeekdays, setPayoutWeekdays] = useState<readonly number[]>(first.payoutWeekdays);
  const [dayText, setDayText] = useState(first.dayText);
  const [policy, setPolicy] = useState<HolidayPolicy>(first.policy);
  const choose = (next: ContractMethod) => {
    const terms = firstTerms(latestOf(next));
    setMethod(next);
    setRate(terms.rate);
    setRounding(terms.rounding);
    setIsRefundable(terms.isRefundable);
    setCycle(terms.cycle);
    setLag(terms.lag);
    setPayoutWeekdays(terms.payoutWeekdays);
    setDayText(terms.dayText);
    setPolicy(terms.policy);
  };
  const [note, setNote] = useState("");
  const [checked, setChecked] = useState(false);
  const firstDay = latest ? dayAfter(today) : today;
  const current = contracts.find((contract) => contract.method === method && contract.state === "CURRENT");
  const feeRateE5 = readFeeRate(rate);
  const lagDays = /^\d{1,2}$/.test(lag.trim()) ? Number(lag) : 0;
  const fromFits = from >= firstDay;
  const lagFits = lagDays >= 1 && lagDays <= lagBusinessDaysMax;
  const day = /^\d{1,2}$/.test(dayText.trim()) ? Number(dayText) : 0;
  const weekdaysFit = cycle !== "WEEKLY" || payoutWeekdays.length > 0;
  const dayFits = cycle !== "MONTHLY" || (day >= 1 && day <= lastDayOfMonth);
  const payout = {
    cycle,
    lagBusinessDays: lagDays,
    payoutWeekdays: payoutWeekdays.toSorted((a, b) => a - b),
    payoutDayOfMonth: day,
    holidayPolicy: policy,
  };
  const sending = useMutation(
    trpc.mall.addContract.mutationOptions({
      onSuccess: () => {
        toast(sheet.done);
        onClose();
      },
      onSettled: () => queryClient.invalidateQueries(trpc.mall.pathFilter()),
    }),
  );
  const approving = useApprovingChange("CONTRACT_CHANGE");
  const requesting = useMutation(
    trpc.mall.requestContractChange.mutationOptions({
      onSettled: () => queryClient.invalidateQueries(trpc.changeRequest.ofSubject.pathFilter()),
    }),
  );
  const send = () => {
    setChecked(true);
    if (!fromFits) fromRef.current?.focus();
    else if (feeRateE5 === null) rateRef.current?.focus();
    else if (!lagFits) lagRef.current?.focus();
    else if (!weekdaysFit) weekdayRef.current?.focus();
    else if (!dayFits) dayRef.current?.focus();
    else {
      const terms = {
        method,
        effectiveFrom: from,
        feeRateE5,
        feeRounding: rounding,
        isFeeRefundable: isRefundable,
        cycle,
        lagBusinessDays: lagDays,
        // What does not matter to a cycle is not said.
        ...(cycle === "WEEKLY" && { payoutWeekdays: payout.payoutWeekdays }),
        ...(cycle === "MONTHLY" && { payoutDayOfMonth: day }),
        ...(cycle !== "DAILY" && { holidayPolicy: policy }),
        note: note.trim(),
      };
      if (!approving.isNeeded) sending.mutate({ mallId, ...terms });
      else if (approving.check())
        requesting.mutate({ mallId, wish: { action: "ADD", terms }, reason: approving.reason });
    }
  };
  const example =
    feeRateE5 === null ? null : exampleOf(exampleAmountMinor, { feeRateE5, feeRounding: rounding });
  return (
    <FormSheet
      title={sheet.title}
      submit={sheet.submit}
      sending={approving.isNeeded ? requesting : sending}
      approving={approving}
      requestId={requesting.data?.requestId}
      errorTitle={sheet.error}
      onSend={send}
      onClose={onClose}
    >
      <div className="grid grid-cols-2 items-start gap-3 max-wide:grid-cols-1">
        <Field label={sheet.method}>
          <Select value={method} onChange={(event) => choose(event.target.value as ContractMethod)}>
            {contractMethods.map((value) => (
              <option key={value} value={value}>
                {common.method[value]}
              </option>
            ))}
          </Select>
        </Field>
        <Field
          label={sheet.from}
          hint={sheet.fromHint(firstDay)}
          error={checked && !fromFits ? sheet.fromWrong(firstDay) : undefined}
        >
          <Input
            ref={fromRef}
            type="date"
            required
            min={firstDay}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
        </Field>
        <Field
          label={sheet.rate}
          hint={sheet.rateHint}
          error={checked && feeRateE5 === null ? sheet.rateWrong : undefined}
        >
          <Input
            ref={rateRef}
            required
            inputMode="decimal"
            autoComplete="off"
            maxLength={8}
            placeholder="2.2"
            className="text-right"
            value={rate}
            onChange={(event) => setRate(event.target.value)}
          />
        </Field>
        <Field label={sheet.rounding}>
          <Select value={rounding} onChange={(event) => setRounding(event.target.value as FeeRounding)}>
            {feeRoundings.map((value) => (
              <option key={value} value={value}>
                {words.roundings[value]}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={sheet.cycle}>
          <Select value={cycle} onChange={(event) => setCycle(event.target.value as SettlementCycle)}>
            {settlementCycles.map((value) => (
              <option key={value} value={value}>
                {words.cycles[value]}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={sheet.lag} error={checked && !lagFits ? sheet.lagWrong : undefined}>
          <Input
            ref={lagRef}
            required
            inputMode="numeric"
            autoComplete="off"
            maxLength={2}
            className="text-right"
            value={lag}
            onChange={(event) => setLag(event.target.value)}
          />
        </Field>
        {cycle === "WEEKLY" ? (
          <fieldset className="col-span-2 min-w-0 max-wide:col-span-1">
            <legend className="mb-1 font-semibold">{sheet.weekdays}</legend>
            <div className="flex flex-wrap gap-x-4">
              {weekdays.map((weekday, index) => (
                <Checkbox
                  key={weekday}
                  ref={index === 0 ? weekdayRef : undefined}
                  label={words.terms.weekdays[index]}
                  checked={payoutWeekdays.includes(weekday)}
                  onChange={(event) =>
                    setPayoutWeekdays(
                      event.target.checked
                        ? [...payoutWeekdays, weekday]
                        : payoutWeekdays.filter((one) => one !== weekday),
                    )
                  }
                />
              ))}
            </div>
            <FieldError message={checked && !weekdaysFit ? sheet.weekdaysWrong : undefined} />
          </fieldset>
        ) : null}
        {cycle === "MONTHLY" ? (
          <Field
            label={sheet.dayOfMonth}
            hint={sheet.dayOfMonthHint}
            error={checked && !dayFits ? sheet.dayOfMonthWrong : undefined}
          >
            <Input
              ref={dayRef}
              required
              inputMode="numeric"
              autoComplete="off"
              maxLength={2}
              className="text-right"
              value={dayText}
              onChange={(event) => setDayText(event.target.value)}
            />
          </Field>
        ) : null}
        {cycle === "DAILY" ? null : (
          <Field label={sheet.policy}>
            <Select value={policy} onChange={(event) => setPolicy(event.target.value as HolidayPolicy)}>
              {holidayPolicies.map((value) => (
                <option key={value} value={value}>
                  {sheet.policies[value]}
                </option>
              ))}
            </Select>
          </Field>
        )}
      </div>
      <Checkbox
        label={sheet.refundable}
        checked={isRefundable}
        onChange={(event) => setIsRefundable(event.target.checked)}
      />
      <Field label={sheet.note} hint={common.optional}>
        <Input
          maxLength={contractNoteLengthMax}
          autoComplete="off"
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </Field>
      <section aria-label={sheet.example} className="rounded-panel border border-line px-3 py-2.5">
        <p className="pb-1 font-semibold">{sheet.example}</p>
        <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-y-0.5 text-ink-2">
          {(
            [
              [sheet.fee, example ? -example.feeMinor : null],
              [sheet.vat, example ? -example.vatMinor : null],
              [sheet.net, example ? example.netMinor : null],
            ] as const
          ).map(([name, amountMinor]) => (
            <div key={name} className="col-span-2 grid grid-cols-subgrid">
              <dt>{name}</dt>
              <dd className="text-right">
                {amountMinor === null ? "–" : formatMoney(amountMinor, language)}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      {lagFits && weekdaysFit && dayFits ? (
        <p className="text-ink-2">{sheet.payout(termsText(payout))}</p>
      ) : null}
      {current && fromFits ? (
        <p className="text-ink-3">
          <DatesInText>{sheet.replaces(dayAfter(from, -1), formatFeeRate(current.feeRateE5))}</DatesInText>
        </p>
      ) : null}
    </FormSheet>
  );
}
