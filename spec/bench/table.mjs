// Results as a Markdown table.

const round = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
const ratio = ({ median, low, high }) => `${round(median)} × (${round(low)}–${round(high)})`;
const amount = (value) => Math.round(Number(value.toPrecision(2))).toLocaleString('en');

export const reached = ({
  ratio: { median } = {},
  value = median,
  least = -Infinity,
  most = Infinity,
  failed = false,
}) => !failed && value >= least && value <= most;

const target = ({ least, most, value, unit = '×' }) => {
  const bound = least === undefined ? `≤ ${round(most)}` : `≥ ${round(least)}`;
  return value === undefined ? `${bound} ×` : `${bound} ${unit}`;
};

function measured(result) {
  if (result.value !== undefined) return `${round(result.value)} ${result.unit}`;
  return ratio(result.ratio);
}

function remarks({ rates, cpuEach, bytes, beside = {}, note }) {
  const each = (values, unit) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${amount(value)} ${unit}`)
      .join(', ');
  return [
    note,
    rates && each(rates, '/s'),
    cpuEach &&
      Object.entries(cpuEach)
        .map(([name, value]) => `${name} ${round(value)} µs`)
        .join(', '),
    bytes && each(bytes, 'B'),
    ...Object.entries(beside).map(([name, value]) => `${name} ${ratio(value)}`),
  ]
    .filter(Boolean)
    .join('; ');
}

const cells = (result) => [
  result.workload + (result.bufferUtil ? ', with `bufferutil`' : ''),
  result.against === 'nothing' ? '' : result.against,
  measured(result),
  result.cpu ? ratio(result.cpu) : '',
  target(result),
  reached(result) ? 'yes' : '**no**',
  remarks(result),
];

const head = ['workload', 'against', 'ratio (quarters)', 'by CPU', 'to reach', 'reached', 'beside'];

export const line = (result) => `| ${cells(result).join(' | ')} |`;
export const heading = `| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|`;
