/** How many lines one link of the seal covers: memory does not grow with a settlement. */
const linesPerLink = 1_000;

const lineFacts = `ROW(line_no, kind, event_key, payment_id, cancel_id, event_date, amount_minor, fee_minor, fee_vat_minor, net_minor, balance_before_minor,
  contract_id, fee_rate_e5, fee_rounding, is_fee_refundable)::text`;

/** The seal of a settlement as SQL: SHA-256 over its lines in order. `settlement` is the parameter or column with its id. */
export const sealOf = (
  settlement: string,
): string => `(SELECT sha256(string_agg(link.hash, ''::bytea ORDER BY link.place)) FROM (
    SELECT (line_no - 1) / ${linesPerLink} AS place, sha256(convert_to(string_agg(${lineFacts}, E'\\n' ORDER BY line_no), 'UTF8')) AS hash
    FROM settlement_line WHERE settlement_id = ${settlement} GROUP BY 1) link)`;
