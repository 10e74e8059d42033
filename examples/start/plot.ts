// Lines of what was so in the last half minute, in the svg elements of the page.

const spanMs = 30_000;
/** What stands further apart is not joined: nothing was told of the time between. */
const gapMs = 1_000;

/** Draws the paths of `section`: each has the name of its value (`data-line`), each svg its greatest value (`data-max`). */
export function plot(section: HTMLElement): (values: object) => void {
  const samples: { at: number; values: Record<string, unknown> }[] = [];
  const paths = [...section.querySelectorAll<SVGPathElement>('path[data-line]')];

  const line = (name: string, max: number) => {
    const end = samples.at(-1)!.at;
    let last = -Infinity;
    return samples
      .map(({ at, values }) => {
        const command = at - last > gapMs ? 'M' : 'L';
        last = at;
        const x = 300 * (1 - (end - at) / spanMs);
        const y = 100 * (1 - Number(values[name]) / max);
        return `${command}${x.toFixed(1)} ${y.toFixed(1)}`;
      })
      .join('');
  };

  return (values) => {
    const at = performance.now();
    samples.push({ at, values: { ...values } });
    while (samples[0]!.at < at - spanMs) samples.shift();
    for (const path of paths)
      path.setAttribute('d', line(path.dataset.line!, Number(path.ownerSVGElement!.dataset.max)));
  };
}
