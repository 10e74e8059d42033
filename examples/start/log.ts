// The list of what went over the connections, newest first.

export interface Entry {
  readonly path: string;
  readonly kind: 'in' | 'out' | 'state';
  readonly what: string;
}

const arrows = { in: '↓ in', out: '↑ out', state: '•' };
const maxRows = 200;
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** 12:34:56.789 */
const now = () => {
  const date = new Date();
  return `${clock.format(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};

/** Shows entries as rows of a table's body. */
export function addTo(rows: HTMLTableSectionElement): (entry: Entry) => void {
  return ({ path, kind, what }) => {
    const row = rows.insertRow(0);
    row.dataset.kind = kind;
    for (const text of [now(), path, arrows[kind], what]) row.insertCell().textContent = text;
    while (rows.rows.length > maxRows) rows.deleteRow(-1);
  };
}
