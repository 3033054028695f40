import type { Cells, Column } from "#server/exports/domain/table.ts";
import { dateSerial, seoulSerial } from "#server/exports/domain/table.ts";

// A workbook is a ZIP of XML documents. The one that grows is the sheet, a flat list of rows: it is written a part at a
// time, and parts that were deflated apart are one deflated document when they stand one after the other.

/** Cell formats, by their place in `styles`. */
const style = {
  text: 1,
  amount: 2,
  count: 3,
  time: 4,
  date: 5,
  head: 6,
  totalText: 7,
  totalAmount: 8,
} as const;

/** Excel cuts a cell at so many characters, and calls a file with a longer one broken. */
const cellCharsMax = 32_767;
/** Beyond this a spreadsheet rounds: such a sum stays exact as a text. */
const exactMax = 999_999_999_999_999n;

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const mainSpace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const officeSpace = "http://schemas.openxmlformats.org/officeDocument/2006";
const packageSpace = "http://schemas.openxmlformats.org/package/2006";

/** What XML cannot say, said as the format says it (ECMA-376, ST_Xstring), and what would be read as that. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML refuses
const unsayable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|_(?=x[0-9A-Fa-f]{4}_)/g;
const special = /[&<>\r]/g;
const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };

/** Most texts have nothing of all that, and are as they are. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const careful = /[&<>\u0000-\u001F\uD800-\uDFFF\uFFFE\uFFFF]|_x/;

function xmlText(text: string): string {
  if (text.length <= cellCharsMax && !careful.test(text)) return text;
  return text
    .slice(0, cellCharsMax)
    .toWellFormed()
    .replace(
      unsayable,
      (sign) =>
        `_x${(sign === "_" ? 0x5f : sign.charCodeAt(0)).toString(16).toUpperCase().padStart(4, "0")}_`,
    )
    .replace(special, (sign) => entities[sign] ?? sign);
}

/** `A`, `B`, … `Z`, `AA`. */
export function columnName(index: number): string {
  return index < 26
    ? String.fromCharCode(65 + index)
    : columnName(Math.floor(index / 26) - 1) + columnName(index % 26);
}

