import {
  type Column,
  type DataDescription,
  type Enumeration,
  type Owner,
  owners,
  type Retention,
  type Table,
} from "#scripts/docs/describe-data.ts";

/** The domains in the order in which a newcomer meets them, each with the file of its models. */
const domains: readonly Readonly<{ file: string; title: string }>[] = [
  { file: "payments", title: "Payments 결제" },
  { file: "idempotency", title: "Idempotency 멱등성" },
  { file: "van", title: "VANs VAN 연동" },
  { file: "ledger", title: "Ledger 원장" },
  { file: "settlement", title: "Settlement 정산" },
  { file: "reconciliation", title: "Reconciliation 대사" },
  { file: "malls", title: "Malls 가맹점" },
  { file: "webhooks", title: "Webhooks 웹훅" },
  { file: "outbox", title: "Queue and events 작업 큐와 이벤트" },
  { file: "dead-letters", title: "Dead letters 데드레터" },
  { file: "work-runs", title: "Runs over many things 여러 건 실행" },
  { file: "bulk", title: "Bulk cancels 일괄 취소" },
  { file: "change-requests", title: "Second persons 승인함" },
  { file: "exports", title: "Exports 내보내기" },
  { file: "saved-views", title: "Saved views 저장된 보기" },
  { file: "operators", title: "People 사용자" },
  { file: "audit", title: "Audit 감사 로그" },
  { file: "integrity", title: "Integrity 정합성" },
  { file: "reports", title: "Reports 지연 시간" },
  { file: "platform", title: "Processes 프로세스" },
];

const pathOf = (domain: { file: string }) => `prisma/models/${domain.file}.prisma`;

/** The data dictionary as Markdown. Throws when models stand in a file that is no domain here. */
export function renderDictionary({ tables, enums }: DataDescription): string {
  const stray = [...tables, ...enums].find(({ path }) => !domains.some((domain) => pathOf(domain) === path));
  if (stray) throw new Error(`${stray.path} has no title among the domains of the data dictionary`);
  return `${[
    introduction,
    "## Owners 담당",
    renderOwners(tables),
    "## Retention 보존 기간",
    renderRetentions(tables),
    "## Personal data and secrets 개인정보와 비밀값",
    renderCareful(tables),
    ...domains.flatMap((domain) => [
      `## ${domain.title}`,
      ...tables.filter(({ path }) => path === pathOf(domain)).map(renderTable),
      ...enums.filter(({ path }) => path === pathOf(domain)).map(renderEnum),
    ]),
  ].join("\n\n")}\n`;
}

const introduction = `# Data dictionary 데이터 기준 정의서

What every table, column and value means, in which unit it counts, who answers for it and how long it is kept: what planning, settlement and database people agreed on, in one place. It is made by \`npm run docs\` of the comments in \`prisma/models\`; to change it, change them. A test fails when a comment is missing or this file is not what they say, and another when the migrations build anything else than the schema; triggers, CHECKs and indexes stand in \`prisma/migrations\`. Prisma's own table \`_prisma_migrations\` is not in it.

**Units 단위.** Where a column's name and type say its unit, they follow one convention; elsewhere its comment says it.

| name or type | unit |
|---|---|
| \`…_minor\` | minor units of the row's \`currency\`, or of KRW, where one is one won; never a fraction, negative only where it says so |
| \`timestamptz\` | an instant, stored in UTC, shown in Korean time; to 1 ms, or to 1 µs where it says \`(6)\` |
| \`…_date\` | a business date: the day in Seoul on which something counts |
| \`…_ms\` | milliseconds |
| \`…_e5\` | 1/100,000: 2,100 is 2.1 % |
| \`…_count\`, \`byte_count\` | how many, bytes |
| \`…_no\` of a number, \`generation\` | an ordinal, from 1 |
| text, keys, \`boolean\`, \`jsonb\`, enums | none |

**Marks 표시.** \`key\` is (part of) the primary key, \`unique\` is unique alone, \`personal\` is personal data (개인정보), \`secret\` opens something or would help to. A dot (·) under *null* means that the column always has a value.`;

