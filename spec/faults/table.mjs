// Results as a Markdown table.

const cell = (text) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');

const MOST = 3;
const listed = (problems) =>
  problems.slice(0, MOST).join('; ') + (problems.length > MOST ? `; and ${problems.length - MOST} more` : '');

function outcome({ ok, problems, note, noticed, left }) {
  if (ok) return ['as expected', note].filter(Boolean).join(': ');
  const reasons = [
    listed(problems),
    left.length > 0 && 'something is left',
    noticed === false && 'the control fails',
  ];
  return `**not as expected**: ${reasons.filter(Boolean).join('; ')}`;
}

function leftBehind({ left, kib }) {
  const memory = kib === undefined ? [] : [`${Math.max(0, Math.round(kib))} KiB`];
  return left.length > 0 ? left.join(', ') : ['nothing', ...memory].join(', ');
}

function canFail({ control }) {
  if (control === undefined) return '';
  const { what, problems } = control;
  return problems.length === 0 ? what : `${what}: ${problems[0]}`;
}

export const heading =
  '| fault | expected | outcome | left behind | the check can fail |\n|---|---|---|---|---|';

export const row = (result) =>
  `| ${[result.fault, result.expected, outcome(result), leftBehind(result), canFail(result)]
    .map(cell)
    .join(' | ')} |`;