function textCell(at: string, text: string, styleNo: number): string {
  // Inline and of text format, so that it never is a formula, not even when somebody edits it.
  return `<c r="${at}" s="${styleNo}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

function numberCell(at: string, value: number | string, styleNo: number): string {
  return `<c r="${at}" s="${styleNo}"><v>${value}</v></c>`;
}

/** The beginning of the sheet: the headings are its first row, which stays in sight. */
export function sheetHead(columns: readonly Column[]): Buffer {
  const widths = columns
    .map(
      ({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
    )
    .join("");
  const headings = columns
    .map(({ heading }, index) => textCell(`${columnName(index)}1`, heading, style.head))
    .join("");
  return Buffer.from(
    `${declaration}<worksheet xmlns="${mainSpace}"><sheetViews><sheetView tabSelected="1" workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${widths}</cols><sheetData><row r="1">${headings}</row>`,
  );
}

/** Rows of the sheet; `firstRowNo` is the first one's, of which the headings have 1. */
export function sheetRows(columns: readonly Column[], rows: readonly Cells[], firstRowNo: number): Buffer {
  const names = columns.map((_, index) => columnName(index));
  let xml = "";
  let rowNo = firstRowNo;
  for (const cells of rows) {
    xml += `<row r="${rowNo}">`;
    for (const [index, { type }] of columns.entries()) {
      const cell = cells[index];
      if (cell === null || cell === undefined) continue;
      const at = `${names[index]}${rowNo}`;
      if (type === "text") xml += textCell(at, String(cell), style.text);
      else if (type === "time") xml += numberCell(at, seoulSerial(Number(cell)), style.time);
      else if (type === "date") xml += numberCell(at, dateSerial(String(cell)), style.date);
      else xml += numberCell(at, cell, style[type]);
    }
    xml += "</row>";
    rowNo++;
  }
  return Buffer.from(xml);
}

/** The sums below the rows: one line for each, with its label in the first column. */
export type TotalLine = Readonly<{ label: string; sums: ReadonlyMap<string, bigint> }>;

/** The end of the sheet: the totals, and a filter on the rows above them. */
export function sheetTail(
  columns: readonly Column[],
  totals: readonly TotalLine[],
  rowCount: number,
): Buffer {
  let xml = "";
  for (const [line, { label, sums }] of totals.entries()) {
    const rowNo = rowCount + 2 + line;
    const cells = columns.map(({ key, total }, index) => {
      const at = `${columnName(index)}${rowNo}`;
      if (index === 0) return textCell(at, label, style.totalText);
      const sum = total ? sums.get(key) : undefined;
      if (sum === undefined) return `<c r="${at}" s="${style.totalText}"/>`;
      return sum > exactMax || sum < -exactMax
        ? textCell(at, String(sum), style.totalText)
        : numberCell(at, String(sum), style.totalAmount);
    });
    xml += `<row r="${rowNo}">${cells.join("")}</row>`;
  }
  const last = `${columnName(columns.length - 1)}${rowCount + 1}`;
  return Buffer.from(`${xml}</sheetData><autoFilter ref="A1:${last}"/></worksheet>`);
}

/** A second sheet that says what the file is: pairs of a name and a text. */
function aboutSheet(about: readonly (readonly [string, string])[]): string {
  const rows = about.map(
    ([name, text], index) =>
      `<row r="${index + 1}">${textCell(`A${index + 1}`, name, style.head)}${textCell(`B${index + 1}`, text, style.text)}</row>`,
  );
  return `${declaration}<worksheet xmlns="${mainSpace}"><cols><col min="1" max="1" width="20" customWidth="1"/><col min="2" max="2" width="80" customWidth="1"/></cols><sheetData>${rows.join("")}</sheetData></worksheet>`;
}

const sheetPath = "xl/worksheets/sheet1.xml";

/** Every document of the workbook but its sheet, whose place is `sheetPath`. */
export function workbookParts(
  names: Readonly<{ sheet: string; about: string }>,
  about: readonly (readonly [string, string])[],
): Readonly<{ sheetPath: string; others: readonly Readonly<{ path: string; xml: string }>[] }> {
  const sheetType = `${officeSpace}/relationships/worksheet`;
  const contentType = (part: string, type: string) =>
    `<Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${type}+xml"/>`;
  const sheetName = (name: string) => xmlText(name.slice(0, 31)).replaceAll('"', "&quot;");
  return {
    sheetPath,
    others: [
      {
        path: "[Content_Types].xml",
        xml: `${declaration}<Types xmlns="${packageSpace}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${contentType("xl/workbook.xml", "sheet.main")}${contentType(sheetPath, "worksheet")}${contentType("xl/worksheets/sheet2.xml", "worksheet")}${contentType("xl/styles.xml", "styles")}</Types>`,
      },
      {
        path: "_rels/.rels",
        xml: `${declaration}<Relationships xmlns="${packageSpace}/relationships"><Relationship Id="rId1" Type="${officeSpace}/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      },
      {
        path: "xl/workbook.xml",
        xml: `${declaration}<workbook xmlns="${mainSpace}" xmlns:r="${officeSpace}/relationships"><sheets><sheet name="${sheetName(names.sheet)}" sheetId="1" r:id="rId1"/><sheet name="${sheetName(names.about)}" sheetId="2" r:id="rId2"/></sheets></workbook>`,
      },
      {
        path: "xl/_rels/workbook.xml.rels",
        xml: `${declaration}<Relationships xmlns="${packageSpace}/relationships"><Relationship Id="rId1" Type="${sheetType}" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${sheetType}" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="${officeSpace}/relationships/styles" Target="styles.xml"/></Relationships>`,
      },
      { path: "xl/styles.xml", xml: styles },
      { path: "xl/worksheets/sheet2.xml", xml: aboutSheet(about) },
    ],
  };
}

const cellFormat = (numberFormat: number, font = 0, fill = 0) =>
  `<xf numFmtId="${numberFormat}" fontId="${font}" fillId="${fill}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>`;
/** Built-in formats: 49 is text, 3 is `#,##0`, 1 is `0`; those from 164 on are ours. */
const styles = `${declaration}<styleSheet xmlns="${mainSpace}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="맑은 고딕"/></font><font><b/><sz val="11"/><name val="맑은 고딕"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF2F4F6"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="9">${[
  cellFormat(0),
  cellFormat(49),
  cellFormat(3),
  cellFormat(1),
  cellFormat(164),
  cellFormat(165),
  cellFormat(49, 1, 2),
  cellFormat(49, 1, 2),
  cellFormat(3, 1, 2),
].join(
  "",
)}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