function renderOwners(tables: readonly Table[]): string {
  const rows = (Object.keys(owners) as Owner[]).map((owner) => [
    `${owner} ${owners[owner].ko}`,
    owners[owner].answersFor,
    listed(tables.filter((table) => table.owner === owner)),
  ]);
  return renderRows(["owner", "answers for", "tables"], rows);
}

/** Each retention once, in the order in which it is first met, with what is kept so. */
function renderRetentions(tables: readonly Table[]): string {
  const kept = new Map<string, { retention: Retention; what: string[] }>();
  const add = (retention: Retention, what: string) => {
    const { period, basis, end } = retention;
    const text = [period, basis, end].join("\n");
    kept.set(text, { retention, what: [...(kept.get(text)?.what ?? []), what] });
  };
  for (const table of tables) {
    add(table.retention, linkTo(table));
    for (const { name, retention } of table.columns)
      if (retention) add(retention, `${linkTo(table)}.\`${name}\``);
  }
  const rows = [...kept.values()].map(({ retention, what }) => [
    retention.period,
    retention.basis,
    retention.end,
    what.join(", "),
  ]);
  return `A period is how long something must be kept at least, or, where something ends it, how long it is kept. *Our choice* is one that no law asks for; legal ones are to be confirmed by counsel before production (시행령 §12 was read as of 2021; what it lets go after a year, such as approvals up to 10,000 won, is kept with the others). 안전성 확보조치 기준 is 개인정보의 안전성 확보조치 기준: one year, two from 50,000 people on, so two. Where nothing deletes it, whoever runs the platform decides what becomes of it after the period. A column has the owner and the retention of its table unless its own are said.

${renderRows(["period", "what asks for it", "what ends it", "kept so"], rows)}`;
}

function renderCareful(tables: readonly Table[]): string {
  const rows = tables.flatMap((table) =>
    table.columns
      .filter(({ isPersonal, isSecret }) => isPersonal || isSecret)
      .map((column) => [
        `${linkTo(table)}.\`${column.name}\``,
        column.isSecret ? "secret" : "personal",
        column.meaning,
      ]),
  );
  return renderRows(["column", "", "meaning"], rows);
}

function renderTable(table: Table): string {
  const { period, basis, end } = table.retention;
  const facts = [
    table.korean,
    `model \`${table.model}\``,
    `owner ${table.owner} ${owners[table.owner].ko}`,
    `kept ${period} (${basis}; ${end})`,
  ].filter(Boolean);
  const rows = table.columns.map((column) => [
    `\`${column.name}\``,
    column.type,
    column.isNullable ? "null" : "·",
    column.unit,
    meaningOf(column),
    marksOf(column),
  ]);
  return `### ${table.name}

${table.meaning} ${facts.join(" · ")}.

${renderRows(["column", "type", "null", "unit", "meaning", "marks"], rows)}`;
}

function renderEnum({ name, korean, meaning, values }: Enumeration): string {
  return `### ${name}

${meaning} ${[korean, "enum"].filter(Boolean).join(" · ")}.

${renderRows(
  ["value", "meaning"],
  values.map((value) => [`\`${value.name}\``, meaningOf(value)]),
)}`;
}

function meaningOf({ korean, meaning }: Readonly<{ korean: string; meaning: string }>): string {
  return korean ? `**${korean}** ${meaning}` : meaning;
}

function marksOf({ isKey, isUnique, isPersonal, isSecret, retention }: Column): string {
  return [
    isKey ? "key" : "",
    isUnique ? "unique" : "",
    isPersonal ? "personal" : "",
    isSecret ? "secret" : "",
    retention ? `kept ${retention.period}` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

const linkTo = ({ name }: Readonly<{ name: string }>) => `[${name}](#${name})`;
const listed = (tables: readonly Table[]) => tables.map(linkTo).join(", ");

function renderRows(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}
